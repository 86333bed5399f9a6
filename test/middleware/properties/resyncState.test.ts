import { describe, expect, it } from '@jest/globals';
import {
  resyncStates,
  type Classification,
  type ResyncMember,
  type RunItemState,
} from '../../../middleware/src/contracts/index.ts';
import {
  isResyncEnded,
  resyncTransition,
  type ResyncEvent,
} from '../../../middleware/src/properties/resyncState.ts';

const aMember = (
  state: RunItemState | null,
  { classification = 'UPDATE', code }: { classification?: Classification; code?: string } = {},
): Pick<ResyncMember, 'classification' | 'state' | 'error'> => ({
  classification,
  state,
  error: code === undefined ? null : { class: 'moved', code, message: '', fields: [] },
});
const finished = (...members: ReturnType<typeof aMember>[]): ResyncEvent => ({ type: 'finished', members });

const inSync = aMember(null, { classification: 'IN_SYNC' });
const conflict = aMember(null, { classification: 'CONFLICT' });
const verified = aMember('verified');
const resynced = aMember('skipped', { code: 'RESYNCED' });
const moved = aMember('skipped', { code: 'PLAN_STALE' });

describe('a resync', () => {
  it.each([
    ['nothing had to be written', [inSync], 'succeeded'],
    ['the group has nobody to write', [], 'succeeded'],
    ['everything was read back', [verified, inSync], 'succeeded'],
    ['a later run wrote what was left', [verified, resynced], 'succeeded'],
    ['a row moved', [verified, moved], 'partiallySucceeded'],
    ['a record was refused', [verified, aMember('quarantined')], 'partiallySucceeded'],
    ['a member has several rows', [verified, conflict], 'partiallySucceeded'],
    ['a member has several rows and nothing else differs', [inSync, conflict], 'partiallySucceeded'],
    ['the only record was refused', [aMember('quarantined'), inSync], 'failed'],
    ['the only row moved', [moved], 'failed'],
  ] as const)('when %s: ends as %s', (_, members, state) => {
    expect(resyncTransition('running', finished(...members))).toBe(state);
  });

  it('starts once and goes on as often as its worker dies', () => {
    expect(resyncTransition('queued', { type: 'started' })).toBe('running');
    expect(resyncTransition('running', { type: 'started' })).toBe('running');
    expect(resyncTransition('queued', { type: 'refused' })).toBe('failed');
    expect(resyncTransition('running', { type: 'refused' })).toBe('failed');
  });

  it.each(resyncStates.filter(isResyncEnded))('never leaves %s', (state) => {
    for (const event of [{ type: 'started' }, { type: 'refused' }, finished()] as ResyncEvent[]) {
      expect(() => resyncTransition(state, event)).toThrow(`A resync that is ${state}`);
    }
  });

  it('does not end before it was started', () => {
    expect(() => resyncTransition('queued', finished())).toThrow('A resync that is queued');
  });
});
