import type {
  FieldChange,
  HistoryEntry,
  ItemError,
  MappedValues,
  Operation,
  Plan,
  ResyncState,
  Run,
  RunCounts,
  RunItem,
  RunItemState,
  RunKind,
  RunState,
  StopRequest,
  Sync,
  SyncEvent,
} from '../contracts/index.ts';

/** One row of a plan. `changes` is empty for a create: everything in `expected` is new. */
export interface PlanItem {
  readonly rdsPropertyId: string;
  readonly operation: Operation;
  /** Position in its cohort, from 0: the order of delivery. */
  readonly ordinal: number;
  readonly stagingId: string | null;
  readonly groupKey: string;
  readonly priority: string | null;
  readonly expected: MappedValues;
  readonly changes: readonly FieldChange[];
  readonly warnings: readonly string[];
  /** Hash of what the row would write; a plan holds while it is unchanged. */
  readonly rowHash: string;
}

/** What a creating request is remembered by: the same key with the same body answers the same thing again. */
export interface Idempotency {
  readonly key: string;
  readonly bodyHash: string;
}

/** One call or one job, stored before anything is sent: after a crash it says what may have reached Salesforce. */
export interface DeliveryBatch {
  readonly runId: string;
  readonly batchNumber: number;
  readonly channel: 'collection' | 'bulk';
  readonly jobId: string | null;
  readonly isDone: boolean;
}

/** Changes to one run item; what is absent stays. */
export interface ItemUpdate {
  readonly rdsPropertyId: string;
  readonly state?: RunItemState;
  readonly stagingId?: string;
  readonly wasCreated?: boolean;
  readonly before?: MappedValues | null;
  readonly after?: MappedValues | null;
  readonly systemModstampBefore?: string | null;
  readonly systemModstampAfter?: string | null;
  readonly error?: ItemError | null;
}

/** What the ledger knows of a property: its newest item, and its newest verified one. */
export interface LatestItem {
  readonly rdsPropertyId: string;
  readonly newest: RunItem;
  readonly runState: RunState;
  readonly verified: RunItem | null;
}

/** What the store holds, in numbers; a state that nothing is in is absent. */
export interface Tally {
  readonly runs: Readonly<Partial<Record<RunState, number>>>;
  readonly openResyncs: Readonly<Partial<Record<ResyncState, number>>>;
  /** Plans of all properties that wait or are being built. */
  readonly buildingPlans: number;
  readonly items: Readonly<Partial<Record<RunItemState, number>>>;
}

/** What goes with a change of a run. */
export interface MoveOptions {
  /** What must still be asked of the run; null is nothing, and without it nobody looks. */
  readonly stopKind?: StopRequest['kind'] | null;
  /** Queues the work of the run again. */
  readonly isQueued?: boolean;
  /** Ends the run's planned items as skipped for this cause, and queues its audit. Only for a run that ends. */
  readonly skip?: ItemError;
  readonly hold?: number;
}

/**
 * The operational store: plans, runs and the ledger of every record. Each method is one transaction; what it has
 * acknowledged survives a kill of the process. Throws `SyncError` STORE_UNAVAILABLE; what is given the hold of a plan or a
 * run that somebody else has taken since stores nothing and throws RUN_CONFLICT.
 */
export interface RunStore {
  /** Stores the plan in state `building` and queues its work, or returns the plan the same key made before. */
  createPlan(plan: Plan, idempotency: Idempotency): Promise<{ plan: Plan; isNew: boolean }>;
  readPlan(planId: string): Promise<Plan | undefined>;
  /** The plan of all properties built last, `ready` or `blocked`; one that is being built or has failed is none. */
  latestBuiltPlan(): Promise<Plan | undefined>;
  /** Plans of all properties, newest first, after the plan with this id. */
  listPlans(options: { limit: number; afterId?: string }): Promise<Plan[]>;
  /** Takes the plan for whoever builds it from now on, and answers the hold to write with; see `holdRun`. */
  holdPlan(planId: string): Promise<number>;
  updatePlan(planId: string, patch: Partial<Omit<Plan, 'planId'>>, hold?: number): Promise<void>;
  /** Forgets the items of a plan whose building was interrupted. */
  clearPlanItems(planId: string, hold?: number): Promise<void>;
  appendPlanItems(planId: string, items: readonly PlanItem[], hold?: number): Promise<void>;
  /** Items of a plan, or of one operation of it: creates first, each in order of `ordinal`. */
  listPlanItems(
    planId: string,
    options: {
      limit: number;
      after?: { operation: Operation; ordinal: number };
      operation?: Operation;
    },
  ): Promise<PlanItem[]>;
  /** Items in order of `ordinal`, in pages; nothing may write while a page is being read. */
  streamPlanItems(planId: string, operation: Operation): AsyncIterable<PlanItem[]>;

