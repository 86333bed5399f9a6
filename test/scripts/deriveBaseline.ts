/**
 * Derives from the CSV rows alone what docs/domain.md says of each property and group. It knows nothing of the
 * generator and shares no code with the product: the rules of §2.5, §3.3, §5, §6 and §8.2 are written here once more,
 * as plainly as possible.
 */
import { readTable, type CsvRow } from './readTable.ts';

export interface RawProperty {
  row: CsvRow;
  id: string;
  name: string;
  isLive: boolean;
  isActive: boolean;
  sfdcRaw: string | null;
  sfdc18: string | null;
  isPlaceholder: boolean;
  isBlank: boolean;
  isTest: boolean;
  isEligible: boolean;
  groupKey: string;
  wide: CsvRow | undefined;
  allWide: CsvRow[];
  flags: boolean[];
  dates: (string | null)[];
  ownRows: CsvRow[];
  group: Group | undefined;
  companyName: string | null;
  className: string;
  changes: string[];
}

export interface Group {
  key: string;
  members: RawProperty[];
  flags: boolean[];
  dates: (string | null)[];
}

export interface RawBaseline {
  properties: RawProperty[];
  groups: Group[];
  byId: Map<string, RawProperty>;
  companies: Map<string, CsvRow>;
  wide: CsvRow[];
  tall: CsvRow[];
  events: CsvRow[];
  features: CsvRow[];
  staging: CsvRow[];
  production: CsvRow[];
}

export const prefixes = ['idv', 'bank_linking', 'payroll_linking', 'iv', 'fraud'];
const stems = [
  'ID_Verification',
  'Bank_Linking',
  'Connected_Payroll',
  'Income_Verification',
  'Fraud_Detection',
];
export const flagFields = stems.map((stem) => `${stem}_Enabled__c`);
export const dateFields = stems.map((stem) => `${stem}_Start_Date__c`);

const testWords =
  /\b(test|demo|sample|staging|qa|dev|sandbox|training|dummy|fake|temp|do not|delete|remove|duplicate)\b/i;
export const testSubstrings =
  /test|demo|sample|staging|qa|dev|sandbox|training|dummy|fake|temp|do not|delete|remove|duplicate/i;

export function isRight18(id: string): boolean {
  return /^[0-9A-Za-z]{18}$/.test(id) && to18(id.slice(0, 15)) === id;
}

function to18(id15: string): string {
  const suffix = [0, 5, 10].map((start) => {
    const bits = Array.from(id15.slice(start, start + 5), (letter, place) =>
      /[A-Z]/.test(letter) ? 2 ** place : 0,
    );
    return 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'.charAt(bits.reduce((sum, bit) => sum + bit, 0));
  });
  return id15 + suffix.join('');
}

function validSfdc(raw: string | null): string | null {
  const id = (raw ?? '').trim();
  if (!/^a01[0-9A-Za-z]{12}([A-Z0-5]{3})?$/.test(id)) return null;
  const id18 = to18(id.slice(0, 15));
  return id.length === 15 || id === id18 ? id18 : null;
}

