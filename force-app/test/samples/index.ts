import type {
  Explanation,
  HistoryEntry,
  MemberStatus,
  Property,
  PropertyStatus,
  Resync,
  StatusAnswer,
  SyncState,
} from '../../types/propertySync.ts';

/** The moment at which every test with a clock begins. */
export const now = '2026-01-05T12:00:00.000Z';
export const recordId = 'a13ZZ000002PKsbYAG';
export const groupKey = 'a01ZZ000001PKndYAG';
export const ownId = 'a0000001-0000-4000-8000-000000000001';
export const siblingId = 'a0000002-0000-4000-8000-000000000002';
export const resyncId = '01900000-0000-7000-8000-000000000001';

const planId = '01900000-0000-7000-8000-0000000000aa';
const runId = '01900000-0000-7000-8000-0000000000bb';
const dataAsOf = {
  planId,
  businessTime: '2026-01-05T11:48:00.000Z',
  sourceFreshAt: '2026-01-05T11:40:00.000Z',
};

export function member(over: Partial<MemberStatus> = {}): MemberStatus {
  return {
    rdsPropertyId: ownId,
    name: 'Park Kennedy',
    state: 'verified',
    isContributor: true,
    classification: 'IN_SYNC',
    reasonCode: null,
    warnings: [],
    stagingIds: [recordId],
    linkedId: groupKey,
    changes: [],
    isInFlight: false,
    lastVerifiedAt: '2026-01-05T10:00:00.000Z',
    lastRunId: runId,
    error: null,
    ...over,
  };
}

/** A status whose state is that of its first member. */
export function status(
  members: MemberStatus[] = [member()],
  over: Partial<PropertyStatus> = {},
): PropertyStatus {
  return {
    groupKey,
    sfdcId: groupKey,
    rdsPropertyId: ownId,
    state: members[0]!.state,
    doMembersDiffer: new Set(members.map(({ state }) => state)).size > 1,
    members,
    resync: null,
    schedules: [
      { sync: 'A', nextAt: '2026-01-05T12:20:00.000Z', pause: null },
      { sync: 'B', nextAt: '2026-01-05T12:12:00.000Z', pause: null },
    ],
    dataAsOf,
    ...over,
  };
}

export function answer(over: Partial<StatusAnswer> = {}): StatusAnswer {
  return {
    reachable: true,
    status: status(),
    problem: null,
    rows: [
      {
        stagingId: recordId,
        name: 'Park Kennedy',
        rdsPropertyId: ownId,
        lastSyncedAt: '2026-01-05T10:00:00.000Z',
        statusText: 'ACTIVE',
        features: [
          { feature: 'idv', isEnabled: true, startDate: '2025-11-10' },
          { feature: 'payroll', isEnabled: false, startDate: null },
        ],
      },
    ],
    canResync: true,
    ...over,
  };
}

/** An answer in which the middleware's own is missing. */
export function without(code: string, over: Partial<StatusAnswer> = {}): StatusAnswer {
  return answer({ status: null, problem: { code, message: `Said with ${code}.`, action: null }, ...over });
}

/** What can be shown of an answer; loading is what there is without one. */
export type AnsweredFace = SyncState | 'unavailable' | 'noPermission' | 'notAProperty' | 'notPlanned';

export const change = { field: 'ID_Verification_Enabled__c', from: false, to: true };

export function explanation(over: Partial<Explanation['members'][number]> = {}): Explanation {
  return {
    groupKey,
    sfdcId: groupKey,
    rdsPropertyId: ownId,
    dataAsOf,
    readAt: now,
    members: [
      {
        rdsPropertyId: ownId,
        name: 'Park Kennedy',
        isContributor: true,
        classification: 'UPDATE',
        reasonCode: null,
        warnings: [],
        stagingIds: [recordId],
        fields: [
          {
            field: 'ID_Verification_Enabled__c',
            column: 'idv_enabled',
            source: true,
            view: true,
            expected: true,
            salesforce: false,
            doesDiffer: true,
            rule: 'On if any contributor of the group has ID verification on.',
            contributorId: ownId,
          },
          {
            field: 'ID_Verification_Start_Date__c',
            column: 'idv_start_date',
            source: null,
            view: null,
            expected: '2025-11-10',
            salesforce: '2025-11-10',
            doesDiffer: false,
            rule: 'The earliest day.',
            contributorId: null,
          },
        ],
        diagnosis: [
          {
            hypothesis: 'idMismatch',
            doesHold: true,
            finding: 'The id does not match.',
            action: 'Correct the id.',
          },
          { hypothesis: 'syncNotRunning', doesHold: false, finding: 'It runs.', action: null },
        ],
        ...over,
      },
    ],
  };
}

