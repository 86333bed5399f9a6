import { LightningElement, api } from 'lwc';
import { notifyRecordUpdateAvailable } from 'lightning/uiRecordApi';
import { ShowToastEvent } from 'lightning/platformShowToastEvent';
import getExplanation from '@salesforce/apex/PropertySyncController.getExplanation';
import getResync from '@salesforce/apex/PropertySyncController.getResync';
import getStatus from '@salesforce/apex/PropertySyncController.getStatus';
import requestResync from '@salesforce/apex/PropertySyncController.requestResync';
import MAY_RESYNC from '@salesforce/customPermission/Property_Sync_Resync';
import DATA_AS_OF from '@salesforce/label/c.PropertySync_DataAsOf';
import DIFFERS_MANY from '@salesforce/label/c.PropertySync_Differs_Many';
import DIFFERS_ONE from '@salesforce/label/c.PropertySync_Differs_One';
import LAST_KNOWN from '@salesforce/label/c.PropertySync_LastKnown';
import LAST_VERIFIED from '@salesforce/label/c.PropertySync_LastVerified';
import LOADING from '@salesforce/label/c.PropertySync_Loading';
import MEANS_LAST_KNOWN from '@salesforce/label/c.PropertySync_Means_LastKnown';
import NEVER_VERIFIED from '@salesforce/label/c.PropertySync_NeverVerified';
import NEXT_AT from '@salesforce/label/c.PropertySync_Next_At';
import NO_NAME from '@salesforce/label/c.PropertySync_NoName';
import REFRESH from '@salesforce/label/c.PropertySync_Refresh';
import RESYNC from '@salesforce/label/c.PropertySync_Resync';
import SOURCE_FRESH_AT from '@salesforce/label/c.PropertySync_SourceFreshAt';
import TITLE from '@salesforce/label/c.PropertySync_Title';
import TOAST_FAILED from '@salesforce/label/c.PropertySync_Toast_Failed';
import TOAST_PARTIAL from '@salesforce/label/c.PropertySync_Toast_Partial';
import TOAST_REQUESTED from '@salesforce/label/c.PropertySync_Toast_Requested';
import TOAST_VERIFIED from '@salesforce/label/c.PropertySync_Toast_Verified';
import { withDeadline } from 'c/deadline';
import { differingRows } from 'c/fieldRows';
import { problemOf } from 'c/ldsUtils';
import { isEnded, ResyncFollower } from 'c/resyncFollower';
import {
  isRefusal,
  newRequestKey,
  problemOfResync,
  progressOf,
  refusalOf,
  requesting,
  unwatched,
  type Progress,
} from 'c/resyncProgress';
import { listen } from 'c/syncEvents';
import { faces, type Face } from 'c/syncStates';
import { fill } from 'c/syncText';
import { after, every } from 'c/timer';
import { faceOf, verdictOf, type Verdict } from 'c/verdict';
import type SyncDetails from 'c/syncDetails';
import type {
  ControllerProblem,
  Explanation,
  MemberStatus,
  PropertyStatus,
  Resync,
  StatusAnswer,
  SyncEventPayload,
} from 'types/propertySync';

/** Longer than Apex waits for the middleware. */
const timeoutMs = 20_000;
const tickMs = 15_000;
/** Until an unavailable middleware is asked again by itself; after the last one only by hand. */
const retryDelaysMs = [5_000, 10_000, 20_000, 40_000, ...Array<number>(20).fill(60_000)];
/** A planned sync has had this long to write before the state is read again. */
const graceMs = 60_000;
const defaultRetryAfterSeconds = 60;
const maxTables = 3;

/**
 * Whether what a record shows is right, why, and what to do; with a resync that can be watched. On record pages of
 * `Product_Property__c` and `Property__c`. Needs one call of Apex to show the answer.
 */
export default class PropertySyncStatus extends LightningElement {
  @api objectApiName = '';

  answer: StatusAnswer | null = null;
  /** The newest status that was read, and when: shown with its age while nobody answers. */
  lastKnown: { readonly status: PropertyStatus; readonly readAt: string } | null = null;
  isLoading = false;
  now = Date.now();
  explanation: Explanation | null = null;
  explanationProblem: ControllerProblem | null = null;
  progress: Progress | null = null;
  resyncProblem: ControllerProblem | null = null;
  /** No resync is accepted before this moment. */
  blockedUntilMs = 0;
  /** Whether it is known that no events are heard. */
  isSilent = false;
  /** Whether the state was read before the resync that has ended. */
  isOutdated = false;
  labels = {
    dataAsOf: DATA_AS_OF,
    lastKnown: LAST_KNOWN,
    lastVerified: LAST_VERIFIED,
    loading: LOADING,
    meansLastKnown: MEANS_LAST_KNOWN,
    neverVerified: NEVER_VERIFIED,
    nextAt: NEXT_AT,
    refresh: REFRESH,
    resync: RESYNC,
    freshAt: SOURCE_FRESH_AT,
    title: TITLE,
    toastFailed: TOAST_FAILED,
  };

