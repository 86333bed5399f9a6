/** Counts every number of docs/domain.md §18 from what the rules say of the CSV rows. */
import {
  dateFields,
  desiredRow,
  earliest,
  flagFields,
  greatest,
  prefixes,
  state,
  testSubstrings,
  text,
  wideFlags,
  type Group,
  type RawBaseline,
  type RawProperty,
} from './deriveBaseline.ts';

const isPaid = (flags: readonly boolean[] | undefined): boolean => flags?.slice(0, 4).some(Boolean) ?? false;
const distinct = (values: Iterable<unknown>): number => new Set(values).size;

const derivedFields = ['Active_Property_Count__c', 'Is_Multi_Property__c', 'Contributing_Property_IDs__c'];

/** Counts by key, largest key last. */
function tally<T>(items: Iterable<T>, key: (item: T) => string | number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
}

/** §18.1. */
function countSources({ properties, groups, companies, staging, production, byId }: RawBaseline) {
  const live = properties.filter((property) => property.isLive);
  const deleted = properties.filter((property) => !property.isLive);
  const valid = live.filter((property) => property.sfdc18 !== null);
  const active = live.filter((property) => property.isActive);
  const disabled = live.filter((property) => !property.isActive);
  const eligible = live.filter((property) => property.isEligible);
  const byIdOf = Map.groupBy(valid, (property) => property.sfdc18);
  const shared = [...byIdOf.values()].filter((members) => members.length > 1);
  const id15 = valid.filter((property) => property.sfdcRaw?.length === 15);
  const multi = groups.filter((group) => group.members.length > 1);
  const liveRows = staging.filter((row) => row['IsDeleted'] === 'false');
  const keyed = liveRows.filter((row) => row['RDS_Property_ID__c'] !== null);
  const byKey = [...Map.groupBy(keyed, (row) => row['RDS_Property_ID__c']).values()];
  const linked = liveRows.filter((row) => row['Property__c'] !== null);
  const byLookup = [...Map.groupBy(linked, (row) => row['Property__c']).values()];
  const oneRow = eligible.filter((property) => property.sfdc18 !== null && property.ownRows.length === 1);
  const lookupOf = (property: RawProperty): string | null => property.ownRows[0]?.['Property__c'] ?? null;
  const unresolved = [...companies.values()].filter(
    (company) => company['_fivetran_deleted'] === 'true' || text(company['name']) === null,
  );
  const unresolvedIds = new Set(unresolved.map((company) => company['id']));
  return {
    tableRows: properties.length,
    live: live.length,
    softDeleted: tally(deleted, (property) => property.row['status'] ?? ''),
    byStatus: tally(live, (property) => property.row['status'] ?? ''),
    nonBlank: live.filter((property) => !property.isBlank).length,
    placeholder: tally(
      live.filter((p) => p.isPlaceholder),
      (property) => property.row['status'] ?? '',
    ),
    valid: valid.length,
    malformed: live.filter((p) => !p.isBlank && !p.isPlaceholder && p.sfdc18 === null).length,
    blank: {
      null: live.filter((property) => property.sfdcRaw === null).length,
      empty: live.filter((property) => property.sfdcRaw === '').length,
      whiteSpace: live.filter((p) => p.isBlank && p.sfdcRaw !== null && p.sfdcRaw !== '').length,
    },
    distinctIds: distinct(valid.map((property) => property.sfdc18)),
    distinctRawIds: distinct(valid.map((property) => property.sfdcRaw)),
    id15: id15.length,
    id15BesideSibling: id15.filter((p) => byIdOf.get(p.sfdc18)?.some((other) => other.sfdcRaw?.length === 18))
      .length,
    activeValid: active.filter((property) => property.sfdc18 !== null).length,
    activeIds: distinct(
      active.filter((property) => property.sfdc18 !== null).map((property) => property.sfdc18),
    ),
    activeBlank: active.filter((property) => property.isBlank).length,
    disabledValid: disabled.filter((property) => property.sfdc18 !== null).length,
    disabledBlank: disabled.filter((property) => property.isBlank).length,
    multiGroups: multi.length,
    largestGroup: Math.max(...groups.map((group) => group.members.length)),
    inMultiGroups: multi.reduce((sum, group) => sum + group.members.length, 0),
    groupSizes: tally(multi, (group) => group.members.length),
    sharedIds: shared.length,
    inSharedIds: shared.flat().length,
    allDisabledShared: shared.filter((members) => members.every((member) => !member.isActive)).length,
    activeShared: shared.flat().filter((property) => property.isActive).length,
    activeSharedIds: shared.filter((members) => members.some((member) => member.isActive)).length,
    eligible: eligible.length,
    eligibleValid: eligible.filter((property) => property.sfdc18 !== null).length,
    eligibleWithout: eligible.filter((property) => property.sfdc18 === null).length,
    groups: groups.length,
    stagingRows: liveRows.length,
    recycled: staging.length - liveRows.length,
    keyed: keyed.length,
    distinctKeys: byKey.length,
    keysWithSurplus: tally(
      byKey.filter((rows) => rows.length > 1),
      (rows) => rows.length,
    ),
    orphans: keyed.filter((row) => !byId.has(row['RDS_Property_ID__c'] ?? '')).length,
    keyless: liveRows.length - keyed.length,
    withOwnRow: properties.filter((property) => property.ownRows.length > 0).length,
    linked: linked.length,
    unlinked: liveRows.length - linked.length,
    distinctLookups: byLookup.length,
    sharedLookups: byLookup.filter((rows) => rows.length > 1).length,
    rowsOnSharedLookups: byLookup.filter((rows) => rows.length > 1).flat().length,
    mostOnOneLookup: Math.max(...byLookup.map((rows) => rows.length)),
    alignedLookups: oneRow.filter((property) => lookupOf(property) === property.sfdc18).length,
    otherLookups: oneRow.filter((p) => lookupOf(p) !== null && lookupOf(p) !== p.sfdc18).length,
    awaitingLink: oneRow.filter((property) => lookupOf(property) === null).length,
    production: production.length,
    productionIds: distinct(production.map((row) => row['Id'])),
    companies: distinct(live.map((property) => property.row['company_id']).filter((id) => id !== null)),
    unresolvedCompanies: unresolved.length,
    eligibleOnUnresolved: eligible.filter((property) => unresolvedIds.has(property.row['company_id'] ?? ''))
      .length,
    companyIsProperty: live.filter((p) => p.companyName !== null && p.companyName === text(p.name)).length,
  };
}

