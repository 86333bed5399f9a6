import type { Draw } from './draw.ts';
import { quotas } from './january.ts';
import type { Layout } from './layGroups.ts';
import type { PlannedCompany, PlannedProperty } from './plan.ts';

/** Gives every property but the company-less ones a company; each company has at least one. */
export function dealCompanies(draw: Draw, layout: Layout): PlannedCompany[] {
  const unresolved = Math.max(1, draw.quota('unresolvedCompanies'));
  const resolved = Math.max(1, draw.scaled(quotas.companies - quotas.unresolvedCompanies));
  const ordinary = layout.properties.filter(
    (property) =>
      property.group.block === 'unshared' &&
      property.liveRows === 1 &&
      property.difference === 'none' &&
      !property.isDeleted,
  );
  const wanted = draw.quota('companyIsProperty');
  const named = draw.pick(
    'company is property',
    ordinary,
    wanted + draw.quota('eligibleOnUnresolvedCompanies'),
  );
  const namesakes = named.slice(0, wanted);
  namesakes.forEach((property, index) => (property.company = index));
  named.slice(wanted).forEach((property, index) => (property.company = resolved + (index % unresolved)));
  dealRest(draw, layout, namesakes.length, resolved);
  return Array.from({ length: resolved + unresolved }, (_, number) => ({
    number,
    namedAfter: namesakes[number] ?? null,
    kind: number < resolved ? 'named' : unresolvedKind(number - resolved),
  }));
}

/** Every company once, a quarter of the create queue first so that it spans many; then few companies have many. */
function dealRest(draw: Draw, layout: Layout, firstCompany: number, companies: number): void {
  const random = draw.random('companies');
  const rest = random.shuffle(
    layout.properties.filter((property) => property.company < 0 && property.group.block !== 'noCompany'),
  );
  rest.sort((left, right) => dealOrder(left) - dealOrder(right));
  rest.forEach((property, index) => {
    const once = firstCompany + index;
    const skewed = Math.floor((random.below(companies) * random.below(companies)) / companies);
    property.company = once < companies ? once : skewed;
  });
}

function dealOrder(property: PlannedProperty): number {
  if (property.isDeleted) return 2;
  return property.isEligible && property.liveRows === 0 && property.number % 4 === 0 ? 0 : 1;
}

function unresolvedKind(place: number): PlannedCompany['kind'] {
  if (place % 2 === 0) return 'softDeleted';
  return place % 3 === 0 ? 'blankName' : 'unnamed';
}