  private ownRecordId = '';
  // Answers to what was asked before it last changed count for nothing.
  private statusGeneration = 0;
  private explanationGeneration = 0;
  private retries = 0;
  private requestKey: string | undefined;
  /** The resync that was asked for here: its end is worth a toast. */
  private ownResyncId: string | undefined;
  private endedResyncId: string | undefined;
  private isExplaining = false;
  private cancelTick: (() => void) | undefined;
  private cancelRetry: (() => void) | undefined;
  private cancelBlock: (() => void) | undefined;
  private stopListening: (() => void) | undefined;
  private readonly follower = new ResyncFollower({
    read: (resyncId) => getResync({ resyncId }),
    onResync: (resync) => this.showResync(resync),
    onDeadline: () => this.giveUpWatching(),
  });

  @api
  get recordId(): string {
    return this.ownRecordId;
  }
  set recordId(recordId: string) {
    if (recordId === this.ownRecordId) return;
    this.ownRecordId = recordId;
    if (this.isConnected) {
      this.end();
      this.begin();
    }
  }

  connectedCallback(): void {
    this.begin();
  }

  disconnectedCallback(): void {
    this.end();
  }

  private begin(): void {
    this.answer = null;
    this.lastKnown = null;
    this.progress = null;
    this.resyncProblem = null;
    this.requestKey = undefined;
    this.ownResyncId = undefined;
    this.endedResyncId = undefined;
    this.retries = 0;
    this.blockedUntilMs = 0;
    this.explanation = null;
    this.explanationProblem = null;
    this.isExplaining = false;
    this.isSilent = false;
    this.isOutdated = false;
    this.cancelTick = every(tickMs, () => this.tick());
    void this.load();
  }

  private end(): void {
    this.statusGeneration += 1;
    this.explanationGeneration += 1;
    this.follower.stop();
    for (const cancel of [this.cancelTick, this.cancelRetry, this.cancelBlock, this.stopListening])
      cancel?.();
    this.stopListening = undefined;
    this.follower.hear(false);
  }

  // What is shown

  get face(): Face {
    return this.isBeingWritten ? 'syncing' : faceOf(this.answer);
  }

  /** From the moment a resync is accepted until the state behind it is read: what was read before says nothing. */
  get isBeingWritten(): boolean {
    const isAccepted = this.progress?.steps[0] === 'done';
    return this.status !== null && isAccepted && (this.isResyncing || this.isOutdated);
  }

  get isFirstLoading(): boolean {
    return this.answer === null;
  }

  get status(): PropertyStatus | null {
    return this.answer?.status ?? null;
  }

  get verdict(): Verdict {
    if (this.status !== null) {
      return verdictOf(this.isBeingWritten ? { ...this.status, state: 'syncing' } : this.status, this.now);
    }
    const { means, todo } = faces[this.face];
    const problem = this.face === 'unavailable' ? (this.answer?.problem ?? null) : null;
    return {
      todo,
      means: this.isLastKnownShown ? MEANS_LAST_KNOWN : means,
      next: null,
      conflictingIds: [],
      causes: [...new Set([problem?.message ?? '', problem?.action ?? ''])].filter((text) => text !== ''),
    };
  }

  get conflictingRows() {
    return this.verdict.conflictingIds.map((id) => ({
      id,
      url: `/lightning/r/Product_Property__c/${id}/view`,
    }));
  }

  get isUnavailable(): boolean {
    return this.face === 'unavailable';
  }

  get isLastKnownShown(): boolean {
    return this.isUnavailable && this.lastKnown !== null;
  }

  /** What Salesforce itself holds is worth showing where nobody knows what it should hold. */
  get isHeldShown(): boolean {
    return this.isUnavailable || this.face === 'notPlanned';
  }

  get heldRows() {
    return this.answer?.rows ?? [];
  }

  get ownId(): string | null {
    return this.status?.rdsPropertyId ?? null;
  }

  get lastVerifiedAt(): string | null {
    const members = this.status?.members ?? [];
    const own = members.find(({ rdsPropertyId }) => rdsPropertyId === this.ownId);
    if (own !== undefined) return own.lastVerifiedAt;
    // Of a group: the moment since which all that were ever verified have been.
    return members.flatMap(({ lastVerifiedAt }) => lastVerifiedAt ?? []).sort()[0] ?? null;
  }

