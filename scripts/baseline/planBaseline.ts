import { dealAges } from './dealAges.ts';
import { dealCompanies } from './dealCompanies.ts';
import { dealFeatureRows } from './dealFeatureRows.ts';
import { dealFlags } from './dealFlags.ts';
import { dealTexts } from './dealTexts.ts';
import { createDraw } from './draw.ts';
import type { BaselineVariant } from './january.ts';
import { layGroups } from './layGroups.ts';
import type { Plan, PlannedProperty } from './plan.ts';
import { plantDifferences } from './plantDifferences.ts';

/**
 * Decides the whole baseline. `liveProperties` is the size without soft-deleted rows, `now` in seconds since 1970.
 * The same arguments always give the same plan.
 */
export function planBaseline({
  seed,
  liveProperties,
  now,
  variant = 'january',
}: {
  seed: number;
  liveProperties: number;
  now: number;
  variant?: BaselineVariant;
}): Plan {
  const draw = createDraw(seed, liveProperties);
  const layout = layGroups(draw, liveProperties);
  dealFlags(draw, layout);
  plantDifferences(draw, layout);
  dealFeatureRows(draw, layout);
  dealAges(draw, layout, now);
  const companies = dealCompanies(draw, layout);
  dealTexts(draw, layout, companies);

  const [active, sibling, guarantor] = layout.properties as [
    PlannedProperty,
    PlannedProperty,
    PlannedProperty,
  ];
  const properties = draw.random('table order').shuffle(layout.properties.slice());
  return {
    seed,
    variant,
    now,
    liveProperties,
    properties,
    groups: layout.groups,
    parkKennedy: { active, sibling, guarantor },
    companies,
  };
}
