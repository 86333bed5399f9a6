import type { Diagnosis, Explanation, FieldExplanation } from '../../middleware/src/contracts/index.ts';
import { formatTable } from './formatTable.ts';
import { formatTime, formatValue } from './formatValue.ts';

type Member = Explanation['members'][number];

/** The six questions of docs/domain.md §10. */
const questions: Readonly<Record<Diagnosis['hypothesis'], string>> = {
  duplicateStagingRows: 'Several staging rows?',
  idMismatch: 'Ids mixed up?',
  absentFromFeatureTable: 'Not in the feature table?',
  absentFromQueue: 'Not in the queue?',
  featureEventsMissing: 'Feature events missing?',
  syncNotRunning: 'Sync not running?',
};

/** Every value of every property of the group on its way to Salesforce, the diagnosis, and the rules they follow. */
export function formatExplanation(explanation: Explanation): string {
  const { groupKey, sfdcId, members, dataAsOf, readAt } = explanation;
  const head = [
    sfdcId === null ? `Property ${groupKey}, without a Salesforce id` : `Group ${groupKey}`,
    `  Source and Salesforce read ${formatTime(readAt)}; view as of ${formatTime(dataAsOf.businessTime)}.`,
  ].join('\n');
  return [head, ...members.map((member) => formatMember(member, members)), formatRules(members)]
    .filter((block) => block !== '')
    .join('\n\n');
}

function formatMember(member: Member, members: readonly Member[]): string {
  const { rdsPropertyId, name, classification, reasonCode, isContributor, stagingIds, warnings } = member;
  const differing = member.fields.filter(({ doesDiffer }) => doesDiffer).length;
  const head = [
    `── ${name ?? 'without a name'} ──`,
    `  ${rdsPropertyId}`,
    `  ${reasonCode === null ? classification : `${classification} (${reasonCode})`}; ${isContributor ? 'contributes to the group' : 'does not contribute'}; ${stagingIds.length === 0 ? 'no staging row' : `staging ${stagingIds.join(', ')}`}.`,
    ...(warnings.length === 0 ? [] : [`  Warnings: ${warnings.join(', ')}.`]),
    `  ${differing === 0 ? 'Salesforce shows what it should.' : `Salesforce differs in ${differing === 1 ? '1 field' : `${String(differing)} fields`}, marked ≠.`}`,
  ].join('\n');
  return [head, formatValues(member, members), formatDiagnosis(member)]
    .filter((block) => block !== '')
    .join('\n\n');
}

/** What each field should be, with view and source below it where they hold another value. */
function formatValues({ rdsPropertyId, fields }: Member, members: readonly Member[]): string {
  const whose = ({ contributorId }: FieldExplanation): string => {
    if (contributorId === null) return 'the group';
    if (contributorId === rdsPropertyId) return 'its own';
    return members.find((member) => member.rdsPropertyId === contributorId)?.name ?? contributorId;
  };
  return formatTable(
    'Values ("=": Salesforce shows just that)',
    [
      { name: '', isOptional: true },
      { name: 'Field', isWhole: true },
      'Should be',
      { name: 'Salesforce', isWhole: fields.every(({ salesforce }) => salesforce === null) },
      'Whose',
    ],
    fields.map((field) => [
      field.doesDiffer ? '≠' : '',
      field.field,
      [
        formatValue(field.expected),
        ...(field.view === field.expected ? [] : [`view ${formatValue(field.view)}`]),
        ...(isSourceTold(field) ? [`source ${formatValue(field.source)}`] : []),
      ].join('\n'),
      field.salesforce !== null && field.salesforce === field.expected ? '=' : formatValue(field.salesforce),
      whose(field),
    ]),
  );
}

/** A value of the group as a whole stands in no column of the source. */
function isSourceTold({ source, expected, contributorId }: FieldExplanation): boolean {
  return source !== expected && (source !== null || contributorId !== null);
}

/** Rules are the same for every property of the group. */
function formatRules(members: readonly Member[]): string {
  const rules = new Map(members.flatMap(({ fields }) => fields.map(({ field, rule }) => [field, rule])));
  return formatTable(
    'Rules of the expected values',
    [{ name: 'Field', isWhole: true }, 'Rule'],
    [...rules].map(([field, rule]) => [field, rule]),
  );
}

/** What holds comes first. */
function formatDiagnosis({ diagnosis }: Member): string {
  return formatTable(
    'Diagnosis',
    ['Question', '', 'Finding', { name: 'What to do', isOptional: true }],
    diagnosis
      .toSorted((a, b) => Number(b.doesHold) - Number(a.doesHold))
      .map(({ hypothesis, doesHold, finding, action }) => [
        questions[hypothesis],
        doesHold ? 'YES' : 'no',
        finding,
        action ?? '',
      ]),
  );
}
