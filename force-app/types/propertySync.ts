/**
 * What the Lightning components and the Apex class `PropertySyncController` say to each other. The middleware's own
 * answers are taken from its contracts (middleware/src/contracts), as types alone: nothing of this file is deployed, and
 * the JavaScript that is built from the components has no trace of it.
 *
 * The methods and their parameters (Salesforce matches them by name):
 *
 * | method           | parameters              | answer           | asks the middleware for                        |
 * | ---------------- | ----------------------- | ---------------- | ---------------------------------------------- |
 * | `getStatus`      | `recordId`              | `StatusAnswer`   | `GET /v1/properties/{recordId}/status`         |
 * | `getProperty`    | `recordId`              | `Property`       | `GET /v1/properties/{recordId}`                |
 * | `getExplanation` | `recordId`              | `Explanation`    | `GET /v1/properties/{recordId}/explanation`    |
 * | `getHistory`     | `recordId`, `cursor`    | `HistoryPage`    | `GET /v1/properties/{recordId}/history`        |
 * | `requestResync`  | `recordId`, `requestKey`| `Resync`         | `POST /v1/properties/{recordId}/resyncs`       |
 * | `getResync`      | `resyncId`              | `Resync`         | `GET /v1/resyncs/{resyncId}`                   |
 *
 * None is cacheable: each is called afresh. `cursor` is null for the first page. `requestKey` is sent as
 * `Idempotency-Key`; the acting user is taken from the session by Apex.
 *
 * How a failure is told. `getStatus` throws only where the caller may not ask at all: everything that goes wrong with the
 * middleware is its `problem`, so that the rows that Salesforce holds are shown all the same. The others throw an
 * `AuraHandledException` whose message is a `ControllerProblem` as JSON.
 */
import type {
  FeatureState,
  HistoryEntry,
  Page,
  PropertyStatus,
} from '../../middleware/src/contracts/index.ts';

export type {
  Explanation,
  FeatureState,
  FieldChange,
  FieldExplanation,
  HistoryEntry,
  MemberStatus,
  Property,
  PropertyStatus,
  Resync,
  ResyncState,
  RunItemState,
  SyncState,
} from '../../middleware/src/contracts/index.ts';

/** Why something could not be answered. */
export interface ControllerProblem {
  /**
   * Stable. The middleware's own `code` where it answered with a problem (middleware/src/errors.ts); or what Apex itself
   * found, see `ControllerCode`.
   */
  readonly code: string;
  /** The middleware's `detail`, or a sentence of Apex. */
  readonly message: string;
  /** What to do next; null for nothing to add. */
  readonly action: string | null;
  /** Of the header `Retry-After`, in seconds; null or absent without one. */
  readonly retryAfterSeconds?: number | null;
}

/** The codes that Apex finds by itself. */
export type ControllerCode =
  /** No answer: refused, timed out, no such host. */
  | 'MIDDLEWARE_UNREACHABLE'
  /** An answer that is not what the contract says. */
  | 'MIDDLEWARE_ANSWER_INVALID'
  /** The user lacks the custom permission, or may not use the credential. */
  | 'NO_PERMISSION'
  /** The user sees no such record. */
  | 'RECORD_NOT_FOUND';

/** A row of `Product_Property__c` as Salesforce itself holds it, read in user mode. Newest `lastSyncedAt` first. */
export interface HeldRow {
  readonly stagingId: string;
  readonly name: string | null;
  /** `RDS_Property_ID__c`. */
  readonly rdsPropertyId: string | null;
  /** `Last_Synced_At__c`, ISO 8601. */
  readonly lastSyncedAt: string | null;
  /** `Status__c`. */
  readonly statusText: string | null;
  /** All five, in the order of the contract: `idv`, `bank_linking`, `payroll`, `income_insights`, `document_fraud`. */
  readonly features: readonly FeatureState[];
}

/** Everything for the first paint, in one call. */
export interface StatusAnswer {
  /** Whether the middleware answered at all, be it with a problem. */
  readonly reachable: boolean;
  /** Null where there is a problem. */
  readonly status: PropertyStatus | null;
  readonly problem: ControllerProblem | null;
  /** The row itself on its page; all linked rows, and those naming it as their source, on that of a `Property__c`. */
  readonly rows: readonly HeldRow[];
  /** Whether the user has the custom permission `Property_Sync_Resync`. */
  readonly canResync: boolean;
}

export type HistoryPage = Page<HistoryEntry>;

/** The platform event `Property_Sync__e` (docs/domain.md §4.2). */
export interface SyncEventPayload {
  readonly Group_Key__c: string;
  readonly Resync_ID__c: string;
  /** `running`, `succeeded`, `partiallySucceeded` or `failed`. */
  readonly State__c: string;
  readonly Occurred_At__c: string;
}
