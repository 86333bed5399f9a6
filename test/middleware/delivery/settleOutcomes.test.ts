import { describe, expect, it } from '@jest/globals';
import type { ErrorClass } from '../../../middleware/src/contracts/index.ts';
import { settleOutcomes } from '../../../middleware/src/delivery/settleOutcomes.ts';
import type { RecordOutcome } from '../../../middleware/src/ports/crm.ts';
import { aRunItem } from '../../fixtures/ledger.ts';

const keys = ['a', 'b', 'c'];
const items = keys.map((rdsPropertyId, ordinal) => aRunItem({ rdsPropertyId, ordinal }));
const options = {
  maxAttempts: 4,
  identityOf: ({ rdsPropertyId }: { rdsPropertyId: string }) => rdsPropertyId,
};
const rejected = (key: string, errorClass: ErrorClass): RecordOutcome => ({
  key,
  kind: 'rejected',
  class: errorClass,
  code: 'SOME_CODE',
  message: 'why',
  fields: ['Name'],
});

describe('settleOutcomes', () => {
  it('joins outcomes by key, whatever their order and the case of the key', () => {
    const outcomes: RecordOutcome[] = [
      { key: 'C', kind: 'accepted', id: 'id-c', wasCreated: false },
      { key: 'a', kind: 'accepted', id: 'id-a', wasCreated: true },
      { key: 'b', kind: 'unprocessed' },
    ];
    expect(settleOutcomes(items, outcomes, options).updates).toEqual([
      { rdsPropertyId: 'a', state: 'accepted', stagingId: 'id-a', wasCreated: true, error: null },
      { rdsPropertyId: 'b', state: 'planned' },
      { rdsPropertyId: 'c', state: 'accepted', stagingId: 'id-c', wasCreated: false, error: null },
    ]);
  });

  it('calls an item without an outcome unknown', () => {
    expect(settleOutcomes(items, [], options).updates.map(({ state }) => state)).toEqual([
      'unknown',
      'unknown',
      'unknown',
    ]);
  });

  it.each<[ErrorClass, string]>([
    ['permanentData', 'quarantined'],
    ['permanentConfiguration', 'quarantined'],
    ['contention', 'planned'],
    ['transient', 'planned'],
    ['authentication', 'planned'],
    ['capacity', 'planned'],
  ])('takes a record rejected as %s to %s, with its cause', (errorClass, state) => {
    const [update] = settleOutcomes(items, [rejected('a', errorClass)], options).updates;
    expect(update).toMatchObject({
      state,
      error: { class: errorClass, code: 'SOME_CODE', message: 'why', fields: ['Name'] },
    });
  });

  it('gives up on a locked record after the last attempt', () => {
    const tired = aRunItem({ rdsPropertyId: 'a', attempts: 3 });
    const settlement = settleOutcomes([tired], [rejected('a', 'contention')], options);
    expect(settlement).toMatchObject({ updates: [{ state: 'failed' }], hasContention: true });
  });

  it('asks for smaller batches on a capacity error, and fails a record that is too much alone', () => {
    expect(settleOutcomes(items, [rejected('a', 'capacity')], options).hasCapacityError).toBe(true);
    const alone = items.slice(0, 1);
    expect(settleOutcomes(alone, [rejected('a', 'capacity')], options).updates).toMatchObject([
      { state: 'failed' },
    ]);
  });
});
