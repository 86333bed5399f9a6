import {
  keyMapping,
  lookupField,
  productionObject,
  stagingObject,
  type FieldMapping,
} from '../contracts/index.ts';
import type { Crm, CrmUser, FieldDescription } from '../ports/crm.ts';
import type { Warehouse } from '../ports/warehouse.ts';
import { count, error, ok, warning, type Check, type Seen } from './check.ts';
import { countSurplus } from './countMirror.ts';
import { fieldRequirements } from './fieldRequirements.ts';
import { readLongest, readQueuedValues } from './readQueues.ts';

/** What the org was asked once, for every check that wants to know. */
export interface OrgAnswers {
  readonly user: Promise<CrmUser>;
  readonly fields: Promise<readonly FieldDescription[]>;
}

export interface SalesforceCheckDeps {
  readonly crm: Pick<Crm, 'apiUsage' | 'productionKeyPrefix'>;
  readonly warehouse: Warehouse;
  readonly settings: {
    readonly fieldMap: readonly FieldMapping[];
    /** `key.requireUnique` (docs/domain.md §4.1). */
    readonly isKeyUniqueRequired: boolean;
    /** Share of the day's API calls that is left to others, as a fraction of 1 (docs/domain.md §19). */
    readonly apiReserveShare: number;
  };
}

/** A rollout wants more than half of the day's calls free (docs/domain.md §11.2). */
const rolloutShare = 0.5;

/** What Salesforce must be for the sync to work. */
export function salesforceChecks(
  { crm, warehouse, settings }: SalesforceCheckDeps,
  { user, fields: described }: OrgAnswers,
): Check[] {
  const fields = async () => new Map((await described).map((field) => [field.field, field]));
  return [
    {
      name: 'salesforce.connection',
      async look() {
        const { username, userId, organizationId, instanceUrl } = await user;
        return ok(`Connected to ${instanceUrl} as ${username}.`, [
          `user ${userId}`,
          `organization ${organizationId}`,
        ]);
      },
    },
    {
      name: 'salesforce.apiBudget',
      async look() {
        await described;
        return judgeBudget(crm.apiUsage(), settings.apiReserveShare);
      },
    },
    { name: 'salesforce.fields', look: async () => judgeFields(await fields(), settings.fieldMap) },
    {
      name: 'salesforce.key',
      async look() {
        const surplus = await countSurplus(warehouse);
        return judgeKey((await fields()).get(keyMapping.field), surplus, settings.isKeyUniqueRequired);
      },
    },
    {
      name: 'salesforce.picklists',
      look: async () => judgePicklists(await fields(), settings.fieldMap, warehouse),
    },
    {
      name: 'salesforce.lengths',
      look: async () => judgeLengths(await fields(), settings.fieldMap, warehouse),
    },
    {
      name: 'salesforce.lookup',
      async look() {
        const prefix = await crm.productionKeyPrefix();
        const lookup = (await fields()).get(lookupField);
        if (lookup?.type === 'reference') {
          return ok(`${lookupField} can be read, and ${productionObject} too (ids begin with ${prefix}).`);
        }
        return error(
          lookup === undefined
            ? `${stagingObject}.${lookupField} does not exist, or the integration user may not read it.`
            : `${stagingObject}.${lookupField} is a ${lookup.type} and not a lookup.`,
          'Without it nobody can tell which rows the automation has linked: create the field, or let the user read it.',
        );
      },
    },
  ];
}

function judgeBudget(usage: { used: number; limit: number } | null, reserveShare: number): Seen {
  if (usage === null) {
    return warning(
      'Salesforce has not said how many API calls are used.',
      'Look at the API usage in the setup of the org.',
    );
  }
  const share = usage.limit === 0 ? 1 : usage.used / usage.limit;
  const percent = (part: number): string => `${(part * 100).toFixed(0)} %`;
  const said = `${count(usage.used, 'API call')} of ${usage.limit.toLocaleString('en-US')} used in the last 24 hours (${percent(share)}); ${percent(reserveShare)} are left to others.`;
  if (share > 1 - reserveShare) {
    return error(
      said,
      'Scheduled runs wait until calls are free again: find out who uses them, or raise the limit.',
    );
  }
  if (share > rolloutShare) return warning(said, 'The syncs go on, but wait with a rollout.');
  return ok(said);
}

