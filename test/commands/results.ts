import type {
  DoctorReport,
  Explanation,
  Plan,
  Resync,
  Run,
  RunItem,
  Schedule,
} from '../../middleware/src/contracts/index.ts';

/** Answers of the middleware for tests: whatever a test does not say is uneventful. */
const at = '2026-01-05T12:00:03.000Z';
export const planId = '01a207c7-9089-7b27-9488-d6947fa17437';
export const runId = '01a207cd-c81e-758d-80f9-19185b5c7119';
export const propertyId = 'a0000001-0000-4000-8000-000000000001';

export function aPlan(changes: Partial<Plan> = {}): Plan {
  return {
    planId,
    groupKey: null,
    state: 'ready',
    stage: null,
    isAttended: true,
    createdAt: at,
    builtAt: at,
    businessTime: at,
    isSourceStale: false,
    summary: {
      tableRows: 20_186,
      properties: 20_174,
      active: 9_061,
      classes: {},
      excluded: { DISABLED: 1_061, NO_COMPANY: 5, TEST_NAME: 0 },
      toCreate: 1_081,
      toCreateP1: 507,
      existing: 17_462,
      matched: 7_980,
      withChanges: 1_843,
      derivedOnly: 12,
      inSync: 15_619,
      conflicts: 258,
      idvMismatches: 799,
      featureAccurate: 0,
      featureComparable: 0,
      blocked: 0,
      blockedWithRow: 0,
      multiProperty: 0,
      largestGroup: 0,
      stagingRows: 0,
      fieldChanges: { Name: 299, Status__c: 312, City__c: 0 },
      valuesCleared: 1,
      warnings: {},
    },
    guards: [
      { guard: 'volume', isTripped: false, isReleasable: true, measured: 0, limit: 0, detail: 'Few enough.' },
    ],
    planHash: null,
    cohortHashes: null,
    configHash: null,
    viewHashes: {},
    mirrorWatermark: null,
    sourceFreshAt: at,
    timingsMs: { views: 200, mirror: 12_500 },
    error: null,
    ...changes,
  };
}

export function aRun(changes: Partial<Run> = {}): Run {
  return {
    runId,
    planId,
    sync: 'A',
    kind: 'create',
    state: 'succeeded',
    stage: null,
    trigger: 'api',
    actor: 'admin',
    actingUser: null,
    resyncId: null,
    skipMoved: false,
    pause: null,
    stopRequest: null,
    brakeBase: null,
    createdAt: at,
    startedAt: at,
    endedAt: '2026-01-05T12:04:08.000Z',
    counts: {
      planned: 1_081,
      attempted: 1_081,
      written: 1_081,
      created: 1_081,
      updated: 0,
      verified: 1_081,
      failed: 0,
      quarantined: 0,
      skipped: 0,
      unknown: 0,
      waiting: 0,
    },
    timingsMs: {},
    error: null,
    ...changes,
  };
}

export function aRunItem(changes: Partial<RunItem> = {}): RunItem {
  return {
    runId,
    rdsPropertyId: propertyId,
    ordinal: 0,
    operation: 'create',
    state: 'failed',
    stagingId: null,
    groupKey: propertyId,
    expected: {},
    changes: [],
    attempts: 1,
    wasCreated: null,
    before: null,
    after: null,
    systemModstampBefore: null,
    systemModstampAfter: null,
    error: { class: 'permanentData', code: 'STRING_TOO_LONG', message: 'Too long.', fields: ['Name'] },
    warnings: [],
    sentAt: at,
    acceptedAt: null,
    endedAt: at,
    ...changes,
  };
}

export function aSchedule(changes: Partial<Schedule> = {}): Schedule {
  return {
    sync: 'A',
    intervalMs: 900_000,
    declaredIntervalMs: 900_000,
    isAsDeclared: true,
    nextAt: '2026-01-05T12:15:00.000Z',
    pause: null,
    lastTick: null,
    ...changes,
  };
}

export function aResync(changes: Partial<Resync> = {}): Resync {
  return {
    resyncId: '01a207cd-f5cc-7396-80ee-e8a2d9feed42',
    groupKey: 'a01ZZ000001PKndYAG',
    requestedId: propertyId,
    urgency: 'urgent',
    state: 'succeeded',
    stage: null,
    requestedBy: 'admin',
    actingUser: null,
    createdAt: at,
    startedAt: at,
    endedAt: at,
    planId,
    runIds: [],
    members: [
      {
        rdsPropertyId: propertyId,
        name: 'Park Kennedy',
        classification: 'CREATE',
        reasonCode: null,
        state: 'verified',
        error: null,
      },
    ],
    error: null,
    ...changes,
  };
}

export function anExplanation(fields: Explanation['members'][number]['fields']): Explanation {
  return {
    groupKey: 'a01ZZ000001PKndYAG',
    sfdcId: 'a01ZZ000001PKndYAG',
    rdsPropertyId: propertyId,
    dataAsOf: { planId, businessTime: at, sourceFreshAt: at },
    readAt: at,
    members: [
      {
        rdsPropertyId: propertyId,
        name: 'Park Kennedy',
        isContributor: true,
        classification: 'UPDATE',
        reasonCode: null,
        warnings: [],
        stagingIds: ['a13ZZ000002PKsbYAG'],
        fields,
        diagnosis: [
          { hypothesis: 'idMismatch', doesHold: false, finding: 'The ids agree.', action: null },
          {
            hypothesis: 'syncNotRunning',
            doesHold: true,
            finding: 'Sync B is not scheduled.',
            action: 'Schedule it.',
          },
        ],
      },
    ],
  };
}

export function aReport(findings: DoctorReport['findings']): DoctorReport {
  return { checkedAt: at, level: 'ok', findings };
}
