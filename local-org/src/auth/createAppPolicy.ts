import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';

/**
 * Why the app turns everybody away, as the token endpoint says it: error and description as quoted in public threads and
 * Salesforce Help, "OAuth 2.0 Authorization Errors"; none was met on a real org.
 */
export const REFUSALS = {
  OAUTH_APP_BLOCKED: ['OAUTH_APP_BLOCKED', 'this app is blocked by admin'],
  OAUTH_APP_ACCESS_DENIED: ['OAUTH_APP_ACCESS_DENIED', 'user is not admin approved to access this app'],
  notApproved: ['invalid_grant', "user hasn't approved this consumer"],
  noRunAsUser: ['invalid_grant', 'no client credentials user enabled'],
  inactiveUser: ['inactive_user', 'user is inactive'],
  ipRestricted: ['invalid_grant', 'ip restricted'],
} as const satisfies Record<string, readonly [error: string, description: string]>;

/** What `PUT /__local/app` takes. */
export const appSettings = z.strictObject({
  /** PEM of the certificate, or of the public key, that assertions are verified with. */
  certificate: z
    .string()
    .nullable()
    .refine((pem) => pem === null || readKey(pem) !== undefined, 'is no certificate or public key in PEM'),
  refusal: z.enum(Object.keys(REFUSALS) as [keyof typeof REFUSALS]).nullable(),
});

export type AppSettings = z.infer<typeof appSettings>;

/** The External Client App through which programs log in. */
export interface AppPolicy {
  readonly settings: AppSettings;
  /** The key of the certificate. */
  readonly key: KeyObject | undefined;
  configure(settings: AppSettings): void;
  /** Turns nobody away; the certificate stays, as all credentials do. */
  reset(): void;
}

export function createAppPolicy(): AppPolicy {
  let settings: AppSettings = { certificate: null, refusal: null };
  return {
    get settings() {
      return settings;
    },
    get key() {
      return settings.certificate === null ? undefined : readKey(settings.certificate);
    },
    configure: (next) => {
      settings = next;
    },
    reset: () => {
      settings = { ...settings, refusal: null };
    },
  };
}

function readKey(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}
