import type { Draw } from './draw.ts';
import { createHash } from './random.ts';
import { eligibleFlags, flagsOf100Pairs, flagsOf32Triples, type FlagQuota } from './january.ts';
import { allFlags, flag, paidFlags, type PlannedGroup, type PlannedProperty } from './plan.ts';
import type { Layout } from './layGroups.ts';
import { splitByLargestRemainder } from './scale.ts';

type PaidFeature = keyof FlagQuota;

const paidFeatures: readonly PaidFeature[] = ['idv', 'bankLinking', 'payroll', 'incomeInsights'];

const disabledFlagsTopic = 20;

const isCreate = (property: PlannedProperty): boolean => property.isEligible && property.liveRows === 0;

/** Decides every flag: first the union of each group with eligible members, then each property's own. */
export function dealFlags(draw: Draw, layout: Layout): void {
  const groups = layout.groups.filter((group) => group.members.length > 0);
  dealSharedGroups(draw, groups);
  dealGroupsOfOne(draw, groups);
  dealFraud(draw, groups);
  dealOwnFlags(draw, groups);
  dealDisabled(draw, layout);
}

/** Gives each group at least one paid feature, and each feature to exactly its quota of groups. */
function dealPaid(draw: Draw, stream: string, groups: readonly PlannedGroup[], quota: FlagQuota): void {
  const random = draw.random(stream);
  const give = (feature: PaidFeature, receivers: readonly PlannedGroup[]): void => {
    for (const group of receivers) group.flags |= flag[feature];
  };
  const order = random.shuffle(groups.slice());
  const withIncome = Math.min(quota.incomeInsights, order.length);
  give('incomeInsights', order.slice(0, withIncome));
  // Who has no income insights has payroll, so nobody stays without a paid feature.
  const withoutIncome = order.slice(withIncome);
  give('payroll', withoutIncome);
  const morePayroll = Math.max(0, quota.payroll - withoutIncome.length);
  give('payroll', random.shuffle(order.slice(0, withIncome)).slice(0, morePayroll));
  give('idv', random.shuffle(order.slice()).slice(0, quota.idv));
  give('bankLinking', random.shuffle(order.slice()).slice(0, quota.bankLinking));
}

function scaleQuota(quota: FlagQuota, of: number, count: number): FlagQuota {
  const share = (feature: PaidFeature): number => Math.round((quota[feature] * count) / of);
  return {
    idv: share('idv'),
    bankLinking: share('bankLinking'),
    payroll: share('payroll'),
    incomeInsights: share('incomeInsights'),
  };
}

function dealSharedGroups(draw: Draw, groups: readonly PlannedGroup[]): void {
  const paid = groups.filter((group) => group.isPaid);
  const pairs = paid.filter((group) => group.block === 'pair');
  const missing = pairs.filter((group) => group.members.some(isCreate));
  const full = pairs.filter((group) => !group.members.some(isCreate));
  const triples = paid.filter((group) => group.block === 'larger' && group.members.length === 3);
  dealPaid(draw, 'flags of pairs, one missing', missing, scaleQuota(flagsOf100Pairs, 100, missing.length));
  dealPaid(draw, 'flags of full pairs', full, scaleQuota(flagsOf100Pairs, 100, full.length));
  dealPaid(draw, 'flags of triples', triples, scaleQuota(flagsOf32Triples, 32, triples.length));
  const bySize: Readonly<Record<number, number>> = {
    6: flag.idv | flag.bankLinking | flag.payroll,
    9: flag.idv | flag.incomeInsights,
    10: flag.idv | flag.payroll | flag.incomeInsights,
    67: paidFlags,
  };
  for (const group of paid) group.flags |= group.members.length > 3 ? (bySize[group.members.length] ?? 0) : 0;
}