export function property(): Property {
  const common = { shortId: null, companyId: null, companyName: 'Kennedy Homes', warnings: [] };
  return {
    groupKey,
    sfdcId: groupKey,
    rdsPropertyId: ownId,
    primaryRdsPropertyId: ownId,
    name: 'Park Kennedy',
    companyName: 'Kennedy Homes',
    street: null,
    city: null,
    state: null,
    postalCode: null,
    features: [],
    activePropertyCount: 1,
    totalFeatureCount: 1,
    isMultiProperty: false,
    hasPaidFeatures: true,
    members: [
      {
        ...common,
        rdsPropertyId: ownId,
        name: 'Park Kennedy',
        status: 'ACTIVE',
        isContributor: true,
        classification: 'CREATE',
        reasonCode: null,
        stagingIds: [],
        features: [
          { feature: 'idv', isEnabled: true, startDate: '2025-11-10' },
          { feature: 'bank_linking', isEnabled: true, startDate: null },
          { feature: 'payroll', isEnabled: false, startDate: null },
        ],
      },
      {
        ...common,
        rdsPropertyId: siblingId,
        name: 'Park Kennedy Guarantor',
        status: 'DISABLED',
        isContributor: false,
        classification: 'IN_SYNC',
        reasonCode: null,
        stagingIds: [recordId],
        features: [],
      },
    ],
    dataAsOf,
  };
}

export function entry(over: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    runId,
    rdsPropertyId: ownId,
    kind: 'resync',
    trigger: 'resync',
    actor: 'record page',
    actingUser: 'Dana Smith',
    operation: 'update',
    state: 'verified',
    changes: [change],
    wasCreated: false,
    error: null,
    sentAt: '2026-01-05T10:00:00.000Z',
    endedAt: '2026-01-05T10:00:05.000Z',
    ...over,
  };
}

export function resync(over: Partial<Resync> = {}): Resync {
  return {
    resyncId,
    groupKey,
    requestedId: recordId,
    urgency: 'urgent',
    state: 'queued',
    stage: null,
    requestedBy: 'record page',
    actingUser: 'Dana Smith',
    createdAt: now,
    startedAt: null,
    endedAt: null,
    planId: null,
    runIds: [],
    members: [],
    error: null,
    ...over,
  };
}

export const written = {
  rdsPropertyId: ownId,
  name: 'Park Kennedy',
  classification: 'UPDATE' as const,
  reasonCode: null,
  state: 'verified' as const,
  error: null,
};

/** What Apex throws, as Lightning hands it on. */
export function thrown(code: string, over: Record<string, unknown> = {}): unknown {
  const problem = { code, message: `Said with ${code}.`, action: null, ...over };
  return { status: 500, body: { message: JSON.stringify(problem) } };
}

const failure: MemberStatus['error'] = {
  class: 'permanentData',
  code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
  message: 'The state "Cascadia" is no US state.',
  fields: ['State_Code__c'],
};
const pause = { at: now, by: 'Dana Smith', reason: 'a new mapping is being tried' };

const ofMember = (over: Partial<MemberStatus>, ofStatus: Partial<PropertyStatus> = {}): StatusAnswer =>
  answer({ status: status([member(over)], ofStatus) });

/** One answer for each state. */
export const answers: Readonly<Record<AnsweredFace, StatusAnswer>> = {
  syncing: ofMember(
    { state: 'syncing', classification: 'UPDATE' },
    { resync: resync({ state: 'running', stage: 'writing', startedAt: now }) },
  ),
  conflict: ofMember({
    ...{ state: 'conflict', classification: 'CONFLICT' },
    stagingIds: [recordId, 'a13ZZ000002PKscYAG'],
  }),
  quarantined: ofMember({ state: 'quarantined', classification: 'UPDATE', error: failure }),
  failed: ofMember({
    ...{ state: 'failed', classification: 'UPDATE' },
    error: { class: 'transient', code: 'UNABLE_TO_LOCK_ROW', message: 'The row was locked.', fields: [] },
  }),
  drifted: ofMember({
    ...{ state: 'drifted', classification: 'UPDATE' },
    changes: [change, { field: 'City__c', from: 'Elsewhere', to: 'Amberham' }],
  }),
  pending: ofMember({
    ...{ state: 'pending', classification: 'UPDATE' },
    changes: [{ field: 'Bank_Linking_Start_Date__c', from: null, to: '2026-01-05' }],
  }),
  neverSynced: ofMember({
    ...{ state: 'neverSynced', classification: 'CREATE', stagingIds: [] },
    ...{ lastVerifiedAt: null, lastRunId: null },
  }),
  paused: ofMember(
    { state: 'paused' },
    {
      schedules: [
        { sync: 'A', nextAt: null, pause },
        { sync: 'B', nextAt: null, pause },
      ],
    },
  ),
  verified: answer(),
  excluded: ofMember({
    ...{ state: 'excluded', classification: 'EXCLUDED', reasonCode: 'NO_COMPANY', stagingIds: [] },
    ...{ lastVerifiedAt: null, lastRunId: null },
  }),
  unavailable: without('MIDDLEWARE_UNREACHABLE', {
    reachable: false,
    problem: { code: 'MIDDLEWARE_UNREACHABLE', message: 'Property Sync did not answer.', action: null },
  }),
  noPermission: without('NO_PERMISSION', { rows: [], canResync: false }),
  notAProperty: without('NOT_FOUND', { rows: [] }),
  notPlanned: without('PLAN_MISSING'),
};

/** Two properties of one record that do not stand alike. */
export const groupAnswer: StatusAnswer = answer({
  status: status(
    [
      member({ state: 'drifted', classification: 'UPDATE', changes: [change] }),
      member({
        ...{ rdsPropertyId: siblingId, name: 'Park Kennedy Guarantor', isContributor: false },
        stagingIds: ['a13ZZ000002PKscYAG'],
      }),
    ],
    { rdsPropertyId: null },
  ),
});
