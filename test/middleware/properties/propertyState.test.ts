import { describe, expect, it } from '@jest/globals';
import {
  defaultFieldMap,
  syncStates,
  type RunItem,
  type RunState,
} from '../../../middleware/src/contracts/index.ts';
import type { LatestItem } from '../../../middleware/src/ports/runStore.ts';
import {
  groupState,
  propertyState,
  standingFailure,
  wasVerifiedSince,
  type StateFacts,
} from '../../../middleware/src/properties/propertyState.ts';
import { aRunItem, mappedValues } from '../../fixtures/ledger.ts';

const mirroredAt = '2026-01-05T12:00:00.000Z';
const earlier = '2026-01-05T11:00:00.000Z';
const later = '2026-01-05T12:00:00.001Z';
const error: RunItem['error'] = {
  class: 'permanentData',
  code: 'INVALID',
  message: 'Too long.',
  fields: ['Name'],
};

const facts = (values: Partial<StateFacts> = {}): StateFacts => ({
  classification: 'IN_SYNC',
  changes: [],
  mirroredAt,
  latest: undefined,
  hasOpenResync: false,
  isSyncPaused: false,
  ...values,
});
const latest = (
  newest: Partial<RunItem>,
  {
    runState = 'succeeded',
    verified = null,
  }: { runState?: RunState; verified?: Partial<RunItem> | null } = {},
): LatestItem => {
  const item = aRunItem(newest);
  const verifiedItem = verified === null ? null : aRunItem({ state: 'verified', ...verified });
  return {
    rdsPropertyId: item.rdsPropertyId,
    newest: item,
    runState,
    verified: item.state === 'verified' ? item : verifiedItem,
  };
};
const verifiedAt = (endedAt: string, after = mappedValues()): LatestItem =>
  latest({ state: 'verified', endedAt, after });
const nameChange = { field: 'Name', from: 'Edited', to: 'Maple Court' };
const state = (values: Partial<StateFacts>) => propertyState(facts(values), defaultFieldMap);

describe('the state of a property that no run has touched', () => {
  it.each([
    ['CREATE', 'neverSynced'],
    ['UPDATE', 'pending'],
    ['IN_SYNC', 'verified'],
    ['CONFLICT', 'conflict'],
    ['EXCLUDED', 'excluded'],
  ] as const)('of class %s is %s', (classification, expected) => {
    expect(state({ classification, changes: classification === 'UPDATE' ? [nameChange] : [] })).toBe(
      expected,
    );
  });

  it.each([
    ['CREATE', 'neverSynced'],
    ['UPDATE', 'pending'],
    ['IN_SYNC', 'paused'],
    ['CONFLICT', 'conflict'],
    ['EXCLUDED', 'excluded'],
  ] as const)('of class %s is %s while a sync is paused', (classification, expected) => {
    expect(state({ classification, isSyncPaused: true })).toBe(expected);
  });
});

describe('syncing', () => {
  it.each(['planned', 'sent', 'accepted', 'unknown'] as const)(
    'is a %s item of a run that goes on',
    (itemState) => {
      for (const runState of ['queued', 'running'] as const) {
        expect(state({ classification: 'UPDATE', latest: latest({ state: itemState }, { runState }) })).toBe(
          'syncing',
        );
      }
    },
  );

  it.each(['paused', 'canceled', 'failed', 'partiallySucceeded'] as const)(
    'is no open item of a run that is %s: nothing is being written',
    (runState) => {
      expect(state({ classification: 'UPDATE', latest: latest({ state: 'planned' }, { runState }) })).toBe(
        'pending',
      );
    },
  );

  it.each(['CREATE', 'UPDATE', 'IN_SYNC', 'CONFLICT', 'EXCLUDED'] as const)(
    'is every member of a group with an open resync, of class %s too',
    (classification) => {
      expect(state({ classification, hasOpenResync: true })).toBe('syncing');
    },
  );

  it('is no item that has ended in a run that goes on', () => {
    expect(
      state({
        classification: 'CREATE',
        latest: latest({ state: 'skipped', endedAt: later }, { runState: 'running' }),
      }),
    ).toBe('neverSynced');
  });
});