  /** One table for each property that differs: the record's own first. */
  get tables() {
    const members = this.status?.members ?? [];
    const isOwn = ({ rdsPropertyId }: MemberStatus): boolean => rdsPropertyId === this.ownId;
    const differing = members
      .filter(({ changes }) => changes.length > 0)
      .sort((left, right) => Number(isOwn(right)) - Number(isOwn(left)));
    return differing.slice(0, maxTables).map(({ rdsPropertyId, name, changes }) => {
      const count = changes.length === 1 ? DIFFERS_ONE : fill(DIFFERS_MANY, changes.length);
      const explained = this.explanation?.members.find((member) => member.rdsPropertyId === rdsPropertyId);
      return {
        id: rdsPropertyId,
        caption: members.length === 1 ? count : `${name ?? NO_NAME}: ${count}`,
        rows: differingRows(changes, explained?.fields ?? [], this.explanation?.members ?? []),
      };
    });
  }

  get isExplained(): boolean {
    return this.explanation !== null;
  }

  get mayResync(): boolean {
    return MAY_RESYNC === true && this.answer?.canResync === true && this.status !== null;
  }

  get isResyncing(): boolean {
    return this.progress !== null && !this.progress.isOver;
  }

  get isResyncDisabled(): boolean {
    return this.isResyncing || this.now < this.blockedUntilMs;
  }

  get ariaBusy(): string {
    return String(this.isLoading || this.isResyncing);
  }

  // Reading the status

  handleRefresh(): void {
    this.retries = 0;
    void this.reload();
  }

  /** The answer is asked for afresh, with everything behind it that was read already. */
  private async reload(): Promise<void> {
    const { recordId } = this;
    await this.load();
    if (!this.isShowing(recordId)) return;
    if (this.explanation !== null || this.explanationProblem !== null) void this.readExplanation();
    this.details?.refresh();
  }

  private get details(): (SyncDetails & Element) | null {
    return this.template?.querySelector<SyncDetails & Element>('c-sync-details') ?? null;
  }

  private async load(): Promise<void> {
    this.cancelRetry?.();
    this.statusGeneration += 1;
    const { statusGeneration, recordId } = this;
    this.isLoading = true;
    let answer: StatusAnswer;
    try {
      answer = await withDeadline(getStatus({ recordId }), timeoutMs);
    } catch (error) {
      answer = this.withoutAnswer(problemOf(error));
    }
    if (statusGeneration === this.statusGeneration) this.take(answer);
  }

  private take(answer: StatusAnswer): void {
    this.isLoading = false;
    this.isOutdated = false;
    this.now = Date.now();
    this.answer = answer;
    const { status } = answer;
    if (status === null) {
      if (this.isUnavailable) this.retryLater();
      return;
    }
    this.retries = 0;
    this.lastKnown = { status, readAt: new Date(this.now).toISOString() };
    this.stopListening ??= listen({
      onEvent: (payload) => this.handleEvent(payload),
      onLive: (isLive) => this.handleLive(isLive),
    });
    const open = status.resync;
    if (open !== null && open.resyncId !== this.endedResyncId) this.watch(open.resyncId);
  }

  /** What can be said when not even Apex answered. */
  private withoutAnswer(problem: ControllerProblem): StatusAnswer {
    // The platform's own words, believed and not verified in an org: "You do not have access to the Apex class named …".
    const isClassDenied = problem.code === 'UNKNOWN' && problem.message.includes('Apex class');
    return {
      reachable: false,
      status: null,
      problem: isClassDenied ? { ...problem, code: 'NO_PERMISSION' } : problem,
      rows: this.answer?.rows ?? [],
      canResync: this.answer?.canResync ?? false,
    };
  }

  private retryLater(): void {
    const delayMs = retryDelaysMs[this.retries];
    if (delayMs === undefined) return;
    this.retries += 1;
    this.cancelRetry = after(delayMs, () => void this.load());
  }

  /** Times move on; once a planned sync must have written, the state is read again. */
  private tick(): void {
    const nowMs = Date.now();
    const dueMs = Math.min(
      ...(this.status?.schedules ?? []).flatMap(({ nextAt }) =>
        nextAt === null ? [] : [new Date(nextAt).getTime() + graceMs],
      ),
    );
    // Once for each planned moment: the clock has passed it between two ticks.
    const isDue = this.now < dueMs && nowMs >= dueMs;
    this.now = nowMs;
    if (isDue && !this.isLoading && !document.hidden) void this.load();
  }

  // Explaining a value

  handleExplain(): void {
    if (!this.isExplaining) void this.readExplanation();
  }

