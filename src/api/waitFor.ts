import { setTimeout as wait } from 'node:timers/promises';
import { SfError } from '@salesforce/core';

const firstPauseMs = 400;
const longestPauseMs = 3_000;
/** Exit code of failures that waiting may cure. */
const isWorthWaiting = 69;

/**
 * Reads again and again until it is over or `waitMs` have passed, and answers what was read last. While the middleware
 * does not answer at all, it goes on trying: what is waited for goes on without anybody looking.
 */
export async function waitFor<Answer>(
  first: Answer,
  options: {
    readonly read: () => Promise<Answer>;
    readonly isOver: (answer: Answer) => boolean;
    readonly waitMs: number;
    readonly onProgress?: (answer: Answer) => void;
    readonly onSilence?: () => void;
  },
): Promise<Answer> {
  const { read, isOver, waitMs, onProgress, onSilence } = options;
  const deadline = performance.now() + waitMs;
  let answer = first;
  let pauseMs = firstPauseMs;
  for (;;) {
    onProgress?.(answer);
    const leftMs = deadline - performance.now();
    if (isOver(answer) || leftMs <= 0) return answer;
    await wait(Math.min(pauseMs, leftMs));
    pauseMs = Math.min(pauseMs * 1.5, longestPauseMs);
    try {
      answer = await read();
    } catch (error) {
      const isSilence = error instanceof SfError && error.exitCode === isWorthWaiting;
      if (!isSilence || performance.now() >= deadline) throw error;
      onSilence?.();
    }
  }
}
