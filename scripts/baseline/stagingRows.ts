import { noFeatures, type GroupFeatures } from './featureDates.ts';
import { idTopic, keyPrefix, salesforceId, shortId, users, uuid } from './ids.ts';
import { features, flag, type PlannedProperty } from './plan.ts';
import { cityOf, companyName } from './propertyText.ts';
import { recycledCopy, type Scene } from './scene.ts';
import type { Cell, Row } from './tables.ts';
import { toDate, toTimestamp } from './timestamps.ts';

const topic = { created: 120, modified: 121, wrongDate: 122 } as const;

const day = 86_400;

/** What a staging row holds of its group, as Salesforce holds it. */
export interface StagingState extends GroupFeatures {
  readonly status: 'ACTIVE' | 'DISABLED';
  readonly count: number;
  readonly contributors: string | null;
}

/** Rows of `Product_Property__c`: own rows, surplus rows and recycled rows, one orphan and one keyless row. */
export function* stagingRows(scene: Scene): Generator<Row> {
  for (const property of scene.plan.properties) {
    for (let copy = 0; copy < property.liveRows; copy += 1) yield stagingRow(scene, property, copy);
    if (property.hasRecycledRow) yield stagingRow(scene, property, recycledCopy);
  }
  yield strayRow(scene, 1, uuid(scene.hash, idTopic.orphan, 1));
  yield strayRow(scene, 2, null);
}

/** The state of a property's row: what the rules expect (docs/domain.md §5), but for its planted difference. */
export function stagingState(scene: Scene, property: PlannedProperty): StagingState {
  const expected = expectedState(scene, property);
  const withFlag = (name: keyof typeof flag, isOn: boolean): StagingState => {
    const bit = flag[name];
    const dates = expected.dates.slice();
    if (name !== 'idv') dates[features.indexOf(name)] = isOn ? wrongDate(scene, property) : null;
    return { ...expected, flags: isOn ? expected.flags | bit : expected.flags & ~bit, dates };
  };
  switch (property.difference) {
    case 'idvOff':
      return withFlag('idv', false);
    case 'bankLinkingOff':
      return withFlag('bankLinking', false);
    case 'payrollOff':
      return withFlag('payroll', false);
    case 'incomeInsightsOn':
      return withFlag('incomeInsights', true);
    case 'stillActive':
      return { ...expected, ...stillActive(scene, property) };
    case 'stillActiveWithFlags': {
      const at = wrongDate(scene, property);
      const flags = flag.incomeInsights | flag.documentFraud;
      return { ...stillActive(scene, property), flags, dates: [null, null, null, at, at] };
    }
    case 'none':
    case 'name':
    case 'stateMissing':
      return expected;
  }
}

function expectedState(scene: Scene, property: PlannedProperty): StagingState {
  const status = property.isActive ? 'ACTIVE' : 'DISABLED';
  if (!property.isEligible) return { ...noFeatures, status, count: 0, contributors: null };
  const { members } = property.group;
  const contributors = members
    .map((member) => scene.propertyId(member))
    .sort()
    .join(';');
  return { ...scene.groupFeatures(property.group), status, count: members.length, contributors };
}

function stillActive(
  scene: Scene,
  property: PlannedProperty,
): Pick<StagingState, 'status' | 'count' | 'contributors'> {
  return { status: 'ACTIVE', count: 1, contributors: scene.propertyId(property) };
}

function wrongDate(scene: Scene, property: PlannedProperty): number {
  return property.insertedAt + (scene.hash(topic.wrongDate, property.number) % (300 * day));
}

function stagingRow(scene: Scene, property: PlannedProperty, copy: number): Row {
  const text = scene.text(property);
  const state = stagingState(scene, property);
  const name =
    property.difference === 'name' ? `The ${text.normalName}`.slice(0, 80).trimEnd() : text.normalName;
  const company = scene.plan.companies[property.company];
  const isRecycled = copy === recycledCopy;
  return [
    scene.stagingId(property, copy),
    isRecycled,
    name,
    scene.propertyId(property),
    shortId(scene.hash, property.number),
    company === undefined ? null : scene.companyId(company.number),
    company?.kind === 'named' ? companyName(scene.hash, company) : null,
    text.address,
    text.normalCity,
    property.difference === 'stateMissing' ? null : text.normalState,
    text.normalZip,
    state.status,
    ...featureCells(state),
    ...derivedCells(scene, state),
    property.group.hasId ? scene.productionId(property.group) : null,
    property.lookup === null || isRecycled ? null : scene.productionId(property.lookup),
    null,
    null,
    ...systemCells(scene, property, copy),
  ];
}

/** Count, checkbox and contributors of the group; an org that has just got the fields holds none, and a checkbox is off. */
function derivedCells(
  { plan: { variant } }: Scene,
  { count, contributors }: Pick<StagingState, 'count' | 'contributors'>,
): Cell[] {
  return variant === 'fresh-org' ? [null, false, null] : [count, count > 1, contributors];
}

/** Five checkboxes, then five dates. */
export function featureCells({ flags, dates }: GroupFeatures): Cell[] {
  return [
    ...features.map((_, feature) => (flags & (1 << feature)) !== 0),
    ...dates.map((at) => (at === null ? null : toDate(at))),
  ];
}

/** Created after the property and last changed at least two days ago: by automation, if it filled the lookup. */
function systemCells(scene: Scene, property: PlannedProperty, copy: number): Cell[] {
  const random = scene.hash(topic.created, property.number * (recycledCopy + 1) + copy);
  const created = Math.min(property.insertedAt + 600 + (random % (20 * day)), scene.plan.now - 6 * day);
  const latest = scene.plan.now - 2 * day - 600;
  const modified = created + (scene.hash(topic.modified, random) % (latest - created));
  const isEdited = property.difference === 'name' || property.difference === 'stateMissing';
  const lastUser = isEdited ? users.admin : property.lookup === null ? users.integration : users.automation;
  return [toTimestamp(created), users.integration, toTimestamp(modified), lastUser, toTimestamp(modified)];
}

/** A row that belongs to no RDS property: an orphan has a key that RDS does not know, a keyless row has none. */
function strayRow(scene: Scene, number: number, key: string | null): Row {
  const at = toTimestamp(scene.plan.now - 200 * day);
  return [
    salesforceId(scene.hash, idTopic.staging, keyPrefix.staging, number),
    false,
    key === null ? 'Row without key' : 'Row without property',
    key,
    null,
    null,
    null,
    `${number} Stray Lane`,
    cityOf(scene.hash, number),
    'OH',
    '43004',
    'ACTIVE',
    ...featureCells(noFeatures),
    ...derivedCells(scene, { count: 1, contributors: key }),
    null,
    null,
    null,
    null,
    at,
    users.admin,
    at,
    users.admin,
    at,
  ];
}
