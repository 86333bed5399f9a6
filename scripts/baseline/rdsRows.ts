import { idTopic, shortId, uuid } from './ids.ts';
import type { PlannedCompany, PlannedProperty } from './plan.ts';
import { cityOf, companyName } from './propertyText.ts';
import type { Scene } from './scene.ts';
import type { Row } from './tables.ts';
import { toTimestamp } from './timestamps.ts';
import { states, streetKinds } from './words.ts';

const topic = { synced: 70, contact: 71, company: 72 } as const;

const minute = 60;

/** When Fivetran last wrote the row: 5 to 45 minutes before now, inside the freshness limit of 50. */
export function syncedAt(scene: Scene, number: number): string {
  return toTimestamp(scene.plan.now - 5 * minute - (scene.hash(topic.synced, number) % (40 * minute)));
}

/** Rows of `properties`, soft-deleted ones included. */
export function* propertyRows(scene: Scene): Generator<Row> {
  for (const property of scene.plan.properties) yield propertyRow(scene, property);
}

function propertyRow(scene: Scene, property: PlannedProperty): Row {
  const { hash } = scene;
  const { number, company } = property;
  const text = scene.text(property);
  const contact = hash(topic.contact, number);
  const digits = String(1_000_000 + (contact % 9_000_000));
  return [
    scene.propertyId(property),
    text.name,
    contact % 5 === 0 ? text.normalName : null,
    null,
    contact % 3 === 0 ? null : `+1555${digits}`,
    contact % 4 === 0 ? `https://property-${digits}.example.com` : null,
    // An e-mail address that is none must never block a record (§3.5 D16).
    contact % 50 === 0 ? 'n/a' : `leasing-${digits}@example.com`,
    contact % 7 === 0 ? 1 + (contact % 400) : null,
    text.address,
    text.city,
    text.state,
    text.zip,
    property.isActive ? 'ACTIVE' : 'DISABLED',
    toTimestamp(property.insertedAt),
    toTimestamp(property.updatedAt),
    company < 0 ? null : scene.companyId(company),
    company < 0 ? null : shortId(hash, company),
    shortId(hash, number),
    null,
    2,
    2,
    true,
    true,
    (property.ownFlags & 1) !== 0,
    'incode',
    '[]',
    '[]',
    '["bank_statement", "paystub"]',
    null,
    scene.rawSfdcId(property),
    property.isDeleted,
    syncedAt(scene, number),
  ];
}

/** Rows of `companies`. */
export function* companyRows(scene: Scene): Generator<Row> {
  for (const company of scene.plan.companies) yield companyRow(scene, company);
}

function companyRow(scene: Scene, company: PlannedCompany): Row {
  const { hash } = scene;
  const random = hash(topic.company, company.number);
  const [code, , firstDigit] = states[random % states.length] ?? states[0];
  const insertedAt = scene.plan.now - (400 + (random % 2_800)) * 86_400;
  return [
    scene.companyId(company.number),
    companyName(hash, company),
    `${1 + (random % 999)} Office ${streetKinds[random % streetKinds.length] ?? 'Road'}`,
    cityOf(hash, random),
    code,
    `${firstDigit}${1_000 + (random % 9_000)}`,
    null,
    null,
    null,
    shortId(hash, company.number),
    null,
    toTimestamp(insertedAt),
    toTimestamp(insertedAt + (random % 300) * 86_400),
    company.kind === 'softDeleted',
    syncedAt(scene, company.number),
  ];
}

/** The feature catalogue: the four synced codes, then the two that are not (docs/domain.md §1.1). */
export const featureCatalogue = [
  ['identity_verification', 'Identity verification'],
  ['bank_linking', 'Bank linking'],
  ['payroll_linking', 'Payroll linking'],
  ['income_verification', 'Income verification'],
  ['identity_verification_only_web_portal', 'Identity verification only'],
  ['rental_history', 'Rental history'],
] as const;

/** Rows of `features`. */
export function* featureRows(scene: Scene): Generator<Row> {
  for (const [index, [code, name]] of featureCatalogue.entries()) {
    yield [uuid(scene.hash, idTopic.feature, index), name, code, false, syncedAt(scene, index)];
  }
}
