import {
  defaultFieldMap,
  features,
  keyMapping,
  lookupField,
  salesforceStems,
  stagingObject,
  type MappedValue,
} from '../../middleware/src/contracts/index.ts';
import { evaluateProperties, type Evaluation } from '../../middleware/src/planning/evaluateProperties.ts';
import { defaultEvaluationSettings } from '../../middleware/src/planning/evaluationSettings.ts';
import type { StagingRow } from '../../middleware/src/planning/sourceRows.ts';
import type { OrgClient, OrgRecord } from './orgClient.ts';
import type { SourceFiles } from './readSourceFiles.ts';

/** What the org holds at one moment, judged against the raw source by the reference evaluator. */
export interface OrgAudit {
  readonly evaluations: ReadonlyMap<string, Evaluation>;
  readonly records: readonly OrgRecord[];
}

/** Reads every staging row from the org itself and judges it: no view, no mirror and no middleware is asked. */
export async function auditOrg(org: OrgClient, source: SourceFiles): Promise<OrgAudit> {
  const fields = ['Id', keyMapping.field, ...defaultFieldMap.map(({ field }) => field), lookupField];
  const records = await org.records(stagingObject, [...fields, 'LastModifiedById', 'SystemModstamp']);
  const evaluations = evaluateProperties(
    { ...source, stagingRows: records.map(toStagingRow) },
    defaultEvaluationSettings,
  );
  return { evaluations, records };
}

function toStagingRow(record: OrgRecord): StagingRow {
  return {
    id: String(record['Id']),
    key: text(record[keyMapping.field]),
    lookup: text(record[lookupField]),
    isDeleted: false,
    values: Object.fromEntries(
      defaultFieldMap.map(({ field }) => [field, (record[field] ?? null) as MappedValue]),
    ),
    lastModifiedAt: null,
    lastModifiedById: text(record['LastModifiedById']),
    systemModstamp: new Date(String(record['SystemModstamp'])),
  };
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Live rows beyond the first of their key. */
export function surplusRows({ records }: OrgAudit): number {
  const keys = records.flatMap((record) => text(record[keyMapping.field])?.toLowerCase() ?? []);
  return keys.length - new Set(keys).size;
}

const flagFields: readonly string[] = features.map((feature) => `${salesforceStems[feature]}_Enabled__c`);

/** Present in the org exactly once, with all five flags as expected. */
export function showsRightFlags({ ownRowCount, changes }: Evaluation): boolean {
  return ownRowCount === 1 && changes.every(({ field }) => !flagFields.includes(field));
}

/** Properties whose evaluation fits: a frozen list to come back to after the rollout. */
export function cohort(audit: OrgAudit, isMember: (evaluation: Evaluation) => boolean): string[] {
  return [...audit.evaluations.values()].filter(isMember).map(({ rdsPropertyId }) => rdsPropertyId);
}

/** How many of a frozen list fit now. */
export function countOf(
  ids: readonly string[],
  audit: OrgAudit,
  fits: (evaluation: Evaluation) => boolean,
): number {
  return ids.filter((id) => {
    const evaluation = audit.evaluations.get(id);
    return evaluation !== undefined && fits(evaluation);
  }).length;
}
