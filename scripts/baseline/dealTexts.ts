import type { Draw } from './draw.ts';
import type { Layout } from './layGroups.ts';
import type { NamePattern, PlannedCompany, PlannedProperty, ZipForm } from './plan.ts';

/** Decides which names, cities, states, ZIPs and Salesforce ids are written in a dirty way. */
export function dealTexts(draw: Draw, layout: Layout, companies: readonly PlannedCompany[]): void {
  const live = layout.properties.filter(
    (property) => !property.isDeleted && property.group.block !== 'parkKennedy',
  );
  nameGroups(draw, layout);
  dealNames(draw, live, companies);
  dealPlaces(draw, live);
  dealBlankIds(draw, live);
  dealShortIds(draw, layout);
}

/** Members of a shared group are phases of one property, but in a few groups they have one name. */
function nameGroups(draw: Draw, layout: Layout): void {
  const shared = layout.groups.filter((group) => group.members.length > 1);
  const sameName = new Set(draw.pick('same name', shared, draw.quota('sameNameGroups')));
  for (const group of layout.groups) {
    const [first] = group.members;
    if (first === undefined) continue;
    group.members.forEach((member, place) => {
      member.nameNumber = first.number;
      member.phase = sameName.has(group) ? 1 : place + 1;
    });
    // Every second DISABLED sibling is the former row of a renamed or migrated property.
    for (const sibling of group.others) if (sibling.number % 2 === 0) sibling.nameNumber = first.number;
  }
}

function dealNames(draw: Draw, live: readonly PlannedProperty[], companies: readonly PlannedCompany[]): void {
  const namesakes = new Set(companies.map((company) => company.namedAfter));
  const isCreate = (property: PlannedProperty): boolean => property.isEligible && property.liveRows === 0;
  const tests = live.filter((property) => property.group.block === 'test');
  tests.forEach((property, index) => {
    property.namePattern = 'test';
    property.nameNumber = index;
  });

  const free = draw
    .random('names')
    .shuffle(
      live.filter(
        (property) =>
          property.namePattern === 'plain' &&
          property.group.members.length < 2 &&
          property.difference !== 'name' &&
          !namesakes.has(property),
      ),
    );
  const deal = (
    pattern: NamePattern,
    count: number,
    suits: (property: PlannedProperty) => boolean = () => true,
  ): void => {
    let left = count;
    for (const property of free) {
      if (left === 0) return;
      if (property.namePattern !== 'plain' || !suits(property)) continue;
      property.namePattern = pattern;
      left -= 1;
    }
  };
  const inCreate = draw.quota('dirtyNamesInCreate');
  const tabsInCreate = Math.ceil(inCreate / 2);
  const newlinesInCreate = inCreate - tabsInCreate;
  deal('tab', tabsInCreate, isCreate);
  deal('newline', newlinesInCreate, isCreate);
  deal('tab', Math.max(0, draw.quota('nameWithTab') - tabsInCreate), (property) => !isCreate(property));
  deal(
    'newline',
    Math.max(0, draw.quota('nameWithNewline') - newlinesInCreate),
    (property) => !isCreate(property),
  );
  deal('decoy', draw.quota('decoyNames'), (property) => property.isEligible);
  const decoys = free.filter((property) => property.namePattern === 'decoy');
  decoys.forEach((property, index) => (property.nameNumber = index));
  deal('length80', draw.quota('name80'));
  deal('outerSpace', draw.quota('nameWithOuterSpace'));
  deal('guarantor', draw.quota('nameGuarantor'));
  deal('ms', draw.quota('nameMs'));
  deal('number', draw.quota('nameNumber'));
}

function dealPlaces(draw: Draw, live: readonly PlannedProperty[]): void {
  for (const property of draw.pick('city', live, draw.quota('cityWithOuterSpace')))
    property.cityHasOuterSpace = true;

  const stateKnown = live.filter((property) => property.difference !== 'stateMissing');
  const empty = draw.quota('stateEmpty');
  draw.pick('state', stateKnown, empty + draw.quota('stateFullName')).forEach((property, index) => {
    property.stateForm = index < empty ? 'empty' : 'fullName';
  });

  const forms: readonly [ZipForm, number][] = [
    ['zip5Zero', draw.quota('zipLeadingZero')],
    ['plus4', draw.quota('zipPlus4')],
    ['plus4Zero', draw.quota('zipPlus4LeadingZero')],
    ['four', draw.quota('zip4')],
    ['three', draw.quota('zip3')],
    ['seven', draw.quota('zip7')],
    ['empty', draw.quota('zipEmpty')],
  ];
  const order = draw.random('zip').shuffle(live.slice());
  let next = 0;
  for (const [form, count] of forms) {
    for (const property of order.slice(next, next + count)) property.zipForm = form;
    next += count;
  }
}

function dealBlankIds(draw: Draw, live: readonly PlannedProperty[]): void {
  const blank = live.filter((property) => property.group.block === 'blankActive');
  const empty = draw.quota('emptyId');
  draw.pick('blank ids', blank, empty + draw.quota('whiteSpaceId')).forEach((property, index) => {
    property.sfdcForm = index < empty ? 'empty' : 'whiteSpace';
  });
}

/** 15-character ids: some beside a sibling that has the same id with 18. */
function dealShortIds(draw: Draw, layout: Layout): void {
  const shared = layout.groups.filter((group) => group.block === 'pair' || group.block === 'oneActive');
  for (const group of draw.pick('short ids, shared', shared, draw.quota('id15BesideSibling'))) {
    for (const property of [...group.members, ...group.others].slice(0, 1)) property.sfdcForm = 'id15';
  }
  const withDeleted = new Set(
    layout.properties.filter((property) => property.isDeleted).map((property) => property.group),
  );
  const alone = layout.properties.filter(
    (property) =>
      property.group.block === 'unshared' && property.isEligible && !withDeleted.has(property.group),
  );
  for (const property of draw.pick('short ids, alone', alone, draw.quota('id15Alone')))
    property.sfdcForm = 'id15';
}
