import { describe, expect, it } from '@jest/globals';
import { defaultFieldMap } from '../../../middleware/src/contracts/index.ts';
import { toRecordWrite } from '../../../middleware/src/delivery/toRecordWrite.ts';
import { aRunItem, mappedValues } from '../../fixtures/ledger.ts';

const stamp = { sentAt: '2026-01-05T12:00:00.000Z', runId: 'run-1' };

describe('toRecordWrite', () => {
  it('sends a create by its key, never by a record id', () => {
    const write = toRecordWrite(aRunItem({ stagingId: 'a13ZZ000000000AYAQ' }), stamp, defaultFieldMap);
    expect(write).toMatchObject({ key: '0b6f0000-0000-4000-8000-000000000001', id: null });
  });

  it('leaves an empty text out of a create, should the row exist after all, and clears an empty date', () => {
    const { fields } = toRecordWrite(
      aRunItem({ expected: mappedValues({ City__c: null }) }),
      stamp,
      defaultFieldMap,
    );
    expect(fields).not.toHaveProperty('City__c');
    expect(fields).toHaveProperty('Bank_Linking_Start_Date__c', null);
    expect(fields).toMatchObject({
      Name: 'Maple Court',
      Bank_Linking_Enabled__c: false,
      Active_Property_Count__c: 1,
    });
  });

  it('sends the changed fields of an update alone, an emptied one as null, and both stamps', () => {
    const item = aRunItem({
      operation: 'update',
      stagingId: 'a13ZZ000000000AYAQ',
      changes: [
        { field: 'Income_Verification_Enabled__c', from: true, to: false },
        { field: 'Income_Verification_Start_Date__c', from: '2024-02-29', to: null },
      ],
    });
    expect(toRecordWrite(item, stamp, defaultFieldMap)).toEqual({
      key: '0b6f0000-0000-4000-8000-000000000001',
      id: 'a13ZZ000000000AYAQ',
      fields: {
        Income_Verification_Enabled__c: false,
        Income_Verification_Start_Date__c: null,
        Last_Synced_At__c: '2026-01-05T12:00:00.000Z',
        Sync_Run_ID__c: 'run-1',
      },
    });
  });

  it('never writes the lookup', () => {
    expect(toRecordWrite(aRunItem(), stamp, defaultFieldMap).fields).not.toHaveProperty('Property__c');
  });
});
