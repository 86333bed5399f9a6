import type { Draw } from './draw.ts';
import { differenceDraws, type Difference, type DifferenceDraw } from './january.ts';
import type { Layout } from './layGroups.ts';
import { flag, type PlannedGroup, type PlannedProperty } from './plan.ts';
import { splitByLargestRemainder } from './scale.ts';

const needsFlag: Partial<Record<Difference, number>> = {
  idvOff: flag.idv,
  bankLinkingOff: flag.bankLinking,
  payrollOff: flag.payroll,
};

/** Decides which rows Salesforce holds with which difference, and the rows that the recycle bin holds. */
export function plantDifferences(draw: Draw, layout: Layout): void {
  const total = differenceDraws.reduce((sum, { count }) => sum + count, 0);
  const counts = splitByLargestRemainder(
    draw.scaled(total),
    differenceDraws.map(({ count }) => count),
  );
  const blocks = Map.groupBy(layout.groups, (group) => group.block);
  differenceDraws.forEach((wanted, index) => {
    const pool = (blocks.get(wanted.block) ?? []).flatMap((group) => candidates(group, wanted));
    for (const property of draw.pick(`difference ${index}`, pool, counts[index] ?? 0)) {
      property.difference = wanted.difference;
      // Its own features are what Salesforce still shows.
      if (wanted.difference === 'stillActiveWithFlags' && property.group.members.length === 0) {
        property.ownFlags = flag.incomeInsights | flag.documentFraud;
      }
    }
  });
  rotateLookups(draw, layout);
  fillRecycleBin(draw, layout);
}

/** At most one property of the group, so that differences fall on different groups. */
function candidates(group: PlannedGroup, wanted: DifferenceDraw): PlannedProperty[] {
  if (wanted.isPaid !== undefined && wanted.isPaid !== group.isPaid) return [];
  if (wanted.difference.startsWith('stillActive')) return group.others.filter(isOpenLinkedRow).slice(0, 1);
  const bit = needsFlag[wanted.difference] ?? 0;
  if ((group.flags & bit) !== bit) return [];
  if (wanted.difference === 'incomeInsightsOn' && (group.flags & flag.incomeInsights) !== 0) return [];
  if (group.members.some((member) => member.difference !== 'none')) return [];
  return group.members.filter((member) => member.liveRows === 1).slice(0, 1);
}

function isOpenLinkedRow(property: PlannedProperty): boolean {
  return (
    property.liveRows === 1 &&
    property.lookup !== null &&
    property.hasWideRow &&
    property.difference === 'none'
  );
}

/** Some rows of unshared ids point to each other's production record. */
function rotateLookups(draw: Draw, layout: Layout): void {
  const linked = layout.properties.filter(
    (property) =>
      property.group.block === 'unshared' && property.lookup !== null && property.difference === 'none',
  );
  const rotated = draw.pick('rotated lookups', linked, draw.quota('lookupsRotated'));
  rotated.forEach((property, index) => {
    property.lookup = rotated[(index + 1) % rotated.length]?.group ?? null;
  });
}

function fillRecycleBin(draw: Draw, layout: Layout): void {
  const ordinary = layout.properties.filter(
    (property) => property.isEligible && property.group.block !== 'parkKennedy',
  );
  const create = ordinary.filter((property) => property.liveRows === 0);
  const matched = ordinary.filter((property) => property.liveRows === 1);
  const recycled = [
    ...draw.pick('recycled of create', create, draw.quota('recycledOfCreate')),
    ...draw.pick('recycled of matched', matched, draw.quota('recycledOfMatched')),
  ];
  for (const property of recycled) property.hasRecycledRow = true;
}