/** §18.2. */
function countFeatures({ properties, groups, wide, tall, byId }: RawBaseline) {
  const live = properties.filter((property) => property.isLive);
  const eligible = live.filter((property) => property.isEligible);
  const multi = groups.filter((group) => group.members.length > 1);
  const matched = eligible.filter((property) => property.sfdc18 !== null && property.ownRows.length === 1);
  const surplus = live.flatMap((property) =>
    property.allWide.filter((row) => row !== property.wide).map((row) => ({ property, row })),
  );
  const identical = surplus.filter(
    ({ property, row }) => JSON.stringify(row) === JSON.stringify(property.wide),
  );
  const opposite = surplus.filter(
    ({ property, row }) =>
      property.isEligible &&
      greatest(row, 'updated_at') < greatest(property.wide ?? {}, 'updated_at') &&
      wideFlags(row).every((isOn, feature) => isOn !== property.flags[feature]),
  );
  const newest = (group: Group): RawProperty[] => {
    const latest = group.members
      .map((member) => member.row['updated_at'] ?? '')
      .sort()
      .at(-1);
    return group.members.filter((member) => member.row['updated_at'] === latest);
  };
  const ties = multi.map(newest).filter((members) => members.length > 1);
  const isStale = (member: RawProperty, feature: number): boolean =>
    member.flags[feature] === false && (member.dates[feature] ?? null) !== null;
  const staleGroups = groups.filter((group) =>
    group.members.some((member) => prefixes.some((_, f) => isStale(member, f))),
  );
  const siblings = Map.groupBy(
    live.filter((p) => !p.isActive && p.sfdc18 !== null),
    (property) => property.sfdc18 ?? '',
  );
  const states = Map.groupBy(tall, (row) => `${row['property_id'] ?? ''} ${row['feature_code'] ?? ''}`);
  return {
    eligibleByFlag: prefixes.map(
      (_, feature) => eligible.filter((property) => property.group?.flags[feature]).length,
    ),
    eligiblePaid: eligible.filter((property) => isPaid(property.group?.flags)).length,
    matchedPaid: matched.filter((property) => isPaid(property.group?.flags)).length,
    multiPaid: multi.filter((group) => isPaid(group.flags)).length,
    multiDiffering: multi.filter((group) => distinct(group.members.map((member) => member.flags.join())) > 1)
      .length,
    multiDifferentNames: multi.filter(
      (group) => distinct(group.members.map((member) => text(member.name))) > 1,
    ).length,
    ties: ties.length,
    tiesByInsertedAt: ties.filter(
      (members) => distinct(members.map((member) => member.row['inserted_at'])) > 1,
    ).length,
    idvDates: live.filter((property) => property.dates[0] !== null).map((property) => property.id),
    trueWithoutDate: [1, 2, 3, 4].map(
      (feature) =>
        wide.filter((row) => wideFlags(row)[feature] && row[`${prefixes[feature] ?? ''}_enabled_at`] === null)
          .length,
    ),
    staleInMulti: staleGroups.filter((group) => group.members.length > 1).length,
    staleInOnes: staleGroups.filter((group) => group.members.length === 1).length,
    groupsWithSiblingFlag: groups.filter((group) =>
      siblings
        .get(group.key)
        ?.some((sibling) => sibling.flags.some((isOn, feature) => isOn && group.flags[feature] === false)),
    ).length,
    wideRows: wide.length,
    wideSurplus: surplus.length,
    wideIdentical: identical.length,
    wideOpposite: opposite.length,
    wideOfUnknown: wide.filter((row) => !byId.get(row['property_id'] ?? '')?.isLive).length,
    withoutFeatureRow: tally(
      live.filter((property) => property.allWide.length === 0),
      (p) => p.row['status'] ?? '',
    ),
    testing: [...states.values()].filter(
      (rows) =>
        rows.some((row) => row['state'] === 'testing') && !rows.some((row) => row['state'] === 'enabled'),
    ).length,
  };
}

