/**
 * Every failure a caller can act on, as one table: the HTTP status and the CLI's exit code it maps to, whether
 * trying again can help, and what to do next. The code is stable and tested; texts are for people.
 */
export const errorTable = {
  CONFIG_INVALID: {
    status: 500,
    exitCode: 2,
    isRetryable: false,
    action: 'Correct the named setting and start again.',
  },
  REQUEST_INVALID: {
    status: 400,
    exitCode: 2,
    isRetryable: false,
    action: 'Correct the named fields and send the request again.',
  },
  MEDIA_TYPE_UNSUPPORTED: {
    status: 415,
    exitCode: 2,
    isRetryable: false,
    action: 'Send the body as JSON, with the header "Content-Type: application/json".',
  },
  UNAUTHENTICATED: {
    status: 401,
    exitCode: 1,
    isRetryable: false,
    action: 'Send a valid key as "Authorization: Bearer <key>" or "X-API-Key".',
  },
  FORBIDDEN: { status: 403, exitCode: 1, isRetryable: false, action: 'Use a key that has the named scope.' },
  NOT_FOUND: { status: 404, exitCode: 1, isRetryable: false, action: 'Check the id.' },
  IDEMPOTENCY_KEY_MISSING: {
    status: 400,
    exitCode: 2,
    isRetryable: false,
    action: 'Send an Idempotency-Key header (any unique text of 8 to 128 characters).',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    exitCode: 1,
    isRetryable: false,
    action: 'Send a new Idempotency-Key for a different request.',
  },
  PLAN_NOT_READY: {
    status: 409,
    exitCode: 69,
    isRetryable: true,
    action: 'Wait until the plan is ready, then start the run.',
  },
  PLAN_BLOCKED: {
    status: 409,
    exitCode: 1,
    isRetryable: false,
    action: 'Read the tripped guards of the plan; fix the cause and make a new plan.',
  },
  PLAN_STALE: { status: 409, exitCode: 1, isRetryable: false, action: 'Make a new plan and run that one.' },
  PLAN_FAILED: {
    status: 409,
    exitCode: 1,
    isRetryable: false,
    action: 'Read the error of the plan, fix its cause and make a new plan.',
  },
  PLAN_MISSING: {
    status: 409,
    exitCode: 69,
    isRetryable: true,
    action: 'Make a plan first: until then nobody has compared the source with Salesforce.',
  },
  SYNC_PAUSED: {
    status: 409,
    exitCode: 1,
    isRetryable: false,
    action: 'Ask whoever paused the sync, or resume it once the cause is mended.',
  },
  RATE_LIMITED: {
    status: 429,
    exitCode: 69,
    isRetryable: true,
    action: 'Wait as long as the header Retry-After says, then send the request again.',
  },
  RUN_CONFLICT: {
    status: 409,
    exitCode: 1,
    isRetryable: true,
    action: 'Wait until the other run has ended.',
  },
  BRAKE_TRIPPED: {
    status: 409,
    exitCode: 1,
    isRetryable: false,
    action: 'Look at the causes of the failed records and mend them; then resume the run, or cancel it.',
  },
  VIEW_CHANGED: {
    status: 409,
    exitCode: 1,
    isRetryable: false,
    action:
      'Apply the views again (PUT /v1/warehouse/views, or sf sync deploy --with-views), then make a new plan.',
  },
  INVARIANT_VIOLATED: {
    status: 500,
    exitCode: 1,
    isRetryable: false,
    action: 'Nothing was written. Look at the named rows; the view or its source is wrong.',
  },
  SOURCE_STALE: {
    status: 409,
    exitCode: 1,
    isRetryable: true,
    action: 'Wait for the ingest of the source (or repair it), then make a new plan.',
  },
  SOURCE_DROPPED: {
    status: 409,
    exitCode: 1,
    isRetryable: false,
    action:
      'Look at the ingest of the source. If the rows are really gone, let the drop through once with the setting guard.sourceDrop.',
  },
  SOURCE_INVALID: {
    status: 500,
    exitCode: 2,
    isRetryable: false,
    action: 'Compare the source tables with the contract and correct the configured names.',
  },
  WAREHOUSE_UNAVAILABLE: {
    status: 503,
    exitCode: 69,
    isRetryable: true,
    action: 'Wait and try again; look at the health of the warehouse.',
  },
  WAREHOUSE_UNAUTHORIZED: {
    status: 502,
    exitCode: 1,
    isRetryable: false,
    action: 'Check the token or the client id and secret, and that they may use the SQL warehouse.',
  },
  WAREHOUSE_QUERY_FAILED: {
    status: 500,
    exitCode: 1,
    isRetryable: false,
    action: 'Read the cause: the statement was refused by the warehouse.',
  },
  SALESFORCE_UNAVAILABLE: {
    status: 503,
    exitCode: 69,
    isRetryable: true,
    action: 'Wait and try again; look at the status of Salesforce.',
  },
  SALESFORCE_UNAUTHORIZED: {
    status: 502,
    exitCode: 1,
    isRetryable: false,
    action:
      'Check how the middleware logs in (client id, secret or key file, run-as user) and that its user is active.',
  },
  SALESFORCE_API_LIMIT: {
    status: 503,
    exitCode: 69,
    isRetryable: true,
    action: 'Wait until API calls are free again, or raise the allocation.',
  },
  SALESFORCE_REJECTED: {
    status: 502,
    exitCode: 1,
    isRetryable: false,
    action: 'Read the cause: Salesforce refused the request.',
  },
  SALESFORCE_SCHEMA: {
    status: 409,
    exitCode: 1,
    isRetryable: false,
    action: 'Create or correct the named field, or give the integration user access to it.',
  },
  STORE_IN_USE: {
    status: 500,
    exitCode: 2,
    isRetryable: false,
    action: 'Stop the other process that uses this data directory, or choose another directory.',
  },
  STORE_UNAVAILABLE: {
    status: 503,
    exitCode: 69,
    isRetryable: true,
    action: 'Wait and try again; look at the health of the store.',
  },
  INTERNAL: {
    status: 500,
    exitCode: 1,
    isRetryable: false,
    action: 'This is a fault of the middleware: look into its log for the id and report it.',
  },
} as const satisfies Record<
  string,
  { status: number; exitCode: number; isRetryable: boolean; action: string }
>;

export type ErrorCode = keyof typeof errorTable;

/** A failure the caller can act on. Bugs stay plain exceptions. */
export class SyncError extends Error {
  readonly code: ErrorCode;
  /** What to do next, as one sentence. */
  readonly action: string;
  /** Named details, one a line: the fields, rows or guards the message speaks of. */
  readonly details: readonly string[];

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; action?: string; details?: readonly string[] } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SyncError';
    this.code = code;
    this.action = options.action ?? errorTable[code].action;
    this.details = options.details ?? [];
  }

  /** Whether the same call may succeed later without anybody doing anything. */
  get isRetryable(): boolean {
    return errorTable[this.code].isRetryable;
  }
}
