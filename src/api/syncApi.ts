import type {
  AppliedViews,
  DoctorReport,
  Explanation,
  Operation,
  Plan,
  planItemSchema,
  Resync,
  Run,
  RunItem,
  RunItemState,
  Schedule,
  Sync,
} from '../../middleware/src/contracts/index.ts';

/** One row of a plan. */
export type PlanItem = ReturnType<(typeof planItemSchema)['parse']>;

/** The first items of a list, and whether there are more. */
export interface Excerpt<Item> {
  readonly items: Item[];
  readonly hasMore: boolean;
}

/**
 * What the commands need of the middleware. Every call may be repeated without harm; every failure is an `SfError` with
 * the problem's code as its name and what to do next as its action.
 */
export interface SyncApi {
  /** Where the middleware is, without a trailing slash. */
  readonly url: string;
  createPlan(): Promise<Plan>;
  readPlan(planId: string): Promise<Plan>;
  listPlanItems(
    planId: string,
    query: { readonly operation: Operation; readonly limit: number },
  ): Promise<Excerpt<PlanItem>>;
  startRun(request: {
    readonly planId: string;
    readonly sync: Sync;
    readonly skipMoved: boolean;
  }): Promise<Run>;
  readRun(runId: string): Promise<Run>;
  /** Newest first. */
  listRuns(query: { readonly limit: number }): Promise<Excerpt<Run>>;
  listRunItems(
    runId: string,
    query: { readonly state: RunItemState; readonly limit: number },
  ): Promise<Excerpt<RunItem>>;
  pauseRun(runId: string, reason: string): Promise<Run>;
  resumeRun(runId: string, reason: string): Promise<Run>;
  cancelRun(runId: string, reason: string): Promise<Run>;
  listSchedules(): Promise<Schedule[]>;
  pauseSync(sync: Sync, reason: string): Promise<Schedule>;
  resumeSync(sync: Sync, reason: string): Promise<Schedule>;
  /** @param propertyId an RDS id, or the id of a Salesforce record of either object */
  startResync(propertyId: string, actingUser: string | null): Promise<Resync>;
  readResync(resyncId: string): Promise<Resync>;
  explainProperty(propertyId: string): Promise<Explanation>;
  examine(): Promise<DoctorReport>;
  /** Makes the warehouse views as the middleware holds them; where they are, nothing changes. */
  applyViews(): Promise<AppliedViews>;
}
