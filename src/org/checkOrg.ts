import type { Connection } from '@salesforce/core';
import type { Finding } from '../../middleware/src/contracts/doctor.ts';
import { isLoopback } from '../isLoopback.ts';
import { compareField, type DescribedField } from './compareField.ts';
import { countSurplusRows } from './countSurplusRows.ts';
import { describeObject } from './describeObject.ts';
import { componentKey } from './packageComponent.ts';
import { customerObjects, packageNames } from './packageNames.ts';
import { readAutomation } from './readAutomation.ts';
import { readCredential } from './readCredential.ts';
import { readHolders } from './readHolders.ts';
import { readOrgComponents } from './readOrgComponents.ts';
import { readPackage, type SourcePackage } from './readPackage.ts';

export interface CheckOrgOptions {
  /** Default: the plugin's own package. */
  readonly source?: SourcePackage;
  /** Where the middleware is known to be; the named credential is held against it. */
  readonly middlewareUrl?: string;
}

type Seen = Omit<Finding, 'check'>;
type Objects = ReadonlyMap<string, ReadonlyMap<string, DescribedField> | null>;

/** Where named credentials point as they come. */
const placeholderHost = 'middleware.example.com';

/** Below this share of the daily API calls a run may not come to its end. */
const lowShare = 0.2;

/**
 * Looks at an org as the user who is logged in and says what it saw and what to do; writes nothing. A fixed number of
 * API calls, whatever the org holds. A question which this user may not ask is a warning, never a failure.
 */
export async function checkOrg(connection: Connection, options: CheckOrgOptions = {}): Promise<Finding[]> {
  const source = options.source ?? readPackage();
  const objects = readObjects(connection);
  const existing = readOrgComponents(connection, ['CustomObject', 'CustomField']);
  const holders = readHolders(connection);
  const credential = readCredential(connection);
  const automation = readAutomation(connection);
  // Each check meets the failure of what it asked for; until one looks, nobody does.
  for (const answer of [objects, existing, holders, credential]) answer.catch(() => undefined);

  const checks: readonly (readonly [string, () => Promise<Seen>])[] = [
    ['org.fields', async () => judgeFields(source, await objects, await existing)],
    ['org.key', async () => await judgeKey(connection, await objects)],
    ['org.permissionSets', async () => judgePermissionSets((await holders).missing)],
    ['org.assignment', async () => judgeAssignment((await holders).heldByUser)],
    ['org.integrationUser', async () => judgeIntegrationUser((await holders).integrationUsers)],
    [
      'org.credentialUrl',
      async () => judgeUrl((await credential).url, options.middlewareUrl ?? null, connection.instanceUrl),
    ],
    ['org.credentialSecret', async () => judgeSecret(await credential)],
    ['org.flows', async () => judgeAutomation('active Flow', await automation.flows)],
    ['org.triggers', async () => judgeAutomation('active Apex trigger', await automation.triggers)],
    ['org.validationRules', async () => judgeRules('validation rule', await automation.validationRules)],
    ['org.duplicateRules', async () => judgeRules('duplicate rule', await automation.duplicateRules)],
    ['org.apiLimits', async () => judgeLimits(await readDailyCalls(connection))],
  ];
  return await Promise.all(
    checks.map(async ([check, look]) => ({ check, ...(await look().catch(notAllowed)) })),
  );
}

const ok = (finding: string, details: readonly string[] = []): Seen => ({
  level: 'ok',
  finding,
  action: null,
  details: [...details],
});
const warning = (finding: string, action: string, details: readonly string[] = []): Seen => ({
  level: 'warning',
  finding,
  action,
  details: [...details],
});
const failure = (finding: string, action: string, details: readonly string[] = []): Seen => ({
  level: 'error',
  finding,
  action,
  details: [...details],
});

/** A question that this user, or this edition, was refused. */
function notAllowed(error: unknown): Seen {
  const message = error instanceof Error ? error.message : String(error);
  return warning(
    `This could not be looked at: ${message}`,
    'Ask as a user with View Setup and Configuration and Customize Application.',
  );
}

async function readObjects(connection: Connection): Promise<Objects> {
  return new Map(
    await Promise.all(
      customerObjects.map(async (object) => [object, await describeObject(connection, object)] as const),
    ),
  );
}

function judgeFields({ fields }: SourcePackage, objects: Objects, existing: ReadonlySet<string>): Seen {
  const wanted = [...fields.values()].filter(({ object }) => customerObjects.includes(object));
  const missingObjects = customerObjects.filter(
    (object) =>
      objects.get(object) == null && !existing.has(componentKey({ type: 'CustomObject', fullName: object })),
  );
  if (missingObjects.length > 0) {
    return failure(
      `The org has no object ${missingObjects.join(' and no ')}.`,
      'Run: sf sync deploy --with-objects',
    );
  }
  const unseen = wanted.filter(({ object, name }) => objects.get(object)?.has(name) !== true);
  const isThere = ({ object, name }: { object: string; name: string }): boolean =>
    existing.has(componentKey({ type: 'CustomField', fullName: `${object}.${name}` }));
  const missing = unseen.filter((field) => !isThere(field));
  const misfits = wanted.flatMap((field) => {
    const found = objects.get(field.object)?.get(field.name);
    const misfit = found === undefined ? null : compareField(field, found);
    return misfit === null ? [] : [`${field.object}.${field.name} ${misfit}`];
  });
  if (missing.length > 0 || misfits.length > 0) {
    return failure(
      `${missing.length} of ${wanted.length} fields are missing, and ${misfits.length} are of another kind.`,
      missing.length > 0 ? 'Run: sf sync deploy' : 'Change these fields in Setup > Object Manager.',
      [...missing.map(({ object, name }) => `${object}.${name} is missing`), ...misfits],
    );
  }
  const hidden = unseen.filter(isThere);
  return hidden.length > 0
    ? warning(
        `${hidden.length} of ${wanted.length} fields are there, and hidden from you.`,
        'Run: sf sync deploy --assign-permission-sets',
        hidden.map(({ object, name }) => `${object}.${name}`),
      )
    : ok(`All ${wanted.length} fields are there, of the right type and length.`);
}

