import { styleText } from 'node:util';
import Table from 'cli-table3';
import type { Criterion } from './criteria.ts';
import { count } from './progress.ts';

const titles: Readonly<Record<string, string>> = {
  created: 'Missing properties created',
  matchedEqual: 'Matched properties equal',
  missing: 'Properties still missing',
  featureAccuracy: 'Feature accuracy',
  p1Visible: 'Paid and missing, now visible (P1)',
  idvResolved: 'ID verification mismatches resolved',
  unblocked: 'Blocked properties with a row',
  errorRateA: 'Error rate Sync A',
  errorRateB: 'Error rate Sync B',
  unverified: 'Unverified records',
  parkKennedy: 'Park Kennedy differences',
  noopWrites: 'Writes of a second run',
  createdOfPlan: 'Created of the plan',
  updatedOfPlan: 'Updated of the plan',
  quarantined: 'Quarantined records',
  leftToCreate: 'Left to create',
  leftToUpdate: 'Left to update',
  inSyncAfter: 'In sync afterwards',
  newSurplusRows: 'New rows that repeat a key',
  createCalls: 'Create calls, of 50 records each',
  lostWrites: 'Lost answers to writes',
  lostAnswers: 'Lost answers to anything else',
  derivedOnly: 'Rows with derived fields alone',
  ingestJobs: 'Bulk jobs',
};

const shares = new Set(['featureAccuracy', 'errorRateA', 'errorRateB']);

/** The criteria with target and actual, as a table for people. */
export function criteriaTable(criteria: readonly Criterion[]): string {
  const table = new Table({
    head: ['Criterion', 'Target', 'Actual', ''],
    colAligns: ['left', 'right', 'right', 'left'],
    style: { head: [], border: [] },
    // No line between two rows: the table fits a small window.
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  for (const { name, target, actual, passed } of criteria) {
    const show = (value: number): string =>
      shares.has(name) ? `${(value * 100).toFixed(2)} %` : count(value);
    table.push([
      titles[name] ?? name,
      `${target.op === '==' ? '' : `${target.op} `}${show(target.value)}`,
      show(actual),
      passed ? paint('green', 'met') : paint('red', 'MISSED'),
    ]);
  }
  return table.toString();
}

/** Where to look, the record page first, and with which keys, while the demo stays up. */
export function addresses(urls: Record<string, string>, keys: Record<string, string>): string {
  const lines = [...Object.entries(urls), ...Object.entries(keys)];
  const width = Math.max(...lines.map(([name]) => name.length));
  return [
    paint('bold', 'Up until Ctrl-C:'),
    ...lines.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    '',
    '  Try:',
    ...(urls['page'] === undefined ? [] : ['  In the page: Park Kennedy, Edit by hand, Resync']),
    `  curl -H "Authorization: Bearer ${keys['apiKey'] ?? ''}" ${urls['middleware'] ?? ''}/v1/health`,
  ].join('\n');
}

function paint(style: 'green' | 'red' | 'bold', text: string): string {
  return styleText(style, text, { stream: process.stderr });
}
