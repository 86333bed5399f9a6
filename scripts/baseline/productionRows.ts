import { users } from './ids.ts';
import { features, type PlannedGroup } from './plan.ts';
import { companyName } from './propertyText.ts';
import type { Scene } from './scene.ts';
import { featureCells, stagingState } from './stagingRows.ts';
import type { Row } from './tables.ts';
import { toTimestamp } from './timestamps.ts';

const day = 86_400;

/** What the automation rolled up for each production record; index = group number. */
interface Rollup {
  readonly flags: Uint8Array;
  /** Seconds, five a record; 0 = none. */
  readonly dates: Float64Array;
}

/** Rows of `Property__c`: one per valid id, rolled up from the rows that Salesforce holds as ACTIVE. */
export function* productionRows(scene: Scene): Generator<Row> {
  const rollup = rollUp(scene);
  for (const group of scene.plan.groups) if (group.hasId) yield productionRow(scene, group, rollup);
}

/** Union of flags and earliest dates over the linked rows with status ACTIVE (docs/domain.md §4.3). */
function rollUp(scene: Scene): Rollup {
  const size = scene.plan.groups.length + 1;
  const rollup: Rollup = { flags: new Uint8Array(size), dates: new Float64Array(size * features.length) };
  for (const property of scene.plan.properties) {
    if (property.lookup === null || property.liveRows === 0) continue;
    const state = stagingState(scene, property);
    if (state.status !== 'ACTIVE') continue;
    const record = property.lookup.number;
    rollup.flags[record] = (rollup.flags[record] ?? 0) | state.flags;
    state.dates.forEach((at, feature) => {
      const place = record * features.length + feature;
      const earliest = rollup.dates[place] ?? 0;
      if (at !== null && (earliest === 0 || at < earliest)) rollup.dates[place] = at;
    });
  }
  return rollup;
}

function productionRow(scene: Scene, group: PlannedGroup, rollup: Rollup): Row {
  const shown = group.members[0] ?? group.others[0];
  if (shown === undefined) throw new Error(`Group ${group.number} has no live property.`);
  const text = scene.text(shown);
  const company = scene.plan.companies[shown.company];
  const dates = features.map((_, feature) => rollup.dates[group.number * features.length + feature] ?? 0);
  const created = toTimestamp(Math.min(shown.insertedAt, scene.plan.now - 10 * day));
  const modified = toTimestamp(scene.plan.now - 3 * day - (group.number % 10_000));
  return [
    scene.productionId(group),
    false,
    text.normalName,
    text.address,
    text.normalCity,
    text.normalState,
    text.normalZip,
    company?.kind === 'named' ? companyName(scene.hash, company) : null,
    ...featureCells({
      flags: rollup.flags[group.number] ?? 0,
      dates: dates.map((at) => (at === 0 ? null : at)),
    }),
    created,
    users.admin,
    modified,
    users.automation,
    modified,
  ];
}