/** §18.3, before rollout. */
function countResults({ properties, groups, staging }: RawBaseline) {
  const of = (className: string): RawProperty[] =>
    properties.filter((property) => property.className === className);
  const create = of('CREATE');
  const update = of('UPDATE');
  const inSync = of('IN_SYNC');
  const existing = [...update, ...inSync];
  const conflict = of('CONFLICT');
  const population = (property: RawProperty): string =>
    !property.isActive ? 'disabled' : property.sfdc18 === null ? 'activeWithoutSfdc' : 'activeWithSfdc';
  const shared = new Map<string | null, number>();
  for (const { isLive, sfdc18 } of properties) {
    if (isLive && sfdc18 !== null) shared.set(sfdc18, (shared.get(sfdc18) ?? 0) + 1);
  }
  const isShared = (property: RawProperty): boolean => (shared.get(property.sfdc18) ?? 0) > 1;
  const paid = (property: RawProperty): boolean => isPaid(property.group?.flags);
  const oneRowEligible = existing.filter((property) => property.isEligible);
  const wrongFlags = (property: RawProperty): string[] =>
    property.changes.filter((field) => flagFields.includes(field));
  const activeShared = properties.filter((property) => property.isEligible && isShared(property));
  const idvOff = update.filter(
    (p) => p.changes.includes('ID_Verification_Enabled__c') && p.group?.flags[0] === true,
  );
  const cleared = update.flatMap((p) => {
    const desired = desiredRow(p);
    return p.changes.filter((field) => desired[field] === null);
  });
  return {
    classes: tally(properties, (property) => property.className),
    p1: create.filter(paid).length,
    p3: create.filter((property) => !paid(property)).length,
    createShared: create.filter(isShared).length,
    createSharedPaid: create.filter((property) => isShared(property) && paid(property)).length,
    createUnsharedPaid: create.filter((property) => !isShared(property) && paid(property)).length,
    createInMulti: create.filter((property) => (property.group?.members.length ?? 0) > 1).length,
    createIds: distinct(create.map((property) => property.sfdc18)),
    createBlank: create.filter((property) => property.sfdc18 === null).length,
    existing: existing.length,
    existingBy: tally(existing, population),
    updateBy: tally(update, population),
    inSyncBy: tally(inSync, population),
    conflictBy: tally(conflict, population),
    conflictRows: conflict.reduce((sum, property) => sum + property.ownRows.length, 0),
    testNameBy: tally(
      of('TEST_NAME'),
      (property) => `${property.row['status'] ?? ''} ${String(property.isBlank)}`,
    ),
    noCompanyBy: tally(
      of('NO_COMPANY'),
      (property) => `${property.row['status'] ?? ''} ${String(property.isBlank)}`,
    ),
    deletedWithRow: of('SOURCE_DELETED').filter((property) => property.ownRows.length > 0).length,
    idvOff: idvOff.length,
    idvOffBy: tally(idvOff, (p) => {
      const size = p.group?.members.length ?? 0;
      if (size > 2) return 'larger';
      if (size === 2) return 'pairs';
      return isShared(p) ? 'oneActive' : 'unshared';
    }),
    oneRowEligible: oneRowEligible.length,
    flagRows: oneRowEligible.filter((property) => wrongFlags(property).length > 0).length,
    mostWrongFlagsOfEligible: Math.max(...oneRowEligible.map((property) => wrongFlags(property).length)),
    identityRowsWithWrongFlag: update.filter(
      (p) => (p.changes.includes('Name') || p.changes.includes('State_Code__c')) && p.changes.length > 1,
    ).length,
    accuracyByFlag: flagFields.map((field) =>
      Number(
        (
          (1 - oneRowEligible.filter((p) => p.changes.includes(field)).length / oneRowEligible.length) *
          100
        ).toFixed(2),
      ),
    ),
    changesByField: tally(
      update.flatMap((property) => property.changes),
      (field) => field,
    ),
    changes: update.flatMap((property) => property.changes).length,
    derivedOnly: update.filter((p) => p.changes.every((field) => derivedFields.includes(field))).length,
    incomeBy: tally(
      update.filter((p) => p.changes.includes('Income_Verification_Enabled__c')),
      population,
    ),
    nameBy: tally(
      update.filter((p) => p.changes.includes('Name')),
      (p) => `${population(p)} ${paid(p) ? 'paid' : 'unpaid'}`,
    ),
    stillActive: tally(
      update.filter((property) => !property.isActive),
      (p) => `${p.ownRows[0]?.['Status__c'] ?? ''} ${wrongFlags(p).length > 0 ? 'with flags' : 'without'}`,
    ),
    clearedDates: cleared.filter((field) => dateFields.includes(field)).length,
    clearedContributors: cleared.filter((field) => field === 'Contributing_Property_IDs__c').length,
    clearedOther:
      cleared.length -
      cleared.filter((f) => dateFields.includes(f) || f === 'Contributing_Property_IDs__c').length,
    priorities: {
      P1: activeShared.filter((p) => p.ownRows.length === 0 && paid(p)).length,
      P2: activeShared.filter((p) => p.ownRows.length > 0 && paid(p)).length,
      P3: activeShared.filter((p) => p.ownRows.length === 0 && !paid(p)).length,
      rest: activeShared.filter((p) => p.ownRows.length > 0 && !paid(p)).length,
    },
    dashboard: {
      create: [create.length, create.filter(paid).length],
      update: [update.length, update.filter(paid).length],
      matched: [
        existing.filter((p) => population(p) === 'activeWithSfdc').length,
        existing.filter((p) => population(p) === 'activeWithSfdc' && paid(p)).length,
      ],
      multi: [
        groups.filter((g) => g.members.length > 1).length,
        groups.filter((g) => g.members.length > 1 && isPaid(g.flags)).length,
      ],
      staging: staging.filter((row) => row['IsDeleted'] === 'false').length,
      active: properties.filter((property) => property.isLive && property.isActive).length,
    },
  };
}