/** Groups of one take what the shared groups leave of each total, every block in proportion to its size. */
function dealGroupsOfOne(draw: Draw, groups: readonly PlannedGroup[]): void {
  const paid = groups.filter((group) => group.isPaid);
  for (const group of paid) if (group.block === 'parkKennedy') group.flags = paidFlags;
  const oneActive = paid.filter((group) => group.block === 'oneActive');
  const blocks = [
    paid.filter((group) => group.block === 'unshared'),
    oneActive.filter((group) => !group.members.some(isCreate)),
    oneActive.filter((group) => group.members.some(isCreate)),
    paid.filter((group) => group.block === 'blankActive'),
  ];
  const shares = paidFeatures.map((feature) => {
    const dealt = sum(
      paid.filter((group) => (group.flags & flag[feature]) !== 0).map((group) => group.members.length),
    );
    const left = Math.max(0, draw.scaled(eligibleFlags[feature]) - dealt);
    return splitByLargestRemainder(
      left,
      blocks.map((block) => block.length),
    );
  });
  blocks.forEach((block, index) => {
    const [idv = 0, bankLinking = 0, payroll = 0, incomeInsights = 0] = shares.map(
      (share) => share[index] ?? 0,
    );
    dealPaid(draw, `flags of groups of one ${index}`, block, { idv, bankLinking, payroll, incomeInsights });
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((left, right) => left + right, 0);
}

/** Nearly every eligible property has document fraud. */
function dealFraud(draw: Draw, groups: readonly PlannedGroup[]): void {
  for (const group of groups) group.flags |= flag.documentFraud;
  const unshared = groups.filter((group) => group.block === 'unshared');
  const without = [
    ...draw.pick(
      'create without feature',
      unshared.filter((group) => group.members.some(isCreate)),
      draw.quota('missingWithoutFeature'),
    ),
    ...draw.pick(
      'unshared without fraud',
      unshared.filter((group) => group.isPaid),
      draw.quota('unsharedWithoutFraud'),
    ),
    ...draw.pick(
      'blank without fraud',
      groups.filter((group) => group.block === 'blankActive'),
      draw.quota('blankWithoutFraud'),
    ),
  ];
  for (const group of without) group.flags &= ~flag.documentFraud;
}

/**
 * In a differing group one member, the rich one, has the union and the others fraud only; it is the newest member
 * in every second such group.
 */
function dealOwnFlags(draw: Draw, groups: readonly PlannedGroup[]): void {
  const random = draw.random('members');
  const shared = groups.filter((group) => group.members.length > 1);
  const differing = pickDiffering(draw, shared);
  let turn = 0;
  for (const group of groups) {
    const rich = differing.get(group);
    for (const member of group.members) {
      member.ownFlags =
        rich === undefined || member === rich ? group.flags : group.flags & flag.documentFraud;
    }
    if (group.members.length < 2) continue;
    random.shuffle(group.members);
    if (rich === undefined) continue;
    const other = group.members.find((member) => member !== rich);
    moveToFront(group.members, turn % 2 === 0 || other === undefined ? rich : other);
    turn += 1;
  }
}

function moveToFront<T>(items: T[], item: T): void {
  items.splice(items.indexOf(item), 1);
  items.unshift(item);
}

function pickDiffering(draw: Draw, shared: readonly PlannedGroup[]): Map<PlannedGroup, PlannedProperty> {
  const random = draw.random('rich members');
  const anyOf = (members: readonly PlannedProperty[]): PlannedProperty =>
    members[random.below(members.length)] as PlannedProperty;
  const paid = shared.filter((group) => group.isPaid);
  const pairs = paid.filter((group) => group.block === 'pair');
  const missing = pairs.filter((group) => group.members.some(isCreate));
  const full = pairs.filter((group) => !group.members.some(isCreate));
  const larger = paid.filter((group) => group.block !== 'pair');
  const richIsLinked = new Set(draw.pick('rich pairs', missing, draw.quota('richPairsLinked')));

  const rich = new Map<PlannedGroup, PlannedProperty>();
  for (const group of missing) {
    rich.set(group, anyOf(group.members.filter((member) => isCreate(member) !== richIsLinked.has(group))));
  }
  for (const group of draw.pick('differing pairs', full, draw.quota('differingFullPairs'))) {
    rich.set(group, anyOf(group.members));
  }
  for (const group of larger) rich.set(group, anyOf(group.members.filter((member) => !isCreate(member))));
  return rich;
}

/** What DISABLED, excluded and soft-deleted properties have on their own never reaches a group. */
function dealDisabled(draw: Draw, layout: Layout): void {
  const hash = createHash(draw.seed);
  for (const property of layout.properties) {
    if (property.isEligible) continue;
    if (property.isDeleted) property.ownFlags = property.isActive ? allFlags : 0;
    else if (property.group.members.length > 0) property.ownFlags = property.group.flags & flag.documentFraud;
    else property.ownFlags = hash(disabledFlagsTopic, property.number) & allFlags;
  }
  dealExtraFlags(draw, layout);
  dealWithoutFeatureRow(draw, layout);
}

/** A DISABLED sibling with a flag that no member has: counted by mistake, it shows in the group. */
function dealExtraFlags(draw: Draw, layout: Layout): void {
  const lacking = layout.groups.filter(
    (group) => group.block === 'oneActive' && (group.flags & paidFlags) !== paidFlags,
  );
  for (const group of draw.pick('siblings with extra flag', lacking, draw.quota('siblingsWithExtraFlag'))) {
    const extra = paidFeatures.map((feature) => flag[feature]).find((bit) => (group.flags & bit) === 0) ?? 0;
    for (const sibling of group.others.slice(0, 1)) sibling.ownFlags |= extra;
  }
}

function dealWithoutFeatureRow(draw: Draw, layout: Layout): void {
  const parkKennedy = layout.properties.filter(
    (property) => property.group.block === 'parkKennedy' && !property.isActive,
  );
  const disabled = layout.properties.filter(
    (property) =>
      !property.isDeleted &&
      !property.isActive &&
      property.group.hasId &&
      property.group.members.length === 0,
  );
  const without = draw.pick('without feature row', disabled, draw.quota('withoutFeatureRow'));
  for (const property of [...parkKennedy, ...without]) {
    property.hasWideRow = false;
    property.ownFlags = 0;
  }
}
