import { defaultFieldMap, keyMapping, stagingObject } from '../../middleware/src/contracts/index.ts';
import { defaultDeliveryLimits } from '../../middleware/src/delivery/deliveryDeps.ts';
import { januaryProperties, type BaselineVariant } from '../baseline/january.ts';
import { cohort, type OrgAudit } from './auditOrg.ts';
import { criterion, type Criterion } from './criteria.ts';
import { drawRejections } from './drawRejections.ts';
import type { OrgClient } from './orgClient.ts';

export const variantNames = ['clean', 'faulted', 'collapse', 'lost-answers', 'fresh-org'] as const;
export type VariantName = (typeof variantNames)[number];

/** Records that the org refuses for ever. */
export interface Rejected {
  readonly creates: number;
  readonly updates: number;
}

const nothingRejected: Rejected = { creates: 0, updates: 0 };

/** What a variant's own criteria look at, beside the org. */
export interface VariantFacts {
  readonly before: OrgAudit;
  readonly toCreate: number;
  readonly toUpdate: number;
  readonly derivedOnly: number;
}

/** A rollout of docs/domain.md §18.7: what the org does to it, and what must come out nevertheless. */
export interface Variant {
  readonly baseline: BaselineVariant;
  /** Makes the org behave so, once it has been read, and tells how many records it will refuse for ever. */
  plant(org: OrgClient, before: OrgAudit): Promise<Rejected>;
  /** What must hold for this variant beside what holds for all. */
  judge(org: OrgClient, facts: VariantFacts): Promise<Criterion[]>;
}

const clean: Variant = {
  baseline: 'january',
  plant: () => Promise.resolve(nothingRejected),
  judge: () => Promise.resolve([]),
};

const createPath = `/composite/sobjects/${stagingObject}/${keyMapping.field}$`;

/** The org's automation refuses a few records, and gives in under each insert batch of more than 100 once. */
const faulted: Variant = {
  ...clean,
  async plant(org, before) {
    const share = before.evaluations.size / januaryProperties;
    const scaled = (count: number): number => Math.max(1, Math.round(count * share));
    const rejected = { creates: scaled(5), updates: scaled(6) };
    const { creates, updates } = drawRejections(before, rejected);
    await org.control('PUT', 'automation', {
      rejections: [
        { keys: creates, on: 'insert', error: 'flowPicklist' },
        { keys: updates, on: 'update', error: 'validation' },
      ],
      insertLimit: { maxRecords: 100, when: 'oncePerBatch' },
    });
    return rejected;
  },
};

/** Most inserts that the org's automation bears. */
const mostInserts = 50;

/** The org's automation gives in under every insert batch of more than 50, as it once did under 1,297 of 1,297. */
const collapse: Variant = {
  ...clean,
  async plant(org) {
    await org.control('PUT', 'automation', { insertLimit: { maxRecords: mostInserts, when: 'always' } });
    // Delays nothing: a rule counts the requests that it matches.
    await org.setFaults([{ kind: 'slow', delayMs: 0, match: { method: 'PATCH', path: createPath } }]);
    return nothingRejected;
  },
  async judge(org, { toCreate }) {
    const [creates] = await org.faultCounts();
    // The ramp begins with what the org bears, tries more once, and stays with what it bears.
    const failedCalls = toCreate > 2 * mostInserts ? 1 : 0;
    return [
      criterion('createCalls', '==', Math.ceil(toCreate / mostInserts) + failedCalls, creates?.matches ?? 0),
    ];
  },
};

/** Every tenth answer is lost after everything was done; of those that tell what was written, every third. */
const lostAnswers: Variant = {
  ...clean,
  async plant(org) {
    await org.setFaults([
      { kind: 'resetAfter', every: 3, match: { method: 'PATCH', path: '/composite/sobjects' } },
      { kind: 'resetAfter', every: 10 },
    ]);
    return nothingRejected;
  },
  async judge(org) {
    const [writes, others] = await org.faultCounts();
    return [
      criterion('lostWrites', '>=', 1, writes?.hits ?? 0),
      criterion('lostAnswers', '>=', 1, others?.hits ?? 0),
    ];
  },
};

const derivedFields = new Set(defaultFieldMap.flatMap(({ field, isDerived }) => (isDerived ? field : [])));

/** The org has just got the derived fields: every row is to be written, most of them for these fields alone. */
const freshOrg: Variant = {
  ...clean,
  baseline: 'fresh-org',
  async judge(org, { before, toUpdate, derivedOnly }) {
    const expected = cohort(
      before,
      ({ changes }) => changes.length > 0 && changes.every(({ field }) => derivedFields.has(field)),
    );
    const jobs = toUpdate > defaultDeliveryLimits.maxCollectionRows ? 1 : 0;
    return [
      criterion('derivedOnly', '==', expected.length, derivedOnly),
      criterion('ingestJobs', '==', jobs, await org.ingestJobs()),
    ];
  },
};

export const variants: Readonly<Record<VariantName, Variant>> = {
  clean,
  faulted,
  collapse,
  'lost-answers': lostAnswers,
  'fresh-org': freshOrg,
};