function judgeFields(
  described: ReadonlyMap<string, FieldDescription>,
  fieldMap: readonly FieldMapping[],
): Seen {
  const requirements = fieldRequirements(fieldMap);
  const faults = requirements.flatMap(({ field, types, minLength, isUpdated }) => {
    const own = described.get(field);
    if (own === undefined) return [`${field} does not exist, or the integration user may not see it.`];
    const found: string[] = [];
    if (!types.includes(own.type)) found.push(`${field} is of type ${own.type}, not ${types.join(' or ')}.`);
    else if (minLength !== null && own.length !== null && own.length < minLength && own.type !== 'picklist') {
      found.push(`${field} holds ${count(own.length, 'character')}; ${String(minLength)} are needed.`);
    }
    if (!own.isCreateable) found.push(`${field} may not be set on create by the integration user.`);
    if (isUpdated && !own.isUpdateable) found.push(`${field} may not be changed by the integration user.`);
    return found;
  });
  if (faults.length === 0)
    return ok(`All ${String(requirements.length)} fields of ${stagingObject} are there and writable.`);
  return error(
    `${count(faults.length, 'fault')} in the fields of ${stagingObject}.`,
    'Create or correct the named fields, or give the integration user access to them.',
    faults,
  );
}

function judgeKey(
  key: FieldDescription | undefined,
  surplus: { rows: number; keys: number },
  isUniqueRequired: boolean,
): Seen {
  const said = `${count(surplus.rows, 'surplus row')} on ${count(surplus.keys, 'key')}`;
  const clean = `Remove the ${said} (a person chooses which rows survive), then set Unique on ${keyMapping.field}.`;
  if (key === undefined || !key.isExternalId) {
    return error(
      `${keyMapping.field} ${key === undefined ? 'does not exist, or the integration user may not see it' : 'is not an External ID'}.`,
      'Make it a text of 36 characters with External ID and, where the data allow it, Unique.',
    );
  }
  if (key.isUnique) return ok(`${keyMapping.field} is an External ID and unique.`);
  if (isUniqueRequired) {
    return error(
      `${keyMapping.field} is not unique, though the setting key.requireUnique asks for it; the mirror holds ${said}.`,
      surplus.rows === 0 ? `Set Unique on ${keyMapping.field}.` : clean,
    );
  }
  return warning(
    `${keyMapping.field} is not unique; the mirror holds ${said}, and no property of theirs is synced.`,
    surplus.rows === 0 ? `Set Unique on ${keyMapping.field}, and then key.requireUnique.` : clean,
  );
}

async function judgePicklists(
  described: ReadonlyMap<string, FieldDescription>,
  fieldMap: readonly FieldMapping[],
  warehouse: Warehouse,
): Promise<Seen> {
  const unknown: string[] = [];
  const checked: string[] = [];
  for (const { field, column } of fieldMap) {
    const offered = described.get(field)?.picklistValues;
    if (offered == null) continue;
    checked.push(`${field} offers ${offered.join(', ')}`);
    for (const { value, rows } of await readQueuedValues(warehouse, column)) {
      if (!offered.includes(value)) unknown.push(`${field} "${value}": ${count(rows, 'row')}`);
    }
  }
  if (unknown.length === 0)
    return ok('The org offers every picklist value that is about to be sent.', checked);
  return error(
    `${count(unknown.length, 'value')} about to be sent that the org does not offer.`,
    'Let an admin add the values to the picklists, or correct the source.',
    [...unknown, ...checked],
  );
}

async function judgeLengths(
  described: ReadonlyMap<string, FieldDescription>,
  fieldMap: readonly FieldMapping[],
  warehouse: Warehouse,
): Promise<Seen> {
  const texts = fieldMap.filter(({ field }) => {
    const own = described.get(field);
    return own?.length != null && own.picklistValues === null;
  });
  if (texts.length === 0) return ok('No text field is mapped.');
  const longest = await readLongest(warehouse, texts);
  const lines = [...longest].map(([field, length]) => ({
    field,
    length,
    max: described.get(field)?.length ?? 0,
  }));
  const said = ({ field, length, max }: (typeof lines)[number]): string =>
    `${field}: ${String(length)} of ${String(max)} characters`;
  const tooLong = lines.filter(({ length, max }) => length > max);
  if (tooLong.length === 0) return ok('Every text about to be sent fits its field.', lines.map(said));
  return error(
    `The longest text about to be sent is too long for ${count(tooLong.length, 'field')}.`,
    'Make the fields longer, or correct the source.',
    tooLong.map(said),
  );
}
