import { to18 } from '../ids.ts';

/** A person or program that acts in the org. */
export interface OrgUser {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly userType: string;
}

const user = (id15: string, username: string, name: string, userType: string): OrgUser => ({
  id: to18(id15),
  username: `${username}@local-org.example`,
  name,
  userType,
});

/** The org's users. The sync logs in as `integration`; automation acts as `automation`; `admin` is a person. */
export const USERS = {
  integration: user('005ZZ000000Sync', 'integration', 'Property Sync', 'Standard'),
  automation: user('005ZZ000000Auto', 'automation', 'Automated Process', 'AutomatedProcess'),
  admin: user('005ZZ000000Admn', 'admin', 'Ada Admin', 'Standard'),
} as const;

export type UserName = keyof typeof USERS;

/** The id of the org itself. */
export const ORG_ID = to18('00DZZ0000000001');
