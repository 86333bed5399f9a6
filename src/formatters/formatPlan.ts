import type { Plan, planItemSchema, Sync } from '../../middleware/src/contracts/index.ts';
import { formatTable } from './formatTable.ts';
import { formatCount, formatCountOf, formatDuration, formatTime, formatValue } from './formatValue.ts';

type PlanItem = ReturnType<(typeof planItemSchema)['parse']>;

/** Why a property is excluded (docs/domain.md §6). */
const reasons: Readonly<Record<string, string>> = {
  SOURCE_DELETED: 'deleted in the source',
  PLACEHOLDER_SFDC: 'its Salesforce id is a placeholder',
  TEST_NAME: 'its name is that of a test',
  NO_COMPANY: 'has no company',
  DISABLED: 'disabled and not in Salesforce, or of unknown status',
};

const titles: Readonly<Record<Sync, string>> = { A: 'create (Sync A)', B: 'update (Sync B)' };

/** What a plan would do, why it may not, and its first rows, for the syncs asked about. */
export function formatPlan(
  plan: Plan,
  {
    syncs,
    items,
    hasMoreItems,
  }: { syncs: readonly Sync[]; items: readonly PlanItem[]; hasMoreItems: boolean },
): string {
  return [
    formatHead(plan),
    formatClasses(plan, syncs),
    formatExcluded(plan),
    syncs.includes('B') ? formatFields(plan) : '',
    formatGuards(plan),
    formatItems(items, hasMoreItems),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

function formatHead({
  planId,
  state,
  builtAt,
  businessTime,
  sourceFreshAt,
  isSourceStale,
  timingsMs,
  error,
}: Plan): string {
  const tookMs = Object.values(timingsMs).reduce((sum, ms) => sum + ms, 0);
  return [
    `Plan ${planId} is ${state}.`,
    `  Built ${formatTime(builtAt)} in ${formatDuration(tookMs)}, as of ${formatTime(businessTime)}; source fresh at ${formatTime(sourceFreshAt)}${isSourceStale ? ' (STALE)' : ''}.`,
    ...(error === null
      ? []
      : [
          `  ${error.code}: ${error.message}`,
          ...error.details.map((detail) => `    • ${detail}`),
          `  ${error.action}`,
        ]),
  ].join('\n');
}

function formatClasses({ summary }: Plan, syncs: readonly Sync[]): string {
  if (summary === null) return '';
  const { toCreate, toCreateP1, withChanges, derivedOnly, valuesCleared, inSync, conflicts, excluded } =
    summary;
  const excludedInAll = Object.values(excluded).reduce((sum, count) => sum + count, 0);
  const rows: [string, number, string][] = [
    ...(syncs.includes('A')
      ? ([[titles.A, toCreate, `${formatCount(toCreateP1)} with a paid feature`]] satisfies [
          string,
          number,
          string,
        ][])
      : []),
    ...(syncs.includes('B')
      ? ([
          [
            titles.B,
            withChanges,
            `${formatCount(derivedOnly)} in computed fields alone; ${formatCountOf(valuesCleared, 'value')} emptied`,
          ],
        ] satisfies [string, number, string][])
      : []),
    ['in sync', inSync, 'nothing to write'],
    ['conflict', conflicts, conflicts === 0 ? '' : 'several staging rows each: an admin chooses'],
    ['excluded', excludedInAll, 'by reason, below'],
  ];
  return formatTable(
    'What a run would write',
    ['Class', { name: 'Properties', isNumber: true }, 'Of which'],
    rows.map(([name, count, note]) => [name, formatCount(count), note]),
  );
}

function formatExcluded({ summary }: Plan): string {
  const rows = Object.entries(summary?.excluded ?? {}).filter(([, count]) => count > 0);
  return formatTable(
    'Excluded',
    ['Reason', { name: 'Properties', isNumber: true }, 'Meaning'],
    rows
      .toSorted(([, a], [, b]) => b - a)
      .map(([code, count]) => [code, formatCount(count), reasons[code] ?? '']),
  );
}

function formatFields({ summary }: Plan): string {
  const rows = Object.entries(summary?.fieldChanges ?? {}).filter(([, count]) => count > 0);
  return formatTable(
    'Fields that would change',
    ['Field', { name: 'Rows', isNumber: true }],
    rows.toSorted(([, a], [, b]) => b - a).map(([field, count]) => [field, formatCount(count)]),
  );
}

function formatGuards({ guards }: Plan): string {
  return formatTable(
    'Guards',
    ['Guard', 'Result', 'What was measured'],
    guards.map(({ guard, isTripped, detail }) => [guard, isTripped ? 'TRIPPED' : 'passed', detail]),
  );
}

/** A create shows what it would write into the fields that people know a property by. */
function formatItems(items: readonly PlanItem[], hasMoreItems: boolean): string {
  const creates = items.filter(({ operation }) => operation === 'create');
  const updates = items.filter(({ operation }) => operation === 'update');
  const id = { name: 'Property', isWhole: true };
  const more = hasMoreItems ? ' (the first ones; --items shows more)' : '';
  const text = (item: PlanItem, field: string): string => formatValue(item.expected[field] ?? null);
  return [
    formatTable(
      `To create${more}`,
      [id, 'Name', 'Company', 'City', { name: 'Warnings', isOptional: true }],
      creates.map((item) => [
        item.rdsPropertyId,
        text(item, 'Name'),
        text(item, 'Company_Name__c'),
        text(item, 'City__c'),
        item.warnings.join(', '),
      ]),
    ),
    formatTable(
      `To update${more}`,
      [id, { name: 'Field', isWhole: true }, 'Now', 'Then'],
      updates.flatMap((item) =>
        item.changes.map(({ field, from, to }, at) => [
          at === 0 ? item.rdsPropertyId : '',
          field,
          formatValue(from),
          formatValue(to),
        ]),
      ),
    ),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}