  /** What was read before is shown until the new explanation is there. */
  private async readExplanation(): Promise<void> {
    this.explanationGeneration += 1;
    const { explanationGeneration, recordId } = this;
    const isNewest = (): boolean => explanationGeneration === this.explanationGeneration;
    this.isExplaining = true;
    this.explanationProblem = null;
    try {
      const explanation = await withDeadline(getExplanation({ recordId }), timeoutMs);
      if (isNewest()) this.explanation = explanation;
    } catch (error) {
      if (isNewest()) this.explanationProblem = problemOf(error);
    }
    if (isNewest()) this.isExplaining = false;
  }

  // Resync

  async handleResync(): Promise<void> {
    // The second click of a double click, before the button could be disabled.
    if (this.isResyncDisabled) return;
    const { recordId } = this;
    this.progress = requesting;
    this.resyncProblem = null;
    this.requestKey ??= newRequestKey();
    try {
      const resync = await withDeadline(requestResync({ recordId, requestKey: this.requestKey }), timeoutMs);
      if (!this.isShowing(recordId)) return;
      this.requestKey = undefined;
      this.ownResyncId = resync.resyncId;
      this.toast(TOAST_REQUESTED, progressOf(resync).text, 'info');
      if (!isEnded(resync.state)) this.watch(resync.resyncId);
      this.showResync(resync);
    } catch (error) {
      if (this.isShowing(recordId)) this.refuse(problemOf(error));
    }
  }

  private isShowing(recordId: string): boolean {
    return this.isConnected && recordId === this.recordId;
  }

  /** Where the answer was lost the key is kept: the next click means the same request. */
  private refuse(problem: ControllerProblem): void {
    if (isRefusal(problem)) this.requestKey = undefined;
    const nowMs = Date.now();
    const waitMs = (problem.retryAfterSeconds ?? defaultRetryAfterSeconds) * 1_000;
    const waitUntilMs = nowMs + waitMs;
    if (problem.code === 'RATE_LIMITED') {
      this.blockedUntilMs = waitUntilMs;
      this.cancelBlock?.();
      this.cancelBlock = after(waitMs, () => this.unblock());
    }
    this.progress = null;
    this.resyncProblem = refusalOf(problem, new Date(waitUntilMs).toISOString(), nowMs);
    this.toast(TOAST_FAILED, this.resyncProblem.message, 'error');
  }

  private unblock(): void {
    this.now = Date.now();
    this.blockedUntilMs = 0;
    if (this.resyncProblem?.code === 'RATE_LIMITED') this.resyncProblem = null;
  }

  private watch(resyncId: string): void {
    this.follower.follow(resyncId);
    this.follower.nudge();
  }

  private showResync(resync: Resync): void {
    this.progress = progressOf(resync);
    this.resyncProblem = null;
    if (isEnded(resync.state)) void this.finish(resync);
  }

  private async finish(resync: Resync): Promise<void> {
    this.endedResyncId = resync.resyncId;
    this.isOutdated = true;
    const isRight = resync.state === 'succeeded';
    if (!isRight) this.resyncProblem = problemOfResync(resync);
    if (resync.resyncId === this.ownResyncId) {
      const text = this.progress?.text ?? '';
      if (isRight) this.toast(TOAST_VERIFIED, text, 'success');
      else if (resync.state === 'failed') this.toast(TOAST_FAILED, text, 'error');
      else this.toast(TOAST_PARTIAL, text, 'warning');
    }
    await this.showWhatWasWritten();
  }

  /** The page's other components read their records again, and this one the state. */
  private async showWhatWasWritten(): Promise<void> {
    const ids = new Set([this.recordId, ...this.heldRows.map(({ stagingId }) => stagingId)]);
    notifyRecordUpdateAvailable([...ids].map((recordId) => ({ recordId }))).catch(() => undefined);
    await this.reload();
  }

  private giveUpWatching(): void {
    if (this.progress !== null) this.progress = unwatched(this.progress);
  }

  private handleEvent({ Group_Key__c, Resync_ID__c }: SyncEventPayload): void {
    if (Group_Key__c !== this.lastKnown?.status.groupKey) return;
    if (Resync_ID__c === this.endedResyncId) return;
    if (this.follower.following === Resync_ID__c) this.follower.nudge();
    else this.watch(Resync_ID__c);
  }

  private handleLive(isLive: boolean): void {
    const isBack = isLive && this.isSilent;
    this.isSilent = !isLive;
    this.follower.hear(isLive);
    // What happened while nothing was heard is not known.
    if (isBack && !this.isResyncing) void this.load();
  }

  private toast(title: string, message: string, variant: 'info' | 'success' | 'warning' | 'error'): void {
    this.dispatchEvent(new ShowToastEvent({ title, message, variant }));
  }
}