/** §18.4. */
function countDirt({ properties }: RawBaseline) {
  const live = properties.filter((property) => property.isLive);
  const named = (pattern: RegExp): number => live.filter((property) => pattern.test(property.name)).length;
  const zip = (pattern: RegExp): number =>
    live.filter((property) => pattern.test(property.row['zip'] ?? '')).length;
  const states = live.map((property) => property.row['state'] ?? '');
  return {
    tab: named(/\t/),
    newline: named(/[\r\n]/),
    dirtyInCreate: live.filter((p) => p.className === 'CREATE' && /[\t\r\n]/.test(p.name)).length,
    outerSpace: live.filter((property) => property.name !== property.name.trim()).length,
    guarantor: named(/- Guarantor$/),
    ms: named(/- MS$/),
    number: named(/\d{5,}$/),
    exactly80: live.filter((property) => property.name.length === 80).length,
    longer: live.filter((property) => property.name.length > 80).length,
    decoys: live.filter((p) => p.isEligible && testSubstrings.test(p.name)).length,
    cityOuterSpace: live.filter((p) => p.row['city'] !== p.row['city']?.trim()).length,
    stateEmpty: states.filter((value) => value.trim() === '').length,
    stateFullName: states.filter((value) => value.length > 2 && state(value) !== null).length,
    stateUnknown: states.filter((value) => value.trim() !== '' && state(value) === null).length,
    zipPlus4: zip(/^\d{5}-\d{4}$/),
    zip4: zip(/^.{4}$/),
    zip3: zip(/^.{3}$/),
    zip7: zip(/^.{7}$/),
    zipEmpty: zip(/^\s*$/),
    zip5LeadingZero: zip(/^0\d{4}$/),
    plus4LeadingZero: zip(/^0\d{4}-\d{4}$/),
    zipOther: live.length - zip(/^\d{5}(-\d{4})?$|^.{3}$|^.{4}$|^.{7}$|^\s*$/),
    placeholderWithRow: live.filter((p) => p.className === 'PLACEHOLDER_SFDC' && p.ownRows.length > 0).length,
    testWithRow: live.filter((p) => p.className === 'TEST_NAME' && p.ownRows.length > 0).length,
    companyUnresolved: live.filter((p) => p.row['company_id'] !== null && p.companyName === null).length,
  };
}

