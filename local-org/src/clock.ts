/** The org's clock. Every time stamp of the org comes from it, so it never runs backwards. */
export interface Clock {
  /** Now, in milliseconds since 1970. */
  nowMs(): number;
  /** Moves the clock forward. */
  advance(byMs: number): void;
}

/** A clock that starts at `startMs` (default: the real time) and then ticks with real time. */
export function createClock(startMs = Date.now()): Clock {
  const startedAtMs = performance.now();
  let advancedMs = 0;
  return {
    nowMs: () => Math.floor(startMs + advancedMs + performance.now() - startedAtMs),
    advance: (byMs) => {
      advancedMs += byMs;
    },
  };
}
