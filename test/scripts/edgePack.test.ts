import { describe, expect, it } from '@jest/globals';
import type { EdgeCase } from '../../scripts/baseline/edgeCase.ts';
import { edgeAllowList, edgePack, edgePackTables } from '../../scripts/baseline/edgePack.ts';
import { tables, type Row, type TableName } from '../../scripts/baseline/tables.ts';
import { isRight18 } from './deriveBaseline.ts';

const liveRows = ({ staging }: EdgeCase) => staging.filter((row) => row['IsDeleted'] === false);

const storiesOf = (isWrong: (edgeCase: EdgeCase) => boolean) =>
  edgePack.filter(isWrong).map(({ number, story }) => `${number}: ${story}`);

describe('the edge pack', () => {
  it('numbers its cases without a gap and tells each in one line', () => {
    expect(edgePack.map(({ number }) => number)).toEqual(edgePack.map((_, index) => index + 1));
    expect(storiesOf(({ story }) => story === '' || story.includes('\n') || story.length > 110)).toEqual([]);
  });

  it('covers every row of §3.5, but for the picklist of an org', () => {
    const covered = new Set(edgePack.flatMap(({ covers }) => covers));
    const rows = Array.from({ length: 21 }, (_, index) => `D${index + 1}`);
    expect(rows.filter((row) => !covered.has(row))).toEqual(['D17']);
  });

  it('has every class, every reason, and every warning that needs no history', () => {
    const distinct = (values: readonly (string | null)[]) => [...new Set(values)].sort();
    expect(distinct(edgePack.map(({ expected }) => expected.class))).toEqual([
      'CONFLICT',
      'CREATE',
      'EXCLUDED',
      'IN_SYNC',
      'UPDATE',
    ]);
    expect(distinct(edgePack.flatMap(({ expected }) => expected.reasonCode ?? []))).toEqual([
      'DISABLED',
      'NO_COMPANY',
      'PLACEHOLDER_SFDC',
      'SOURCE_DELETED',
      'TEST_NAME',
    ]);
    expect(distinct(edgePack.flatMap(({ expected }) => expected.warnings))).toEqual([
      'COMPANY_UNRESOLVED',
      'DATE_MISSING',
      'EXCLUDED_WITH_ROW',
      'FEATURE_ROWS_AMBIGUOUS',
      'GROUP_FEATURES_DIFFER',
      'GROUP_TIE',
      'INVALID_STATE',
      'LINK_MISMATCH',
      'MALFORMED_SFDC_ID',
      'NAME_TRUNCATED',
      'NULL_SOURCE_KEPT',
      'POSTAL_SUSPECT',
      'UNKNOWN_STATUS',
    ]);
  });

  it('expects of the rows what their number allows', () => {
    expect(storiesOf((edge) => edge.expected.class === 'CREATE' && liveRows(edge).length !== 0)).toEqual([]);
    expect(storiesOf((edge) => edge.expected.class === 'CONFLICT' && liveRows(edge).length < 2)).toEqual([]);
    const existing = (edge: EdgeCase) => ['UPDATE', 'IN_SYNC'].includes(edge.expected.class);
    expect(storiesOf((edge) => existing(edge) && liveRows(edge).length !== 1)).toEqual([]);
    const warns = ({ expected }: EdgeCase) => expected.warnings.includes('EXCLUDED_WITH_ROW');
    expect(
      storiesOf((edge) => edge.expected.class === 'EXCLUDED' && liveRows(edge).length > 0 !== warns(edge)),
    ).toEqual([]);
  });

  it('expects the same of all members of a group, and no date without its flag', () => {
    const shared = edgePack.filter(({ expected }) => expected.desired?.['Is_Multi_Property__c'] === true);
    for (const members of Map.groupBy(shared, ({ expected }) => expected.groupKey).values()) {
      const ids = members.map(({ id }) => id).sort();
      const own = /^(?:Name|Short_ID|Company_|Street|City|State_Code|Postal_Code)/;
      const group = members.map(({ expected }) =>
        Object.entries(expected.desired ?? {}).filter(([field]) => !own.test(field)),
      );
      expect(group.every((values) => JSON.stringify(values) === JSON.stringify(group[0]))).toBe(true);
      expect(members[0]?.expected.desired).toMatchObject({
        Active_Property_Count__c: ids.length,
        Contributing_Property_IDs__c: ids.join(';'),
      });
    }
    const hasDateAlone = ({ expected }: EdgeCase) =>
      Object.entries(expected.desired ?? {}).some(
        ([field, value]) =>
          field.endsWith('_Start_Date__c') &&
          value !== null &&
          expected.desired?.[field.replace('_Start_Date__c', '_Enabled__c')] !== true,
      );
    expect(storiesOf(hasDateAlone)).toEqual([]);
  });

  it('names as changed exactly the fields that Salesforce holds otherwise', () => {
    const differing = ({ expected, staging }: EdgeCase) =>
      Object.entries(expected.desired ?? {})
        .filter(([field, value]) => staging[0]?.[field] !== value)
        .map(([field]) => field)
        .sort();
    const updates = edgePack.filter(({ expected }) => expected.class === 'UPDATE');
    expect(updates.map(differing)).toEqual(updates.map(({ expected }) => [...expected.changedFields].sort()));
  });

  it('says what becomes of a test name on the allow list', () => {
    expect(edgeAllowList).toEqual(['e0000061-0000-4000-8000-000000000061']);
  });

  it('gives rows in the columns of a baseline, with ids that exist', () => {
    const packed = edgePackTables();
    const cell = (table: TableName, row: Row, column: string) =>
      row[Object.keys(tables[table]).indexOf(column)];
    for (const [table, rows] of Object.entries(packed)) {
      const width = Object.keys(tables[table as TableName]).length;
      expect(rows.every((row) => row.length === width)).toBe(true);
    }
    const ids = (table: TableName, column: string) =>
      packed[table].map((row) => String(cell(table, row, column)));
    const production = ids('Property__c', 'Id');
    const staging = ids('Product_Property__c', 'Id');
    expect([...production, ...staging].filter((id) => !isRight18(id))).toEqual([]);
    expect(new Set([...production, ...staging]).size).toBe(production.length + staging.length);
    const lookups = ids('Product_Property__c', 'Property__c').filter((id) => id !== 'null');
    expect(lookups.filter((id) => !production.includes(id))).toEqual([]);
    const groupIds = edgePack.map(({ expected }) => expected.groupKey).filter((key) => key.startsWith('a01'));
    expect([...new Set(groupIds)].sort()).toEqual(production.sort());
  });
});
