import { dateFields, flagFields, isRight18, type RawBaseline, type RawProperty } from './deriveBaseline.ts';
import type { CsvRow } from './readTable.ts';

const uuidV4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const timestamp = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const tallCodes = ['identity_verification', 'bank_linking', 'payroll_linking', 'income_verification'];
const hour = 3_600_000;

/** What no baseline may hold, at any size and seed: one line per kind of fault, with the first few cases. */
export function findFaults(baseline: RawBaseline, now: number): string[] {
  const { properties, companies, wide, tall, events, features, staging, production, byId } = baseline;
  const faults = new Map<string, string[]>();
  const check = (isRight: boolean, rule: string, what: string | null | undefined): void => {
    if (!isRight) faults.set(rule, [...(faults.get(rule) ?? []), String(what)]);
  };
  const checkIds = (
    rows: readonly CsvRow[],
    column: string,
    isRight: (id: string) => boolean,
    table: string,
  ): void => {
    const seen = new Set<string | null>();
    for (const row of rows) {
      const id = row[column] ?? null;
      check(id !== null && isRight(id), `${table} has well-formed ids`, id);
      check(!seen.has(id), `${table} has distinct ids`, id);
      seen.add(id);
    }
  };
  const isUuid = (id: string): boolean => uuidV4.test(id);
  const rds = properties.map((property) => property.row);
  const productionIds = new Set(production.map((row) => row['Id']));

  checkIds(rds, 'id', isUuid, 'properties');
  checkIds(rds, 'short_id', (id) => /^[0-9a-z]{10}$/.test(id), 'properties');
  checkIds([...companies.values()], 'id', isUuid, 'companies');
  checkIds(tall, 'id', isUuid, 'property_features');
  checkIds(events, 'id', isUuid, 'property_feature_events');
  checkIds(features, 'code', (code) => code !== '', 'features');
  checkIds(staging, 'Id', (id) => id.startsWith('a13') && isRight18(id), 'Product_Property__c');
  checkIds(production, 'Id', (id) => id.startsWith('a01') && isRight18(id), 'Property__c');
  check(features.length === 6, 'the catalogue has six features', String(features.length));

  for (const property of properties) checkProperty(check, property, companies, productionIds, now);
  for (const row of [...rds, ...companies.values(), ...tall, ...events, ...features]) {
    const age = now - Date.parse(row['_fivetran_synced'] ?? '');
    check(age > 0 && age < 50 * 60_000, 'every source row is fresh', row['id']);
  }
  for (const row of wide) {
    const property = byId.get(row['property_id'] ?? '');
    const stagingId = row['product_property_id'] ?? null;
    check(row['sfdc_id'] === property?.sfdcRaw, 'the wide table repeats sfdc_id', row['property_id']);
    check(
      stagingId === null || property?.ownRows.some((own) => own['Id'] === stagingId) === true,
      'the wide table names an own row',
      stagingId,
    );
  }
  checkTall(check, baseline);
  for (const row of staging) checkStaging(check, row, productionIds, now);
  checkProduction(check, baseline);
  return [...faults].map(
    ([rule, cases]) => `${rule}: ${cases.length} do not, as ${cases.slice(0, 3).join(' | ')}`,
  );
}

type Check = (isRight: boolean, rule: string, what: string | null | undefined) => void;

function checkProperty(
  check: Check,
  property: RawProperty,
  companies: ReadonlyMap<string, CsvRow>,
  productionIds: ReadonlySet<string | null | undefined>,
  now: number,
): void {
  const { row, id, sfdc18 } = property;
  const inserted = row['inserted_at'] ?? '';
  const updated = row['updated_at'] ?? '';
  check(timestamp.test(inserted) && timestamp.test(updated), 'properties have time stamps', id);
  check(
    inserted <= updated && Date.parse(updated) < now,
    'properties change after creation and before now',
    id,
  );
  check(row['company_id'] === null || companies.has(row['company_id'] ?? ''), 'every company exists', id);
  check(sfdc18 === null || productionIds.has(sfdc18), 'every valid id has a production record', id);
  for (const date of property.dates) check(date === null || Date.parse(date) < now, 'enablement is past', id);
}

/** Both feature sources tell the same of every live property, and the latest event is the state. */
function checkTall(check: Check, { properties, tall, events }: RawBaseline): void {
  const key = (row: CsvRow): string => `${row['property_id'] ?? ''} ${row['feature_code'] ?? ''}`;
  const states = new Map(tall.map((row) => [key(row), row]));
  check(states.size === tall.length, 'the tall table has one row per feature', String(tall.length));
  for (const { id, isLive, flags, dates } of properties) {
    if (!isLive) continue;
    tallCodes.forEach((code, feature) => {
      const isEnabled = states.get(`${id} ${code}`)?.['state'] === 'enabled';
      check(isEnabled === flags[feature], 'tall and wide agree', `${id} ${code}`);
    });
    check(dates[4] === null || flags[4] === true, 'fraud has no stale date', id);
  }
  const latest = new Map<string, CsvRow>();
  for (const row of events) {
    const before = latest.get(key(row))?.['inserted_at'] ?? '';
    if ((row['inserted_at'] ?? '') >= before) latest.set(key(row), row);
  }
  for (const [feature, row] of latest) {
    check(row['event_type'] === states.get(feature)?.['state'], 'the latest event is the state', feature);
  }
}

function checkStaging(
  check: Check,
  row: CsvRow,
  productionIds: ReadonlySet<string | null | undefined>,
  now: number,
): void {
  const id = row['Id'];
  const name = row['Name'] ?? '';
  check(name.trim() === name && name !== '' && name.length <= 80, 'staging names are valid', id);
  check(['ACTIVE', 'DISABLED'].includes(row['Status__c'] ?? ''), 'staging status is in the picklist', id);
  check(row['Property__c'] === null || productionIds.has(row['Property__c']), 'every lookup exists', id);
  flagFields.forEach((field, feature) => {
    const hasDate = row[dateFields[feature] ?? ''] !== null;
    check(row[field] === 'true' || !hasDate, 'a FALSE flag has no date', id);
  });
  const created = row['CreatedDate'] ?? '';
  const modified = row['LastModifiedDate'] ?? '';
  check(timestamp.test(created) && created <= modified, 'rows change after creation', id);
  check(Date.parse(modified) < now - 48 * hour, 'no row changed within 48 hours', id);
  check(row['SystemModstamp'] === modified, 'nothing but users changed the rows', id);
  check(
    isRight18(row['CreatedById'] ?? '') && isRight18(row['LastModifiedById'] ?? ''),
    'users have ids',
    id,
  );
}

/** Production shows the union and the earliest date of the linked rows that Salesforce holds as ACTIVE. */
function checkProduction(check: Check, { staging, production }: RawBaseline): void {
  const linked = Map.groupBy(
    staging.filter((row) => row['IsDeleted'] === 'false' && row['Status__c'] === 'ACTIVE'),
    (row) => row['Property__c'] ?? null,
  );
  for (const record of production) {
    const rows = linked.get(record['Id'] ?? null) ?? [];
    const name = record['Name'] ?? '';
    check(name !== '' && name.length <= 80, 'production names are valid', record['Id']);
    flagFields.forEach((field, feature) => {
      const dateField = dateFields[feature] ?? '';
      const dates = rows.flatMap((row) => row[dateField] ?? []).sort();
      const isOn = rows.some((row) => row[field] === 'true');
      check(record[field] === String(isOn), 'production flags are rolled up', record['Id']);
      check(record[dateField] === (dates[0] ?? null), 'production dates are rolled up', record['Id']);
    });
  }
}