/** §18.6: the number each mistake gives. */
function countMistakes({ properties, groups, staging }: RawBaseline) {
  const live = properties.filter((property) => property.isLive);
  const eligible = live.filter((property) => property.isEligible);
  const withId = groups.filter((group) => group.members[0]?.sfdc18 === group.key);
  const liveRows = staging.filter((row) => row['IsDeleted'] === 'false');
  const lookups = new Set(liveRows.map((row) => row['Property__c']));
  const viewIds = new Set<string | null>(withId.map((group) => group.key));
  const foundByLookup = liveRows.filter((row) => viewIds.has(row['Property__c'] ?? null));
  const byAnyId = Map.groupBy(
    live.filter((p) => p.sfdc18 !== null),
    (property) => property.sfdc18 ?? '',
  );
  const unionOf = (members: readonly RawProperty[]): string =>
    prefixes.map((_, feature) => members.some((member) => member.flags[feature])).join();
  const deletedToo = properties.filter(
    (p) => p.isActive && p.row['company_id'] !== null && !p.isPlaceholder && !p.isTest && p.sfdc18 !== null,
  );
  const allRowsOf = Map.groupBy(staging, (row) => row['RDS_Property_ID__c'] ?? '');
  const isWritable = (p: RawProperty): boolean =>
    ['CREATE', 'UPDATE', 'IN_SYNC', 'CONFLICT'].includes(p.className);
  const create = properties.filter((property) => property.className === 'CREATE');
  return {
    byLookup: {
      create: eligible.filter((property) => property.sfdc18 !== null && !lookups.has(property.sfdc18)).length,
      updateRows: foundByLookup.length,
      updateIds: distinct(foundByLookup.map((row) => row['Property__c'])),
    },
    disabledCounted: {
      multiIds: [...byAnyId.values()].filter((members) => members.length > 1).length,
      wrongFlags: withId.filter((group) => unionOf(byAnyId.get(group.key) ?? []) !== unionOf(group.members))
        .length,
    },
    softDeletesIgnored: {
      active: properties.filter((property) => property.isActive).length,
      multi: [...Map.groupBy(deletedToo, (property) => property.sfdc18).values()].filter((m) => m.length > 1)
        .length,
    },
    notNormalised: distinct(live.filter((p) => p.sfdc18 !== null).map((property) => property.sfdcRaw)),
    blankTakenAsValid: eligible.filter((property) => property.isBlank && property.sfdcRaw !== null).length,
    recycleBinCounted: {
      create: create.filter((property) => !allRowsOf.has(property.id)).length,
      conflict: properties.filter((p) => isWritable(p) && (allRowsOf.get(p.id)?.length ?? 0) > 1).length,
    },
    newestPicked: properties.filter((p) => isWritable(p) && p.ownRows.length > 0).length,
    datesOverAll: groups.filter((group) =>
      prefixes.some(
        (_, f) => earliest(group.members.map((member) => member.dates[f] ?? null)) !== group.dates[f],
      ),
    ).length,
    p1WithFraud: create.filter((property) => property.group?.flags.some(Boolean)).length,
    p1ByOwnFlags: create.filter((property) => isPaid(property.flags)).length,
    wrongWideRow: live.filter(
      (property) => distinct(property.allWide.map((row) => wideFlags(row).join())) > 1,
    ).length,
  };
}

