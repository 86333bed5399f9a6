import { uuidv7 } from 'uuidv7';
import type { Plan, Run } from '../../../middleware/src/contracts/index.ts';
import type { PlanItem } from '../../../middleware/src/ports/runStore.ts';

export const aPlan = (values: Partial<Plan> = {}): Plan => ({
  planId: uuidv7(),
  groupKey: null,
  state: 'building',
  stage: null,
  isAttended: true,
  createdAt: new Date().toISOString(),
  builtAt: null,
  businessTime: null,
  isSourceStale: false,
  summary: null,
  guards: [],
  planHash: null,
  cohortHashes: null,
  configHash: null,
  viewHashes: {},
  mirrorWatermark: null,
  sourceFreshAt: null,
  timingsMs: {},
  error: null,
  ...values,
});

export const noCounts = {
  planned: 0,
  attempted: 0,
  written: 0,
  created: 0,
  updated: 0,
  verified: 0,
  failed: 0,
  quarantined: 0,
  skipped: 0,
  unknown: 0,
  waiting: 0,
};

export const aRun = (planId: string, values: Partial<Run> = {}): Run => ({
  runId: uuidv7(),
  planId,
  sync: 'A',
  kind: 'create',
  state: 'queued',
  stage: null,
  trigger: 'manual',
  actor: 'tester',
  actingUser: null,
  resyncId: null,
  skipMoved: false,
  pause: null,
  stopRequest: null,
  brakeBase: null,
  createdAt: new Date().toISOString(),
  startedAt: null,
  endedAt: null,
  counts: noCounts,
  timingsMs: {},
  error: null,
  ...values,
});

export const aPlanItem = (ordinal: number, values: Partial<PlanItem> = {}): PlanItem => ({
  rdsPropertyId: `property-${ordinal}`,
  operation: 'create',
  ordinal,
  stagingId: null,
  groupKey: `group-${ordinal}`,
  priority: null,
  expected: { Name: `Maple Court ${ordinal}`, Active_Property_Count__c: 1, Is_Multi_Property__c: false },
  changes: [],
  warnings: [],
  rowHash: `hash-${ordinal}`,
  ...values,
});

export const aRequest = (): { key: string; bodyHash: string } => ({ key: uuidv7(), bodyHash: 'body' });
