import { describe, expect, it } from '@jest/globals';
import { errorTable } from '../../middleware/src/errors.ts';
import { runStates } from '../../middleware/src/contracts/index.ts';
import { exitCodeOf, exitCodeOfPlan, exitCodeOfProblem, worstExitCode } from '../../src/exitCodes.ts';

describe('exit codes', () => {
  it('are 0 for success alone', () => {
    expect(Object.fromEntries(runStates.map((state) => [state, exitCodeOf(state)]))).toEqual({
      queued: 69,
      running: 69,
      paused: 69,
      succeeded: 0,
      partiallySucceeded: 68,
      failed: 1,
      canceled: 1,
    });
    expect(
      ['building', 'ready', 'blocked', 'failed'].map((state) => exitCodeOfPlan(state as 'ready')),
    ).toEqual([69, 0, 1, 1]);
  });

  it.each([
    [[], 0],
    [[0, 0], 0],
    [[0, 68], 68],
    [[68, 69], 69],
    [[69, 1, 0], 1],
  ] as const)('of several runs %j are that of the worst: %d', (codes, worst) => {
    expect(worstExitCode(codes)).toBe(worst);
  });

  it('of problems are what the table of errors of the middleware says', () => {
    const codes = Object.entries(errorTable).map(([code, { exitCode }]) => [code, exitCode]);
    expect(Object.keys(errorTable).map((code) => [code, exitCodeOfProblem(code)])).toEqual(codes);
    expect(exitCodeOfProblem('SOMETHING_NEW')).toBe(1);
  });
});
