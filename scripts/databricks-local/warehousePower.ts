import { setTimeout } from 'node:timers/promises';

/** Whether the warehouse runs, in the words of its REST API. */
export interface WarehousePower {
  readonly state: 'RUNNING' | 'STARTING' | 'STOPPED';
  /** Resolves when it runs; starts it if it has stopped. */
  start(): Promise<void>;
  /** Stops it; the next start takes so long. */
  stop(startMs: number): void;
}

/** With `coldStartMs` the warehouse has not been started yet, and its first start takes so long. */
export function createWarehousePower(coldStartMs?: number): WarehousePower {
  let state: WarehousePower['state'] = coldStartMs === undefined ? 'RUNNING' : 'STOPPED';
  let startMs = coldStartMs ?? 0;
  let started = Promise.resolve();
  return {
    get state() {
      return state;
    },
    start: () => {
      if (state === 'STOPPED') {
        state = 'STARTING';
        started = setTimeout(startMs, undefined, { ref: false }).then(() => {
          if (state === 'STARTING') state = 'RUNNING';
        });
      }
      return started;
    },
    stop: (nextStartMs) => {
      state = 'STOPPED';
      startMs = nextStartMs;
    },
  };
}
