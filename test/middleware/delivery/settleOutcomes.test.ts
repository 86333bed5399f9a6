import { describe, expect, it } from '@jest/globals';
import type { ErrorClass } from '../../../middleware/src/contracts/index.ts';
import { settleOutcomes } from '../../../middleware/src/delivery/settleOutcomes.ts';
import type { RecordOutcome } from '../../../middleware/src/ports/crm.ts';
import { aRunItem } from '../../fixtures/ledger.ts';

const keys = ['a', 'b', 'c'];
const items = keys.map((rdsPropertyId, ordinal) => aRunItem({ rdsPropertyId, ordinal }));
const options = {
  maxAttempts: 4,
  batchSize: 3,
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
      {
        rdsPropertyId: 'b',
        state: 'planned',
        error: { class: 'transient', code: 'NOT_PROCESSED', message: expect.any(String), fields: [] },
      },
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

  it('gives up on a locked record, and on one that is never processed, after the last attempt', () => {
    const tired = aRunItem({ rdsPropertyId: 'a', attempts: 4 });
    const settlement = settleOutcomes([tired], [rejected('a', 'contention')], options);
    expect(settlement).toMatchObject({ updates: [{ state: 'failed' }], hasContention: true });
    expect(settleOutcomes([tired], [{ key: 'a', kind: 'unprocessed' }], options).updates).toMatchObject([
      { state: 'failed' },
    ]);
  });

  it('asks for smaller batches on a capacity error, and fails a record that was too much alone', () => {
    const outcomes = [rejected('a', 'capacity')];
    expect(settleOutcomes(items, outcomes, options).hasCapacityError).toBe(true);
    const [first] = items.slice(0, 1);
    const settle = (batchSize: number) =>
      settleOutcomes(first === undefined ? [] : [first], outcomes, { ...options, batchSize });
    expect(settle(1).updates).toMatchObject([{ state: 'failed' }]);
    expect(settle(200).updates).toMatchObject([{ state: 'planned' }]);
  });
});
