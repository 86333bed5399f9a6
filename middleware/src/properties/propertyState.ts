import { syncStates, type FieldChange, type FieldMapping, type SyncState } from '../contracts/index.ts';
import type { Classification, RunItem, RunItemState, RunState } from '../contracts/index.ts';
import { normalizeCurrent } from '../planning/diffFields.ts';
import type { LatestItem } from '../ports/runStore.ts';

/** What the state of one property follows from. */
export interface StateFacts {
  /** As the last plan saw it, with what it would change. */
  readonly classification: Classification;
  readonly changes: readonly FieldChange[];
  /** When the last plan read Salesforce, ISO 8601. */
  readonly mirroredAt: string;
  readonly latest: LatestItem | undefined;
  readonly hasOpenResync: boolean;
  readonly isSyncPaused: boolean;
}

const openItemStates: ReadonlySet<RunItemState> = new Set(['planned', 'sent', 'accepted', 'unknown']);
/** A paused run writes nothing: what it has still to write is pending. */
const writingRunStates: ReadonlySet<RunState> = new Set(['queued', 'running']);

/**
 * The one state of a property (docs/domain.md §9): what the last plan saw, overlaid by what the ledger knows since. The
 * first that applies, in the order of `syncStates`.
 */
export function propertyState(facts: StateFacts, fieldMap: readonly FieldMapping[]): SyncState {
  const { classification, latest, hasOpenResync, isSyncPaused } = facts;
  if (hasOpenResync || (latest !== undefined && isBeingWritten(latest))) return 'syncing';
  const isVerified = wasVerifiedSince(facts);
  if (classification === 'CONFLICT' && !isVerified) return 'conflict';
  const failure = standingFailure(facts);
  if (failure !== null) return failure.state === 'quarantined' ? 'quarantined' : 'failed';
  if (!isVerified) {
    if (classification === 'UPDATE') return hasDrifted(facts, fieldMap) ? 'drifted' : 'pending';
    if (classification === 'CREATE') return 'neverSynced';
    if (classification === 'EXCLUDED') return 'excluded';
  }
  return isSyncPaused ? 'paused' : 'verified';
}

/** The first state, in the order of `syncStates`, that any member has; `excluded` for a group without members. */
export function groupState(states: readonly SyncState[]): SyncState {
  return syncStates.find((state) => states.includes(state)) ?? 'excluded';
}

/** Whether the newest write was read back after the last plan read Salesforce, so that nothing differs any more. */
export function wasVerifiedSince({ latest, mirroredAt }: Pick<StateFacts, 'latest' | 'mirroredAt'>): boolean {
  return latest?.newest.state === 'verified' && isLater(latest.newest.endedAt, mirroredAt);
}

/** The newest item, if it was not written and still is not: nothing verified since, and a later plan has not settled it. */
export function standingFailure({
  latest,
  classification,
  mirroredAt,
}: Pick<StateFacts, 'latest' | 'classification' | 'mirroredAt'>): RunItem | null {
  const newest = latest?.newest;
  if (newest === undefined || (newest.state !== 'quarantined' && newest.state !== 'failed')) return null;
  if (isLater(latest?.verified?.endedAt ?? null, newest.endedAt)) return null;
  const isStillWanted = classification === 'CREATE' || classification === 'UPDATE';
  return isStillWanted || isLater(newest.endedAt, mirroredAt) ? newest : null;
}

const isBeingWritten = ({ newest, runState }: LatestItem): boolean =>
  openItemStates.has(newest.state) && writingRunStates.has(runState);

/** Somebody else wrote a field that is to change: Salesforce no longer holds what we had read back. */
function hasDrifted({ changes, latest }: StateFacts, fieldMap: readonly FieldMapping[]): boolean {
  const image = latest?.verified?.after ?? null;
  if (image === null) return false;
  const verified = normalizeCurrent(image, fieldMap);
  return changes.some(({ field, from }) => from !== (verified[field] ?? null));
}

const isLater = (left: string | null, right: string | null): boolean =>
  left !== null && (right === null || left > right);
