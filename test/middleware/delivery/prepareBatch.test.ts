import { describe, expect, it } from '@jest/globals';
import { defaultFieldMap } from '../../../middleware/src/contracts/index.ts';
import { prepareBatch } from '../../../middleware/src/delivery/prepareBatch.ts';
import { aRunItem, aStagingRecord, mappedValues } from '../../fixtures/ledger.ts';

const update = aRunItem({
  operation: 'update',
  stagingId: 'a13ZZ000000000AYAQ',
  changes: [{ field: 'Name', from: 'Maple Court', to: 'Maple Court North' }],
});

describe('prepareBatch', () => {
  it('keeps the before-image of an update whose record still holds the planned values', () => {
    const record = aStagingRecord();
    expect(prepareBatch([update], [record], defaultFieldMap)).toEqual({
      send: [update],
      intents: [
        {
          rdsPropertyId: update.rdsPropertyId,
          stagingId: record.id,
          before: record.values,
          systemModstampBefore: record.systemModstamp,
        },
      ],
      settled: [],
    });
  });

  it('does not send an update over a value that somebody changed after the plan', () => {
    const moved = aStagingRecord({ values: mappedValues({ Name: 'Maple Court (old)' }) });
    const { send, settled } = prepareBatch([update], [moved], defaultFieldMap);
    expect(send).toEqual([]);
    expect(settled).toMatchObject([
      { state: 'skipped', error: { class: 'moved', code: 'RECORD_MOVED', fields: ['Name'] } },
    ]);
  });

  it('sends an update when only the spelling differs that normalising removes', () => {
    const spaced = aStagingRecord({ values: mappedValues({ Name: ' Maple  Court' }) });
    expect(prepareBatch([update], [spaced], defaultFieldMap).send).toEqual([update]);
  });

  it('skips an update whose record is gone, or belongs to another property now', () => {
    const { settled: gone } = prepareBatch([update], [], defaultFieldMap);
    expect(gone).toMatchObject([{ state: 'skipped', error: { code: 'RECORD_GONE' } }]);
    const other = aStagingRecord({ key: '0b6f0000-0000-4000-8000-000000000002' });
    const { send, settled } = prepareBatch([update], [other], defaultFieldMap);
    expect(send).toEqual([]);
    expect(settled).toMatchObject([{ state: 'skipped', error: { code: 'KEY_CHANGED' } }]);
  });

  it('skips a create whose record another run of ours has made since the plan', () => {
    const item = aRunItem();
    const made = aStagingRecord({ key: item.rdsPropertyId, syncRunId: 'another-run' });
    const { send, settled } = prepareBatch([item], [made], defaultFieldMap);
    expect(send).toEqual([]);
    expect(settled).toMatchObject([{ state: 'skipped', error: { class: 'moved', code: 'RESYNCED' } }]);
  });

  it('stores that a create found nothing, and the before-image where it found a row after all', () => {
    const item = aRunItem();
    const [fresh] = prepareBatch([item], [], defaultFieldMap).intents;
    expect(fresh).toEqual({ rdsPropertyId: item.rdsPropertyId, before: null, systemModstampBefore: null });
    const record = aStagingRecord({ key: item.rdsPropertyId.toUpperCase() });
    const [existing] = prepareBatch([item], [record], defaultFieldMap).intents;
    expect(existing).toMatchObject({ before: record.values, stagingId: record.id });
  });

  it('does not send a create whose key several records carry', () => {
    const records = [aStagingRecord(), aStagingRecord({ id: 'a13ZZ000000000BYAQ' })];
    const { send, settled } = prepareBatch([aRunItem()], records, defaultFieldMap);
    expect(send).toEqual([]);
    expect(settled).toMatchObject([{ state: 'skipped', error: { code: 'SEVERAL_RECORDS' } }]);
  });

  it('takes a record that carries the stamp of this run as written by an earlier attempt, and does not write it twice', () => {
    for (const item of [update, aRunItem()]) {
      const late = aStagingRecord({
        syncRunId: item.runId,
        values: mappedValues({ Name: 'Maple Court North' }),
      });
      expect(prepareBatch([item], [late], defaultFieldMap)).toEqual({
        send: [],
        intents: [],
        settled: [
          {
            rdsPropertyId: item.rdsPropertyId,
            state: 'accepted',
            stagingId: late.id,
            wasCreated: item.operation === 'create',
            error: null,
          },
        ],
      });
    }
  });

  it('keeps the first before-image when an item is sent again', () => {
    const [intent] = prepareBatch([{ ...update, attempts: 1 }], [aStagingRecord()], defaultFieldMap).intents;
    expect(intent).toEqual({ rdsPropertyId: update.rdsPropertyId, stagingId: 'a13ZZ000000000AYAQ' });
  });
});