async function judgeKey(connection: Connection, objects: Objects): Promise<Seen> {
  const { keyField, stagingObject } = packageNames;
  const key = objects.get(stagingObject)?.get(keyField);
  if (key === undefined) {
    return warning(
      `${keyField} is missing or hidden from you.`,
      'Run: sf sync deploy --assign-permission-sets',
    );
  }
  if (!key.externalId)
    return failure(`${keyField} is no External ID: nothing can be upserted.`, 'Run: sf sync deploy');
  if (key.unique) return ok(`${keyField} is External ID and Unique.`);
  const surplus = await countSurplusRows(connection);
  return surplus.rows === 0
    ? warning(`${keyField} is External ID, and not Unique.`, 'No key is there twice: run sf sync deploy.')
    : warning(
        `${keyField} cannot be Unique yet: ${surplus.isBounded ? 'at least ' : ''}${surplus.rows} surplus rows share ${surplus.keys} keys.`,
        'Delete or merge the surplus rows, then run sf sync deploy. Until then these properties are never sent.',
        surplus.examples,
      );
}

function judgePermissionSets(missing: readonly string[]): Seen {
  return missing.length === 0
    ? ok('The permission sets viewer, operator and integration are there.')
    : failure(`The org has no permission set ${missing.join(', ')}.`, 'Run: sf sync deploy');
}

function judgeAssignment(held: readonly string[]): Seen {
  const { viewer, operator } = packageNames.permissionSets;
  const lacking = [viewer, operator].filter((name) => !held.includes(name));
  return lacking.length === 0
    ? ok('You hold the viewer and the operator permission set.')
    : warning(`You do not hold ${lacking.join(' and ')}.`, 'Run: sf sync deploy --assign-permission-sets');
}

function judgeIntegrationUser(users: readonly string[]): Seen {
  const { integration } = packageNames.permissionSets;
  return users.length === 0
    ? warning(
        `Nobody holds ${integration}: the middleware cannot write.`,
        `Run: sf org assign permset --name ${integration} --on-behalf-of <integration user>`,
      )
    : ok(`${integration} is held by ${users.length === 1 ? 'one user' : `${users.length} users`}.`, users);
}

function judgeUrl(url: string | null, wanted: string | null, orgUrl: string): Seen {
  const { namedCredential } = packageNames;
  const action = 'Run: sf sync deploy --middleware-url <address>';
  if (url === null) return failure(`The org has no named credential ${namedCredential}.`, action);
  if (url.includes(placeholderHost)) {
    return warning(
      'The named credential has no address yet: Salesforce cannot reach the middleware.',
      action,
    );
  }
  if (wanted !== null && url.replace(/\/+$/, '') !== wanted) {
    return warning(`The named credential points to ${url}, and you are connected to ${wanted}.`, action);
  }
  if (isOnThisMachine(url) && !isOnThisMachine(orgUrl)) {
    return warning(
      `The named credential points to ${url}, which from Salesforce is Salesforce's own machine.`,
      'Give the middleware a public https address; then run: sf sync deploy --middleware-url <address>',
    );
  }
  return ok(`The named credential points to ${url}.`);
}

function isOnThisMachine(url: string): boolean {
  return isLoopback(URL.parse(url)?.hostname ?? '');
}

function judgeSecret({ hasSecret }: { readonly hasSecret: boolean }): Seen {
  return hasSecret
    ? ok('An API key is stored in the external credential.')
    : warning(
        'The external credential holds no API key: the middleware will refuse Salesforce.',
        'Run: sf sync deploy --middleware-url <address>, and give the key when asked, or by --key-stdin.',
      );
}

function judgeAutomation(what: string, names: readonly string[]): Seen {
  return names.length === 0
    ? ok(`No ${what} on ${packageNames.stagingObject}.`)
    : warning(
        `${countOf(what, names)} on ${packageNames.stagingObject}: every write of the sync starts it.`,
        'It is never bypassed. Watch the first run: it begins with small batches and pauses when records fail.',
        names,
      );
}

function judgeRules(what: string, names: readonly string[]): Seen {
  return names.length === 0
    ? ok(`No active ${what} on ${packageNames.stagingObject}.`)
    : warning(
        `${countOf(`active ${what}`, names)} on ${packageNames.stagingObject}: it may refuse rows of the sync.`,
        'Read it. If it is meant for people, let it except the integration user.',
        names,
      );
}

const countOf = (what: string, names: readonly string[]): string =>
  `${names.length} ${what}${names.length === 1 ? '' : 's'}`;

interface DailyCalls {
  readonly Max: number;
  readonly Remaining: number;
}

async function readDailyCalls(connection: Connection): Promise<DailyCalls> {
  const limits = await connection.request<{ DailyApiRequests: DailyCalls }>('/limits');
  return limits.DailyApiRequests;
}

function judgeLimits({ Max, Remaining }: DailyCalls): Seen {
  const text = `${Remaining.toLocaleString('en')} of ${Max.toLocaleString('en')} API calls are left today.`;
  return Remaining < Max * lowShare
    ? warning(text, 'Find what uses them in Setup > System Overview, or wait: they count over 24 hours.')
    : ok(text);
}