export function text(value: string | null | undefined): string | null {
  const clean = (value ?? '')
    .replace(/\p{Cc}/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return clean === '' ? null : clean;
}

const stateNames: Record<string, string> = {
  ALABAMA: 'AL', ALASKA: 'AK', ARIZONA: 'AZ', ARKANSAS: 'AR', CALIFORNIA: 'CA', COLORADO: 'CO', CONNECTICUT: 'CT',
  DELAWARE: 'DE', 'DISTRICT OF COLUMBIA': 'DC', FLORIDA: 'FL', GEORGIA: 'GA', HAWAII: 'HI', IDAHO: 'ID',
  ILLINOIS: 'IL', INDIANA: 'IN', IOWA: 'IA', KANSAS: 'KS', KENTUCKY: 'KY', LOUISIANA: 'LA', MAINE: 'ME',
  MARYLAND: 'MD', MASSACHUSETTS: 'MA', MICHIGAN: 'MI', MINNESOTA: 'MN', MISSISSIPPI: 'MS', MISSOURI: 'MO',
  MONTANA: 'MT', NEBRASKA: 'NE', NEVADA: 'NV', 'NEW HAMPSHIRE': 'NH', 'NEW JERSEY': 'NJ', 'NEW MEXICO': 'NM',
  'NEW YORK': 'NY', 'NORTH CAROLINA': 'NC', 'NORTH DAKOTA': 'ND', OHIO: 'OH', OKLAHOMA: 'OK', OREGON: 'OR',
  PENNSYLVANIA: 'PA', 'RHODE ISLAND': 'RI', 'SOUTH CAROLINA': 'SC', 'SOUTH DAKOTA': 'SD', TENNESSEE: 'TN',
  TEXAS: 'TX', UTAH: 'UT', VERMONT: 'VT', VIRGINIA: 'VA', WASHINGTON: 'WA', 'WEST VIRGINIA': 'WV',
  WISCONSIN: 'WI', WYOMING: 'WY',
}; // prettier-ignore

export function state(value: string | null | undefined): string | null {
  const upper = text(value)?.toUpperCase() ?? null;
  if (upper === null) return null;
  if (Object.values(stateNames).includes(upper)) return upper;
  return stateNames[upper] ?? null;
}

export const greatest = (row: CsvRow, column: string): string =>
  prefixes
    .map((prefix) => row[`${prefix}_${column}`] ?? '1900')
    .sort()
    .at(-1) ?? '1900';

/** §3.3: newest update, then newest enablement, then the staging id, NULL last. */
function reduceWide(rows: readonly CsvRow[]): CsvRow | undefined {
  const key = (row: CsvRow): string[] => [greatest(row, 'updated_at'), greatest(row, 'enabled_at')];
  return [...rows].sort((left, right) => {
    const [leftUpdated = '', leftEnabled = ''] = key(left);
    const [rightUpdated = '', rightEnabled = ''] = key(right);
    return (
      rightUpdated.localeCompare(leftUpdated) ||
      rightEnabled.localeCompare(leftEnabled) ||
      (left['product_property_id'] ?? '~').localeCompare(right['product_property_id'] ?? '~')
    );
  })[0];
}

export const wideFlags = (row: CsvRow | undefined): boolean[] =>
  prefixes.map((prefix) => row?.[`${prefix}_enabled`] === 'true');

export const earliest = (dates: readonly (string | null)[]): string | null =>
  dates.filter((date): date is string => date !== null).sort()[0] ?? null;

/** Reads the files and derives what the rules say of each property and group. */
export async function readBaseline(dir: string): Promise<RawBaseline> {
  const tables = [
    'properties',
    'companies',
    'product_property_w_features',
    'property_features',
    'property_feature_events',
    'features',
    'Product_Property__c',
    'Property__c',
  ];
  const [
    rds = [],
    companyRows = [],
    wide = [],
    tall = [],
    events = [],
    features = [],
    staging = [],
    production = [],
  ] = await Promise.all(tables.map((table) => readTable(dir, table)));
  const companies = new Map(companyRows.map((row) => [row['id'] ?? '', row]));
  const wideById = Map.groupBy(wide, (row) => row['property_id']);
  const liveStaging = staging.filter((row) => row['IsDeleted'] === 'false');
  const rowsByKey = Map.groupBy(liveStaging, (row) => row['RDS_Property_ID__c']);
  const properties = rds.map((row) => readProperty(row, companies, wideById, rowsByKey));
  const groups = [
    ...Map.groupBy(
      properties.filter((property) => property.isEligible),
      (p) => p.groupKey,
    ),
  ].map(([key, members]) => readGroup(key, members));
  for (const property of properties) classify(property);
  const byId = new Map(properties.map((property) => [property.id, property]));
  return { properties, groups, byId, companies, wide, tall, events, features, staging, production };
}

function readProperty(
  row: CsvRow,
  companies: ReadonlyMap<string, CsvRow>,
  wideById: ReadonlyMap<string | null | undefined, CsvRow[]>,
  rowsByKey: ReadonlyMap<string | null | undefined, CsvRow[]>,
): RawProperty {
  const id = row['id'] ?? '';
  const name = row['name'] ?? '';
  const sfdcRaw = row['sfdc_id'] ?? null;
  const isLive = row['_fivetran_deleted'] !== 'true';
  const isActive = row['status'] === 'ACTIVE';
  const isPlaceholder = /^X+$/.test((sfdcRaw ?? '').trim());
  const sfdc18 = isPlaceholder ? null : validSfdc(sfdcRaw);
  const isTest = testWords.test(name);
  const allWide = wideById.get(id) ?? [];
  const best = reduceWide(allWide);
  const company = companies.get(row['company_id'] ?? '');
  return {
    row,
    id,
    name,
    isLive,
    isActive,
    sfdcRaw,
    sfdc18,
    isPlaceholder,
    isBlank: (sfdcRaw ?? '').trim() === '',
    isTest,
    isEligible: isLive && isActive && row['company_id'] !== null && !isPlaceholder && !isTest,
    groupKey: sfdc18 ?? id,
    wide: best,
    allWide,
    flags: wideFlags(best),
    dates: prefixes.map((prefix) => best?.[`${prefix}_enabled_at`] ?? null),
    ownRows: rowsByKey.get(id) ?? [],
    group: undefined,
    companyName: company?.['_fivetran_deleted'] === 'false' ? text(company['name']) : null,
    className: '',
    changes: [],
  };
}

function readGroup(key: string, members: RawProperty[]): Group {
  const flags = prefixes.map((_, feature) => members.some((member) => member.flags[feature]));
  const dates = prefixes.map((_, feature) =>
    earliest(
      members.map((member) => (member.flags[feature] === true ? (member.dates[feature] ?? null) : null)),
    ),
  );
  const group: Group = { key, members, flags, dates };
  for (const member of members) member.group = group;
  return group;
}

function classify(property: RawProperty): void {
  property.className = classOf(property);
  if (property.className !== 'existing') return;
  property.changes = changedFields(property);
  property.className = property.changes.length > 0 ? 'UPDATE' : 'IN_SYNC';
}

function classOf(property: RawProperty): string {
  if (!property.isLive) return 'SOURCE_DELETED';
  if (property.isPlaceholder) return 'PLACEHOLDER_SFDC';
  if (property.isTest) return 'TEST_NAME';
  if (property.row['company_id'] === null) return 'NO_COMPANY';
  if (!property.isActive && (property.row['status'] !== 'DISABLED' || property.ownRows.length === 0))
    return 'DISABLED';
  if (property.ownRows.length > 1) return 'CONFLICT';
  return property.ownRows.length === 0 ? 'CREATE' : 'existing';
}

/** What Salesforce must hold, by field, in the normal form; null = NULL. */
export function desiredRow(property: RawProperty): Record<string, string | null> {
  const { row, group } = property;
  const desired: Record<string, string | null> = {
    Name: text(row['name'])?.slice(0, 80) ?? null,
    Short_ID__c: text(row['short_id']),
    Company_ID__c: row['company_id'] ?? null,
    Company_Name__c: property.companyName,
    Street__c: text(row['address']),
    City__c: text(row['city']),
    State_Code__c: state(row['state']),
    Postal_Code__c: text(row['zip']),
    Status__c: row['status'] ?? null,
    Active_Property_Count__c: String(group?.members.length ?? 0),
    Is_Multi_Property__c: String((group?.members.length ?? 0) > 1),
    Contributing_Property_IDs__c:
      group?.members
        .map((member) => member.id)
        .sort()
        .join(';') ?? null,
    Source_Salesforce_ID__c: property.sfdc18,
  };
  flagFields.forEach((field, feature) => (desired[field] = String(group?.flags[feature] ?? false)));
  dateFields.forEach((field, feature) => (desired[field] = group?.dates[feature]?.slice(0, 10) ?? null));
  return desired;
}

const keptWhenNull = [
  'Name',
  'Short_ID__c',
  'Company_ID__c',
  'Company_Name__c',
  'Street__c',
  'City__c',
  'State_Code__c',
  'Postal_Code__c',
];

/** Cell by cell against the one own row, which already holds the normal form: no normalisation on this side. */
function changedFields(property: RawProperty): string[] {
  const [held] = property.ownRows;
  return Object.entries(desiredRow(property))
    .filter(
      ([field, wanted]) => held?.[field] !== wanted && !(wanted === null && keptWhenNull.includes(field)),
    )
    .map(([field]) => field);
}
