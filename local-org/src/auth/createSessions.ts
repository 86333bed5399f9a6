import { randomBytes, timingSafeEqual } from 'node:crypto';
import { ORG_ID, USERS, type OrgUser, type UserName } from './users.ts';

/** The connected app's credentials for the client-credentials flow. */
export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Access tokens and whose they are. */
export interface Sessions {
  readonly credentials: Credentials;
  issue(user: UserName): string;
  findUser(token: string): OrgUser | undefined;
  /** Ends one session. */
  end(token: string): void;
  /** Ends all sessions: every client has to log in again. */
  endAll(): void;
}

/** Credentials nobody can guess, new for each start. */
export const randomCredentials = (): Credentials => ({
  clientId: `3MVG9${randomBytes(24).toString('base64url')}`,
  clientSecret: randomBytes(32).toString('hex').toUpperCase(),
});

/** Equal without telling by the time it takes. */
export function isSameSecret(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}

export function createSessions(credentials: Credentials): Sessions {
  const users = new Map<string, OrgUser>();
  return {
    credentials,
    issue: (user) => {
      const token = `${ORG_ID.slice(0, 15)}!${randomBytes(48).toString('base64url')}`;
      users.set(token, USERS[user]);
      return token;
    },
    findUser: (token) => users.get(token),
    end: (token) => users.delete(token),
    endAll: () => users.clear(),
  };
}