  /**
   * Stores the run in state `queued` with one `planned` item per plan item of its operation, and queues its work.
   * Throws RUN_CONFLICT if a run of the same sync has not ended.
   */
  createRun(run: Run, idempotency: Idempotency): Promise<{ run: Run; isNew: boolean }>;
  /** Runs, newest first, after the run with this id. */
  listRuns(options: {
    limit: number;
    afterId?: string;
    states?: readonly RunState[];
    sync?: Sync;
    kinds?: readonly RunKind[];
  }): Promise<Run[]>;
  /** The run of this sync that has not ended; resyncs are none. */
  openRunOf(sync: Sync): Promise<Run | undefined>;
  /**
   * Takes the run for whoever carries it out from now on, and answers the hold to write with. A worker that stood still
   * for longer than its lease finds out here that another one has taken over, before it sends or ends anything.
   */
  holdRun(runId: string): Promise<number>;
  /** Only asks: before something leaves that no store can refuse. */
  assertHeld(runId: string, hold?: number): Promise<void>;
  /**
   * Changes the run together with what belongs to the change, in one transaction; does nothing and answers undefined
   * if the run is no longer in one of these states, or if something else has been asked of it than `stopKind`.
   */
  moveRun(
    runId: string,
    from: readonly RunState[],
    patch: Partial<Omit<Run, 'runId' | 'counts'>>,
    event: SyncEvent | null,
    options?: MoveOptions,
  ): Promise<Run | undefined>;
  /** The run with its counts as they are now. */
  readRun(runId: string): Promise<Run | undefined>;
  updateRun(runId: string, patch: Partial<Omit<Run, 'runId' | 'counts'>>, hold?: number): Promise<void>;
  countItems(runId: string): Promise<RunCounts>;
  /** Items in these states in order of `ordinal`, at most `limit`, after `afterOrdinal`. */
  readItems(
    runId: string,
    options: { states: readonly RunItemState[]; limit: number; afterOrdinal?: number },
  ): Promise<RunItem[]>;
  /** Runs' items of these properties, newest run first, after this one; what `GET …/history` shows. */
  listHistory(
    rdsPropertyIds: readonly string[],
    options: { limit: number; after?: { runId: string; rdsPropertyId: string } },
  ): Promise<HistoryEntry[]>;
  /** Of each of these properties the item of its newest run, and the last one that was verified; resyncs count. */
  latestItems(rdsPropertyIds: readonly string[]): Promise<LatestItem[]>;
  readItemsByKey(runId: string, rdsPropertyIds: readonly string[]): Promise<RunItem[]>;
  readItemsByStagingId(runId: string, stagingIds: readonly string[]): Promise<RunItem[]>;
  /** Items of one batch, in order. */
  readBatchItems(runId: string, batchNumber: number): Promise<RunItem[]>;
  /** Stamps the states that items enter with business time. */
  updateItems(runId: string, updates: readonly ItemUpdate[], hold?: number): Promise<void>;
  /**
   * Stores the intent: before-images, state `sent`, one more attempt, membership of the batch. A property is on its way
   * in one run at a time: those that another run has `sent` and not settled get no intent and are returned.
   */
  saveIntent(batch: DeliveryBatch, items: readonly ItemUpdate[], hold?: number): Promise<readonly string[]>;
  /** Stored before the upload, so that a crash can resume by job id. */
  saveJob(runId: string, batchNumber: number, jobId: string, hold?: number): Promise<void>;
  /** Stores what became of items of a batch; with `isDone` the batch needs no more looking after. */
  saveOutcomes(
    runId: string,
    batchNumber: number,
    updates: readonly ItemUpdate[],
    options: { isDone: boolean; hold?: number },
  ): Promise<void>;
  openBatches(runId: string): Promise<DeliveryBatch[]>;
  nextBatchNumber(runId: string): Promise<number>;

  /** Ends the run and queues its audit rows for the warehouse, in one transaction. One that has ended stays as it is. */
  endRun(runId: string, patch: Partial<Omit<Run, 'runId' | 'counts'>>, hold?: number): Promise<void>;
  /** Runs whose audit rows have not reached the warehouse yet, oldest first. */
  pendingAudits(limit: number): Promise<string[]>;
  completeAudit(runId: string): Promise<void>;
  /** Stores what somebody did that changes nothing else here. */
  recordEvent(event: SyncEvent): Promise<void>;
  /** Events that have not reached the warehouse yet, oldest first. */
  pendingEvents(limit: number): Promise<SyncEvent[]>;
  completeEvents(eventIds: readonly string[]): Promise<void>;

  /** Counts what there is, and the items of the runs created since. */
  tally(itemsSince: Date): Promise<Tally>;

  health(): Promise<{ isReady: boolean; detail: string }>;
}
