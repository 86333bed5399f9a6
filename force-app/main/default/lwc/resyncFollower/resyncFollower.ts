import type { Resync, ResyncState } from 'types/propertySync';
import { withDeadline } from 'c/deadline';
import { after } from 'c/timer';

/** Without events: soon at first, as most resyncs take seconds, then ever less often. */
const pollDelaysMs: readonly number[] = [1_000, 1_000, 2_000, 3_000, 5_000, 8_000];
const longestDelayMs = 10_000;
const readTimeoutMs = 15_000;
const deadlineMs = 180_000;

const endStates: readonly ResyncState[] = ['succeeded', 'partiallySucceeded', 'failed'];

export function isEnded(state: string): boolean {
  return (endStates as readonly string[]).includes(state);
}

export interface FollowerHandlers {
  readonly read: (resyncId: string) => Promise<Resync>;
  /** Called with every reading; the last one has ended. */
  readonly onResync: (resync: Resync) => void;
  /** It has been followed for three minutes and has not ended: it goes on by itself, unwatched. */
  readonly onDeadline: () => void;
}

/**
 * Watches one resync until it ends: by reading it when an event of it was heard, and from time to time in any case, since
 * an event may be missed. A reading that fails counts as none.
 */
export class ResyncFollower {
  private resyncId: string | undefined;
  private readings = 0;
  private isLive = false;
  private isReading = false;
  private isReadingDue = false;
  private cancelPoll: (() => void) | undefined;
  private cancelDeadline: (() => void) | undefined;
  private readonly handlers: FollowerHandlers;

  constructor(handlers: FollowerHandlers) {
    this.handlers = handlers;
  }

  /** Of the resync that is being watched. */
  get following(): string | undefined {
    return this.resyncId;
  }

  follow(resyncId: string): void {
    if (resyncId === this.resyncId) return;
    this.stop();
    this.resyncId = resyncId;
    this.cancelDeadline = after(deadlineMs, () => {
      this.stop();
      this.handlers.onDeadline();
    });
    this.schedule();
  }

  /** Whether events are heard: then polling is only for those that are missed. */
  hear(isLive: boolean): void {
    if (isLive === this.isLive) return;
    this.isLive = isLive;
    this.readings = 0;
    if (this.resyncId !== undefined && !this.isReading) this.schedule();
  }

  /** Reads at once. */
  nudge(): void {
    if (this.resyncId === undefined) return;
    this.isReadingDue = this.isReading;
    if (!this.isReading) void this.read(this.resyncId);
  }

  stop(): void {
    this.cancelPoll?.();
    this.cancelDeadline?.();
    this.resyncId = undefined;
    this.readings = 0;
    this.isReading = false;
    this.isReadingDue = false;
  }

  private schedule(): void {
    this.cancelPoll?.();
    const resyncId = this.resyncId;
    if (resyncId === undefined) return;
    const delayMs = (this.isLive ? undefined : pollDelaysMs[this.readings]) ?? longestDelayMs;
    this.cancelPoll = after(delayMs, () => void this.read(resyncId));
  }

  private async read(resyncId: string): Promise<void> {
    this.cancelPoll?.();
    this.isReading = true;
    this.readings += 1;
    const resync = await withDeadline(this.handlers.read(resyncId), readTimeoutMs).catch(() => null);
    // Stopped meanwhile, or following another one.
    if (this.resyncId !== resyncId) return;
    this.isReading = false;
    if (resync !== null && isEnded(resync.state)) this.stop();
    if (resync !== null) this.handlers.onResync(resync);
    if (this.resyncId !== resyncId) return;
    if (this.isReadingDue) this.nudge();
    else this.schedule();
  }
}
