import type { Draw } from './draw.ts';
import type { Layout } from './layGroups.ts';
import { flag, type PlannedProperty } from './plan.ts';

const datedPaidFlags = [flag.incomeInsights, flag.payroll, flag.bankLinking];

/** Decides what the feature tables hold beside the flags: stale dates, `testing` states and surplus wide rows. */
export function dealFeatureRows(draw: Draw, layout: Layout): void {
  dealStaleDates(draw, layout);
  dealTesting(draw, layout);
  dealSurplusRows(draw, layout);
}

/** FALSE flags that still have a date; in a shared group it is earlier than the date of the group. */
function dealStaleDates(draw: Draw, layout: Layout): void {
  const differing = layout.groups.filter(
    (group) => group.isPaid && group.members.some((member) => member.ownFlags !== group.flags),
  );
  for (const group of draw.pick('stale in multi', differing, draw.quota('staleDatesInMulti'))) {
    const bit = datedPaidFlags.find((candidate) => (group.flags & candidate) !== 0) ?? 0;
    const poor = group.members.find((member) => (member.ownFlags & bit) === 0);
    if (poor !== undefined) poor.staleFlag = bit;
  }
  const ones = layout.properties.filter((property) => property.liveRows === 1 && lacksBankLinking(property));
  const unshared = ones.filter((property) => property.group.block === 'unshared');
  const blank = ones.filter((property) => property.group.block === 'blankActive');
  const stale = [
    ...draw.pick('stale unshared', unshared, draw.quota('staleDatesUnshared')),
    ...draw.pick('stale blank', blank, draw.quota('staleDatesBlank')),
  ];
  for (const property of stale) property.staleFlag = flag.bankLinking;
}

function lacksBankLinking(property: PlannedProperty): boolean {
  return property.isEligible && (property.ownFlags & flag.bankLinking) === 0;
}

function dealTesting(draw: Draw, layout: Layout): void {
  const pool = layout.properties.filter((property) => lacksBankLinking(property) && property.staleFlag === 0);
  for (const property of draw.pick('testing', pool, draw.quota('testingFeatures'))) {
    property.testingFlag = flag.bankLinking;
  }
}

/** Identical rows change nothing; an older row with opposite flags changes all five if it is taken. */
function dealSurplusRows(draw: Draw, layout: Layout): void {
  const pool = layout.properties.filter(
    (property) => property.hasWideRow && property.staleFlag === 0 && property.group.block !== 'parkKennedy',
  );
  const alone = pool.filter((property) => property.isEligible && property.group.members.length === 1);
  for (const property of draw.pick('opposite wide rows', alone, draw.quota('oppositeWideRows'))) {
    property.hasOppositeWideRow = true;
  }
  const once = draw.quota('identicalWideRowsOnce');
  const twice = draw.quota('identicalWideRowsTwice');
  const rest = pool.filter((property) => !property.hasOppositeWideRow);
  draw.pick('identical wide rows', rest, once + twice).forEach((property, index) => {
    property.identicalWideRows = index < once ? 1 : 2;
  });
}
