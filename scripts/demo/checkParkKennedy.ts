import {
  features,
  keyMapping,
  lookupField,
  productionObject,
  salesforceStems,
} from '../../middleware/src/contracts/index.ts';
import type { OrgAudit } from './auditOrg.ts';
import type { OrgClient, OrgRecord } from './orgClient.ts';

const active = 'a0000001-0000-4000-8000-000000000001';
const sibling = 'a0000002-0000-4000-8000-000000000002';
const guarantor = 'a0000003-0000-4000-8000-000000000003';
const production = 'a01ZZ000001PKndYAG';

/**
 * The canary of docs/domain.md §10: one new row with the ACTIVE identity, five flags and five dates, linked once to the
 * existing production record, and the siblings' rows untouched. Returns what differs, one line each.
 */
export async function checkParkKennedy(before: OrgAudit, after: OrgAudit, org: OrgClient): Promise<string[]> {
  const differences: string[] = [];
  const expect = (what: string, actual: unknown, expected: unknown): void => {
    const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
    if (is !== should) differences.push(`${what} is ${is}, not ${should}`);
  };

  const rows = rowsOf(after, active);
  expect('rows of the ACTIVE property', rows.length, 1);
  const [row] = rows;
  if (row !== undefined) {
    expect('name', row['Name'], 'Park Kennedy');
    expect('status', row['Status__c'], 'ACTIVE');
    expect('contributors', row['Contributing_Property_IDs__c'], active);
    expect('property count', row['Active_Property_Count__c'], 1);
    expect('multi property', row['Is_Multi_Property__c'], false);
    expect('source id', row['Source_Salesforce_ID__c'], production);
    expect('lookup', row[lookupField], production);
    for (const feature of features) {
      expect(`${feature} flag`, row[`${salesforceStems[feature]}_Enabled__c`], true);
      expect(`${feature} date`, row[`${salesforceStems[feature]}_Start_Date__c`], '2025-11-10');
    }
  }
  // A row that is in sync is never written.
  const inSync = [sibling, guarantor].filter((id) => before.evaluations.get(id)?.class === 'IN_SYNC');
  for (const id of inSync) expect(`rows of ${id}`, rowsOf(after, id), rowsOf(before, id));
  for (const id of [active, sibling, guarantor])
    expect(`class of ${id}`, after.evaluations.get(id)?.class, 'IN_SYNC');

  const flagFields = features.map((feature) => `${salesforceStems[feature]}_Enabled__c`);
  const records = await org.records(`${productionObject} WHERE Name LIKE 'Park Kennedy%'`, [
    'Id',
    ...flagFields,
  ]);
  const own = records.filter(({ Id }) => Id === production);
  expect('production records of the group', own.length, 1);
  for (const field of flagFields) expect(`production ${field}`, own[0]?.[field], true);
  return differences;
}

function rowsOf({ records }: OrgAudit, id: string): OrgRecord[] {
  return records.filter((record) => String(record[keyMapping.field]).toLowerCase() === id);
}
