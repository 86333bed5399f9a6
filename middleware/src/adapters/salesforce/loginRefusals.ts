import { SyncError } from '../../errors.ts';

interface Refusal {
  /** OAuth error codes that it may come with; none stands for any. */
  readonly codes: readonly string[];
  readonly description?: RegExp;
  readonly action: string;
}

const app = 'Setup → External Client App Manager → the app → Policies';

/**
 * Why Salesforce refuses a login and what an admin does about it; the first that fits is told. Sources: Salesforce Help,
 * "OAuth 2.0 Authorization Errors" and "Prepare for Connected App Usage Restrictions Change", and reports of the
 * descriptions as people met them; none was provoked in a real org here.
 */
const refusals: readonly Refusal[] = [
  {
    codes: ['OAUTH_APP_BLOCKED'],
    action:
      'An admin has blocked the app, or the org admits only apps that are installed: unblock or install it in Setup → Connected Apps OAuth Usage.',
  },
  {
    codes: ['OAUTH_EC_APP_NOT_FOUND', 'app_not_found'],
    action:
      'The org does not have this app: create it there (docs/salesforce-login.md), or correct SALESFORCE_CLIENT_ID.',
  },
  {
    codes: ['OAUTH_APP_ACCESS_DENIED', 'OAUTH_APPROVAL_ERROR_GENERIC', 'access_denied'],
    action: `The app does not admit the integration user: give the user a permission set that ${app} lists as pre-authorized.`,
  },
  {
    codes: ['invalid_grant'],
    description: /hasn.t approved|not approved|not admin approved/i,
    action: `Nobody has approved the app for this user: set ${app} → Permitted Users to "Admin approved users are pre-authorized", and list a permission set of the integration user.`,
  },
  {
    codes: ['invalid_grant'],
    description: /no client credentials user|client credentials user/i,
    action: `The app does not know as whom to run: enter the integration user in ${app} → Client Credentials Flow → Run As.`,
  },
  {
    codes: ['invalid_grant', 'invalid_request'],
    description: /not supported on this domain|not enabled on this domain/i,
    action:
      "SALESFORCE_LOGIN_URL must be the org's own address (https://<name>.my.salesforce.com): client credentials are not served by login.salesforce.com.",
  },
  {
    codes: ['invalid_grant'],
    description: /audience/i,
    action:
      'Set SALESFORCE_JWT_AUDIENCE to https://login.salesforce.com, or to https://test.salesforce.com for a sandbox.',
  },
  {
    codes: ['invalid_grant'],
    description: /assertion|signature|expired authorization|jwt/i,
    action:
      'The certificate of the app does not belong to SALESFORCE_PRIVATE_KEY_FILE, or the clock of this machine is wrong: upload the certificate of this very key, and compare the time.',
  },
  {
    codes: ['invalid_grant'],
    description: /ip (restricted|address)|login hours/i,
    action: `The org does not admit this address or this hour: allow the address of the middleware in ${app} → IP Relaxation or in the login ranges of the user's profile.`,
  },
  {
    codes: ['invalid_grant'],
    description: /user (is )?(locked|inactive|not active)/i,
    action: 'Activate or unlock the integration user.',
  },
  { codes: ['inactive_user'], action: 'Activate the integration user.' },
  { codes: ['inactive_org'], action: 'The org is locked, closed or suspended: ask Salesforce.' },
  {
    codes: ['invalid_client_id', 'invalid_app_access'],
    action:
      'SALESFORCE_CLIENT_ID is not the consumer key of an app of this org; an app that was just made takes up to ten minutes.',
  },
  {
    codes: ['invalid_client'],
    action: 'SALESFORCE_CLIENT_SECRET is not the consumer secret of this app; it may have been rotated.',
  },
  {
    codes: ['unsupported_grant_type', 'unauthorized_client'],
    action: `The flow is not switched on in the app: enable Client Credentials Flow or JWT Bearer Flow in its OAuth settings and in ${app}.`,
  },
  {
    codes: ['invalid_grant'],
    action: `Check in ${app} that the flow is enabled and that the integration user is active and admitted.`,
  },
];

/**
 * A login that Salesforce refused, by the code and the description of its OAuth answer. A failure that is no refusal
 * leaves as it came.
 */
export function toLoginError(error: unknown): unknown {
  if (error instanceof SyncError || !(error instanceof Error)) return error;
  // jsforce keeps the code of an OAuth answer as the error's name, and the description as its message.
  const { name: code, message } = error;
  const refusal = refusals.find(
    ({ codes, description }) => codes.includes(code) && (description?.test(message) ?? true),
  );
  if (refusal === undefined) return error;
  return new SyncError('SALESFORCE_UNAUTHORIZED', `Salesforce refused the login: ${code}: ${message}.`, {
    action: refusal.action,
    cause: error,
  });
}
