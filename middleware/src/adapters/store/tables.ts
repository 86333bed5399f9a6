import type { Generated, JSONColumnType } from 'kysely';
import type {
  FieldChange,
  GuardResult,
  ItemError,
  MappedValues,
  Operation,
  Plan,
  PlanState,
  PlanSummary,
  Resync,
  ResyncState,
  Run,
  RunItemState,
  RunKind,
  RunPause,
  RunState,
  StopRequest,
  Sync,
  SyncEvent,
  SyncPause,
  Tick,
} from '../../contracts/index.ts';
import type { PlannedMember } from '../../ports/groupStore.ts';

/** jsonb: read as its value, written as JSON text, the one form that both drivers encode alike. */
type Json<T extends object | null> = JSONColumnType<T, string | null, string | null>;

interface PlanTable {
  planId: string;
  groupKey: string | null;
  state: PlanState;
  stage: string | null;
  isAttended: boolean;
  createdAt: string;
  builtAt: string | null;
  businessTime: string | null;
  isSourceStale: boolean;
  summary: Json<PlanSummary | null>;
  guards: Json<GuardResult[]>;
  planHash: string | null;
  cohortHashes: Json<Plan['cohortHashes']>;
  configHash: string | null;
  viewHashes: Json<Record<string, string>>;
  mirrorWatermark: string | null;
  sourceFreshAt: string | null;
  timingsMs: Json<Record<string, number>>;
  error: Json<Plan['error']>;
  hold: Generated<number>;
}

interface PlanItemTable {
  planId: string;
  operation: Operation;
  ordinal: number;
  rdsPropertyId: string;
  stagingId: string | null;
  groupKey: string;
  priority: string | null;
  expected: Json<MappedValues>;
  changes: Json<FieldChange[]>;
  warnings: Json<string[]>;
  rowHash: string;
}

interface RunTable {
  runId: string;
  planId: string;
  sync: Sync;
  kind: RunKind;
  state: RunState;
  stage: string | null;
  trigger: string;
  actor: string;
  actingUser: string | null;
  resyncId: string | null;
  skipMoved: boolean;
  pause: Json<RunPause | null>;
  stopRequest: Json<StopRequest | null>;
  brakeBase: Json<Run['brakeBase']>;
  hold: Generated<number>;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
  timingsMs: Json<Record<string, number>>;
  error: Json<Plan['error']>;
}

interface RunItemTable {
  runId: string;
  rdsPropertyId: string;
  ordinal: number;
  operation: Operation;
  state: RunItemState;
  stagingId: string | null;
  groupKey: string;
  expected: Json<MappedValues>;
  changes: Json<FieldChange[]>;
  warnings: Json<string[]>;
  attempts: Generated<number>;
  batchNumber: number | null;
  wasCreated: boolean | null;
  before: Json<MappedValues | null>;
  after: Json<MappedValues | null>;
  systemModstampBefore: string | null;
  systemModstampAfter: string | null;
  error: Json<ItemError | null>;
  sentAt: string | null;
  acceptedAt: string | null;
  endedAt: string | null;
}

interface DeliveryBatchTable {
  runId: string;
  batchNumber: number;
  channel: 'collection' | 'bulk';
  jobId: string | null;
  isDone: boolean;
}

interface AuditOutboxTable {
  runId: string;
  queuedAt: Generated<string>;
  completedAt: string | null;
}

interface ResyncTable {
  resyncId: string;
  groupKey: string;
  requestedId: string;
  urgency: Resync['urgency'];
  state: ResyncState;
  stage: Resync['stage'];
  requestedBy: string;
  actingUser: string | null;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
  planId: string | null;
  members: Json<Resync['members']>;
  error: Json<Resync['error']>;
  hold: Generated<number>;
}

interface SyncScheduleTable {
  sync: Sync;
  pause: Json<SyncPause | null>;
  lastTick: Json<Tick | null>;
}

interface SyncEventTable {
  eventId: string;
  kind: SyncEvent['kind'];
  subject: string;
  actor: string;
  reason: string;
  at: string;
  carriedAt: string | null;
}

interface PlannedGroupsTable {
  planId: string;
  mirroredAt: string;
}

interface PlannedMemberTable {
  planId: string;
  rdsPropertyId: string;
  groupKey: string;
  ordinal: number;
  stagingIds: string[];
  member: Json<PlannedMember>;
}

interface IdempotencyTable {
  key: string;
  bodyHash: string;
  kind: 'plan' | 'run' | 'resync';
  createdId: string;
  createdAt: Generated<string>;
}

/** The tables of migrations/, as the queries see them: camelCase names, timestamps as ISO strings in UTC. */
export interface Tables {
  plan: PlanTable;
  planItem: PlanItemTable;
  run: RunTable;
  runItem: RunItemTable;
  deliveryBatch: DeliveryBatchTable;
  auditOutbox: AuditOutboxTable;
  idempotency: IdempotencyTable;
  resync: ResyncTable;
  syncSchedule: SyncScheduleTable;
  syncEvent: SyncEventTable;
  plannedGroups: PlannedGroupsTable;
  plannedMember: PlannedMemberTable;
}
