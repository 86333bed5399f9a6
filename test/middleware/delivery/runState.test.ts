import { describe, expect, it } from '@jest/globals';
import { runStates, type RunState } from '../../../middleware/src/contracts/index.ts';
import { transition, type RunEvent } from '../../../middleware/src/delivery/runState.ts';

const finished: RunEvent = { type: 'finished', planned: 3, verified: 3 };

describe('transition', () => {
  it.each<[RunState, RunEvent, RunState]>([
    ['queued', { type: 'started' }, 'running'],
    ['running', { type: 'started' }, 'running'],
    ['queued', { type: 'pauseAsked' }, 'paused'],
    ['running', { type: 'pauseAsked' }, 'paused'],
    ['running', { type: 'brakeTripped' }, 'paused'],
    ['running', { type: 'budgetSpent' }, 'paused'],
    ['running', { type: 'resumed' }, 'queued'],
    ['paused', { type: 'resumed' }, 'queued'],
    ['queued', { type: 'canceled' }, 'canceled'],
    ['paused', { type: 'canceled' }, 'canceled'],
    ['running', { type: 'refused' }, 'failed'],
    ['running', finished, 'succeeded'],
    ['running', { type: 'finished', planned: 0, verified: 0 }, 'succeeded'],
    ['running', { type: 'finished', planned: 3, verified: 2 }, 'partiallySucceeded'],
    ['running', { type: 'finished', planned: 3, verified: 0 }, 'failed'],
  ])('leads from %s by %j to %s', (state, event, next) => {
    expect(transition(state, event)).toBe(next);
  });

  it('knows no way out of an ended run', () => {
    const ended = runStates.filter((state) => !['queued', 'running', 'paused'].includes(state));
    const events: RunEvent[] = [
      { type: 'started' },
      { type: 'pauseAsked' },
      { type: 'brakeTripped' },
      { type: 'budgetSpent' },
      { type: 'resumed' },
      { type: 'canceled' },
      { type: 'refused' },
      finished,
    ];
    expect(ended).toHaveLength(4);
    for (const state of ended) {
      for (const event of events) {
        expect(() => transition(state, event)).toThrow(expect.objectContaining({ code: 'RUN_CONFLICT' }));
      }
    }
  });

  it.each<[RunState, RunEvent]>([
    ['paused', finished],
    ['paused', { type: 'started' }],
    ['paused', { type: 'pauseAsked' }],
    ['queued', { type: 'brakeTripped' }],
    ['queued', { type: 'resumed' }],
  ])('knows no way from %s by %j', (state, event) => {
    expect(() => transition(state, event)).toThrow(expect.objectContaining({ code: 'RUN_CONFLICT' }));
  });
});