describe('what was verified', () => {
  it.each(['CREATE', 'UPDATE', 'CONFLICT', 'EXCLUDED'] as const)(
    'after the last plan read Salesforce is verified, whatever that plan said: %s',
    (classification) => {
      expect(state({ classification, latest: verifiedAt(later) })).toBe('verified');
      expect(state({ classification, latest: verifiedAt(later), isSyncPaused: true })).toBe('paused');
    },
  );

  it('before that or just then counts no more', () => {
    for (const endedAt of [earlier, mirroredAt]) {
      expect(state({ classification: 'CREATE', latest: verifiedAt(endedAt) })).toBe('neverSynced');
      expect(wasVerifiedSince({ latest: verifiedAt(endedAt), mirroredAt })).toBe(false);
    }
  });

  it('counts no more when a later run could not write it', () => {
    const failed = latest(
      { state: 'failed', endedAt: '2026-01-05T12:30:00.000Z', error },
      { verified: { endedAt: later } },
    );
    expect(state({ classification: 'UPDATE', latest: failed })).toBe('failed');
  });
});

describe('a write that failed', () => {
  it.each(['quarantined', 'failed'] as const)(
    'is %s as long as the property is to be written',
    (itemState) => {
      for (const classification of ['CREATE', 'UPDATE'] as const) {
        for (const endedAt of [earlier, later]) {
          expect(state({ classification, latest: latest({ state: itemState, endedAt, error }) })).toBe(
            itemState,
          );
        }
      }
    },
  );

  it('is forgotten when a later plan sees nothing to write any more', () => {
    const failed = latest({ state: 'failed', endedAt: earlier, error });
    expect(state({ classification: 'IN_SYNC', latest: failed })).toBe('verified');
    expect(state({ classification: 'EXCLUDED', latest: failed })).toBe('excluded');
    expect(standingFailure(facts({ latest: failed }))).toBeNull();
  });

  it('stands against a plan that was made before it', () => {
    const failed = latest({ state: 'failed', endedAt: later, error });
    expect(state({ classification: 'IN_SYNC', latest: failed })).toBe('failed');
    expect(standingFailure(facts({ latest: failed }))?.error).toEqual(error);
  });

  it('stands no more once something was verified later', () => {
    const failed = latest({ state: 'failed', endedAt: earlier, error }, { verified: { endedAt: later } });
    expect(state({ classification: 'UPDATE', latest: failed })).not.toBe('failed');
  });

  it('comes after a conflict', () => {
    expect(
      state({ classification: 'CONFLICT', latest: latest({ state: 'failed', endedAt: later, error }) }),
    ).toBe('conflict');
  });

  it('is no write that was left out', () => {
    expect(
      state({ classification: 'UPDATE', latest: latest({ state: 'skipped', endedAt: later, error }) }),
    ).toBe('pending');
  });
});

describe('a property to update', () => {
  const update = (change: typeof nameChange, after = mappedValues()) =>
    state({ classification: 'UPDATE', changes: [change], latest: verifiedAt(earlier, after) });

  it('has drifted where Salesforce holds what we did not write', () => {
    expect(update(nameChange)).toBe('drifted');
  });

  it('is pending where Salesforce still holds what we wrote', () => {
    expect(update({ field: 'Name', from: 'Maple Court', to: 'Elm Court' })).toBe('pending');
  });

  it('compares as the sync does: normalised', () => {
    const after = mappedValues({ Name: ' Maple \t Court ', Is_Multi_Property__c: 'true' });
    expect(update({ field: 'Name', from: 'Maple Court', to: 'Elm Court' }, after)).toBe('pending');
  });

  it('has drifted where one of several fields was written by somebody else, an emptied one too', () => {
    const changes = [
      { field: 'City__c', from: null, to: 'Springfield' },
      { field: 'Name', from: 'Maple Court', to: 'Elm Court' },
    ];
    const after = mappedValues({ City__c: 'Springfield' });
    expect(state({ classification: 'UPDATE', changes, latest: verifiedAt(earlier, after) })).toBe('drifted');
  });

  it('is pending where nothing was ever verified', () => {
    expect(
      state({
        classification: 'UPDATE',
        changes: [nameChange],
        latest: latest({ state: 'skipped', endedAt: earlier }),
      }),
    ).toBe('pending');
  });
});

describe('the state of a group', () => {
  it('is the first of the order that any member has', () => {
    syncStates.forEach((first, index) => {
      expect(groupState(syncStates.slice(index).toReversed())).toBe(first);
    });
  });

  it('has the order of the specification', () => {
    expect(groupState(['excluded', 'verified', 'neverSynced'])).toBe('neverSynced');
    expect(groupState(['paused', 'pending', 'drifted'])).toBe('drifted');
    expect(groupState(['failed', 'quarantined', 'conflict'])).toBe('conflict');
  });

  it('is excluded without members', () => {
    expect(groupState([])).toBe('excluded');
  });
});