/** §18.5 and §12.1: what the pilot needs. `now` in milliseconds. */
function countForPilot({ properties }: RawBaseline, now: number) {
  const create = properties.filter((property) => property.className === 'CREATE');
  const update = properties.filter((property) => property.className === 'UPDATE' && property.isEligible);
  const ageDays = (property: RawProperty): number =>
    (now - Date.parse(property.row['inserted_at'] ?? '')) / 86_400_000;
  const size = (property: RawProperty): number => property.group?.members.length ?? 0;
  const paid = (property: RawProperty): boolean => isPaid(property.group?.flags);
  const groupsOf = (some: readonly RawProperty[]): number =>
    distinct(some.map((property) => property.groupKey));
  return {
    within30Days: create.filter((property) => ageDays(property) <= 30).length,
    olderThan365Days: create.filter((property) => ageDays(property) > 365).length,
    between: create.filter((property) => ageDays(property) > 30 && ageDays(property) <= 365).length,
    createCompanies: distinct(create.map((property) => property.row['company_id'])),
    onesWithIdv: update.filter((property) => size(property) === 1 && property.group?.flags[0] === true)
      .length,
    pairs: groupsOf(update.filter((property) => size(property) === 2)),
    larger: groupsOf(update.filter((property) => size(property) > 2)),
    unpaidInMulti: update.filter((property) => size(property) > 1 && !paid(property)).length,
    unpaid: update.filter((property) => !paid(property)).length,
    paid: update.filter(paid).length,
  };
}

/** Park Kennedy's three properties, in the columns of the table of §10. */
function describeParkKennedy({ byId }: RawBaseline) {
  const ids = [1, 2, 3].map((number) => `a000000${number}-0000-4000-8000-00000000000${number}`);
  return ids.map((id) => {
    const property = byId.get(id);
    const { name, status, sfdc_id, inserted_at } = property?.row ?? {};
    return {
      row: [name, status, sfdc_id, inserted_at?.slice(0, 10)],
      own: property?.ownRows.map((row) => [row['Id'], row['Property__c']]),
      enabledAt: property?.flags.map((isOn, feature) => isOn && property.dates[feature]?.slice(0, 10)),
      className: property?.className,
    };
  });
}

/** Everything that is counted, for a caller in another process. `now` in milliseconds. */
export function countBaseline(baseline: RawBaseline, now: number) {
  return {
    sources: countSources(baseline),
    features: countFeatures(baseline),
    results: countResults(baseline),
    dirt: countDirt(baseline),
    mistakes: countMistakes(baseline),
    pilot: countForPilot(baseline, now),
    parkKennedy: describeParkKennedy(baseline),
  };
}

export type BaselineCount = ReturnType<typeof countBaseline>;
