import { createFeatureDates, type EnabledAt, type GroupFeatures } from './featureDates.ts';
import { idTopic, keyPrefix, salesforceId, uuid } from './ids.ts';
import type { Plan, PlannedGroup, PlannedProperty, SfdcForm } from './plan.ts';
import { propertyText, type PropertyText } from './propertyText.ts';
import { createHash, type Hash } from './random.ts';

/** A plan and everything that follows from it without being stored: ids, texts, dates. */
export interface Scene {
  readonly plan: Plan;
  readonly hash: Hash;
  readonly enabledAt: EnabledAt;
  groupFeatures(group: PlannedGroup): GroupFeatures;
  propertyId(property: PlannedProperty): string;
  companyId(company: number): string;
  /** 18 characters. */
  productionId(group: PlannedGroup): string;
  /** The staging rows of a property are numbered from 0; {@link recycledCopy} is the one in the recycle bin. */
  stagingId(property: PlannedProperty, copy: number): string;
  /** `sfdc_id` as RDS holds it. */
  rawSfdcId(property: PlannedProperty): string | null;
  text(property: PlannedProperty): PropertyText;
}

/** Number of the copy in the recycle bin; live copies are 0 to 3. */
export const recycledCopy = 7;

const copies = 8;

/** docs/domain.md §10. */
const parkKennedyIds = {
  active: 'a0000001-0000-4000-8000-000000000001',
  sibling: 'a0000002-0000-4000-8000-000000000002',
  guarantor: 'a0000003-0000-4000-8000-000000000003',
  production: 'a01ZZ000001PKndYAG',
  siblingRow: 'a13ZZ000002PKsbYAG',
  guarantorRow: 'a13ZZ000003PKguYAG',
} as const;

export function createScene(plan: Plan): Scene {
  const hash = createHash(plan.seed);
  const { active, sibling, guarantor } = plan.parkKennedy;
  const propertyIds = new Map([
    [active, parkKennedyIds.active],
    [sibling, parkKennedyIds.sibling],
    [guarantor, parkKennedyIds.guarantor],
  ]);
  const stagingIds = new Map([
    [sibling, parkKennedyIds.siblingRow],
    [guarantor, parkKennedyIds.guarantorRow],
  ]);
  const productionId = (group: PlannedGroup): string =>
    group === active.group
      ? parkKennedyIds.production
      : salesforceId(hash, idTopic.production, keyPrefix.production, group.number);
  const rawSfdcIds: Readonly<Record<SfdcForm, (group: PlannedGroup) => string | null>> = {
    id18: productionId,
    id15: (group) => productionId(group).slice(0, 15),
    null: () => null,
    empty: () => '',
    whiteSpace: () => '   ',
    placeholder: () => 'X'.repeat(15),
  };
  return {
    plan,
    hash,
    ...createFeatureDates(hash, plan.now),
    propertyId: (property) => propertyIds.get(property) ?? uuid(hash, idTopic.property, property.number),
    companyId: (company) => uuid(hash, idTopic.company, company),
    productionId,
    stagingId: (property, copy) =>
      stagingIds.get(property) ??
      salesforceId(hash, idTopic.staging, keyPrefix.staging, property.number * copies + copy),
    rawSfdcId: (property) => rawSfdcIds[property.sfdcForm](property.group),
    text: (property) => propertyText(hash, property),
  };
}
