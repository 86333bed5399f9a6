import type { Run, RunItem, RunState, Schedule, Sync } from '../../middleware/src/contracts/index.ts';
import { formatTable } from './formatTable.ts';
import { formatCount, formatCountOf, formatDuration, formatTime } from './formatValue.ts';

/** The words of the vocabulary, as people read them. */
const states: Readonly<Record<RunState, string>> = {
  queued: 'queued',
  running: 'running',
  paused: 'paused',
  succeeded: 'succeeded',
  partiallySucceeded: 'partially succeeded',
  failed: 'failed',
  canceled: 'canceled',
};

export function formatRunState(state: RunState): string {
  return states[state];
}

const syncTitles: Readonly<Record<Sync, string>> = { A: 'Sync A (create)', B: 'Sync B (update)' };

export function formatSync(sync: Sync): string {
  return syncTitles[sync];
}

/** What runs did, in numbers, and why one that is not green is not. */
export function formatRuns(runs: readonly Run[]): string {
  const table = formatTable(
    '',
    [
      'Sync',
      'State',
      ...['Planned', 'Written', 'Verified', 'Failed', 'Skipped'].map((name) => ({ name, isNumber: true })),
      { name: 'Took', isNumber: true },
    ],
    runs.map(({ sync, kind, state, counts, startedAt, endedAt }) => [
      kind === 'resync' ? `Resync (${sync})` : formatSync(sync),
      formatRunState(state),
      formatCount(counts.planned),
      formatCount(counts.written),
      formatCount(counts.verified),
      formatCount(counts.failed + counts.quarantined),
      formatCount(counts.skipped),
      startedAt === null || endedAt === null
        ? '–'
        : formatDuration(Date.parse(endedAt) - Date.parse(startedAt)),
    ]),
  );
  return [table, ...runs.map(formatRunLines)].filter((block) => block !== '').join('\n\n');
}

function formatRunLines(run: Run): string {
  const { runId, planId, sync, startedAt, endedAt, createdAt, actor, trigger, pause, stopRequest, error } =
    run;
  const { counts, stage, state } = run;
  const lines = [
    `Run ${runId}, ${formatSync(sync)}, of plan ${planId}`,
    `  Asked for by ${actor} (${trigger}) at ${formatTime(createdAt)}; started ${formatTime(startedAt)}; ended ${formatTime(endedAt)}.`,
  ];
  if (state === 'running' && stage !== null) lines.push(`  Now: ${stage}.`);
  if (counts.quarantined > 0)
    lines.push(
      `  ${formatCountOf(counts.quarantined, 'record')} in quarantine: not sent again until mended.`,
    );
  if (counts.unknown > 0)
    lines.push(`  ${formatCountOf(counts.unknown, 'record')} whose outcome is not known yet.`);
  if (pause !== null)
    lines.push(`  Paused (${pause.cause}) by ${pause.by} at ${formatTime(pause.at)}: ${pause.reason}`);
  if (stopRequest !== null)
    lines.push(
      `  ${stopRequest.by} asked to ${stopRequest.kind} it at ${formatTime(stopRequest.at)}: ${stopRequest.reason}`,
    );
  if (error !== null) {
    lines.push(
      `  ${error.code}: ${error.message}`,
      ...error.details.map((detail) => `    • ${detail}`),
      `  ${error.action}`,
    );
  }
  return lines.join('\n');
}

/** Records that did not end as verified, by the innermost cause that Salesforce or the comparison named. */
export function formatFailedItems(items: readonly RunItem[], hasMore: boolean): string {
  const byCause = Map.groupBy(items, (item) => `${item.state}\n${causeOf(item)}`);
  return formatTable(
    `Records that are not verified${hasMore ? ' (the first ones; --items shows more)' : ''}`,
    [{ name: 'Property', isWhole: true }, 'Outcome', 'What happened'],
    [...byCause].map(([cause, alike]) => {
      const [state = '', ...what] = cause.split('\n');
      const hidden = alike.length - maxAlike;
      return [
        [
          ...alike.slice(0, maxAlike).map(({ rdsPropertyId }) => rdsPropertyId),
          ...(hidden > 0 ? [`and ${formatCount(hidden)} more alike`] : []),
        ].join('\n'),
        state,
        what.join('\n'),
      ];
    }),
  );
}

/** Properties shown of one cause; all of them are in the JSON. */
const maxAlike = 5;

function causeOf({ error }: RunItem): string {
  if (error === null) return '–';
  return `${error.code}: ${error.message}${error.fields.length === 0 ? '' : ` (${error.fields.join(', ')})`}`;
}

/** Runs as a list, newest first. */
export function formatRunList(runs: readonly Run[]): string {
  return formatTable(
    'Latest runs',
    [
      { name: 'Started (UTC)', isWhole: true },
      'Sync',
      'State',
      { name: 'Verified', isNumber: true },
      { name: 'Run', isWhole: true },
    ],
    runs.map(({ runId, sync, kind, state, counts, startedAt, createdAt }) => [
      formatTime(startedAt ?? createdAt).replace(' UTC', ''),
      kind === 'resync' ? `resync (${sync})` : kind,
      formatRunState(state),
      `${formatCount(counts.verified)} of ${formatCount(counts.planned)}`,
      runId,
    ]),
  );
}

/** Both syncs as the scheduler has them, not as somebody once declared them. */
export function formatSchedules(schedules: readonly Schedule[]): string {
  return formatTable(
    'Schedules in force',
    ['Sync', 'Runs', 'Next', 'Last tick'],
    schedules.map(({ sync, intervalMs, isAsDeclared, nextAt, pause, lastTick }) => [
      formatSync(sync),
      [
        intervalMs === null ? 'never' : `every ${formatDuration(intervalMs).replace(/ 00 (?:s|min)$/, '')}`,
        ...(isAsDeclared ? [] : ['NOT as the settings declare']),
        ...(pause === null ? [] : [`PAUSED by ${pause.by}: ${pause.reason}`]),
      ].join('\n'),
      formatTime(nextAt),
      lastTick === null
        ? '–'
        : `${formatTime(lastTick.at)}, ${lastTick.outcome}${lastTick.detail === null ? '' : `: ${lastTick.detail}`}`,
    ]),
  );
}
