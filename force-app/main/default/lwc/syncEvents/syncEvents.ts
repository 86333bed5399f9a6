import { isEmpEnabled, onError, subscribe, unsubscribe, type EmpSubscription } from 'lightning/empApi';
import type { SyncEventPayload } from 'types/propertySync';
import { after } from 'c/timer';

const channel = '/event/Property_Sync__e';
/** Only what is published from now on. */
const newEvents = -1;
const firstDelayMs = 5_000;
const longestDelayMs = 60_000;
const maxAttempts = 10;

export interface SyncEventHandlers {
  readonly onEvent: (payload: SyncEventPayload) => void;
  /** True once events are heard; false while they are not. */
  readonly onLive: (isLive: boolean) => void;
}

// The platform has no way to take an error handler back: one is registered, for all who listen.
const listeners = new Set<Listener>();
let isErrorHandled = false;

/**
 * Hears `Property_Sync__e` until the function returned is called. Where there are no events (the mobile app, or no access)
 * nothing is heard and nothing is thrown. A lost stream is taken up again, each time after a longer while.
 */
export function listen(handlers: SyncEventHandlers): () => void {
  const listener = new Listener(handlers);
  listeners.add(listener);
  void listener.start();
  return () => {
    listeners.delete(listener);
    listener.stop();
  };
}

class Listener {
  private subscription: EmpSubscription | undefined;
  private isStopped = false;
  private attempts = 0;
  private cancelRetry: (() => void) | undefined;
  private readonly handlers: SyncEventHandlers;

  constructor(handlers: SyncEventHandlers) {
    this.handlers = handlers;
  }

  async start(): Promise<void> {
    this.cancelRetry = undefined;
    try {
      const isEnabled = await isEmpEnabled();
      if (this.isStopped) return;
      if (!isEnabled) {
        this.handlers.onLive(false);
        return;
      }
      handleErrors();
      const subscription = await subscribe<SyncEventPayload>(channel, newEvents, ({ data }) => {
        if (!this.isStopped) this.handlers.onEvent(data.payload);
      });
      if (this.isStopped) {
        drop(subscription);
        return;
      }
      this.subscription = subscription;
      this.handlers.onLive(true);
    } catch {
      this.lose();
    }
  }

  /** The stream is gone, or never came. */
  lose(): void {
    if (this.isStopped || this.cancelRetry !== undefined) return;
    this.release();
    this.handlers.onLive(false);
    if (this.attempts >= maxAttempts) return;
    const delayMs = Math.min(firstDelayMs * 2 ** this.attempts, longestDelayMs);
    this.attempts += 1;
    this.cancelRetry = after(delayMs, () => void this.start());
  }

  stop(): void {
    this.isStopped = true;
    this.cancelRetry?.();
    this.release();
  }

  private release(): void {
    if (this.subscription !== undefined) drop(this.subscription);
    this.subscription = undefined;
  }
}

function handleErrors(): void {
  if (isErrorHandled) return;
  isErrorHandled = true;
  onError(() => {
    for (const listener of listeners) listener.lose();
  });
}

/** What is not subscribed any more needs no unsubscribing. */
function drop(subscription: EmpSubscription): void {
  Promise.resolve(unsubscribe(subscription, () => undefined)).catch(() => undefined);
}
