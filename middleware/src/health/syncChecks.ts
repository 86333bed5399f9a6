import type { Run, RunState, Sync } from '../contracts/index.ts';
import { operationOf, syncNames } from '../contracts/index.ts';
import type { GuardSettings } from '../planning/guards.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunStore } from '../ports/runStore.ts';
import type { ScheduleStore } from '../ports/scheduleStore.ts';
import type { Warehouse } from '../ports/warehouse.ts';
import { count, error, ok, warning, type Check, type Seen } from './check.ts';
import type { OrgAnswers } from './salesforceChecks.ts';
import { countForeignWrites, countStrays } from './countMirror.ts';

export interface SyncCheckDeps {
  readonly warehouse: Warehouse;
  readonly runStore: RunStore;
  readonly scheduleStore: Pick<ScheduleStore, 'readSchedules'>;
  readonly clock: Clock;
  readonly settings: {
    /** As the settings say; null is off. */
    readonly intervalsMs: Readonly<Record<Sync, number | null>>;
  } & Thresholds;
}

/** What stops a plan or a run (docs/domain.md §8.4, §11.4), as this process applies it. Shares are fractions of 1. */
interface Thresholds {
  readonly guards: GuardSettings;
  readonly brakes: { readonly maxErrorShare: number; readonly minAttempts: number };
  readonly sourceMaxAgeMs: number;
  readonly maxSourceDropShare: number;
  readonly apiReserveShare: number;
}

const openStates: readonly RunState[] = ['queued', 'running', 'paused'];
const endedStates: readonly RunState[] = ['succeeded', 'partiallySucceeded', 'failed', 'canceled'];
/** Expected of Sync B; Sync A takes half of it (docs/domain.md §11.2). */
const longRunMs = 60 * 60_000;
const maxOpenRuns = 20;

/** How the syncs fare: their schedules, their runs, and the rows that they cannot or did not write. */
export function syncChecks(deps: SyncCheckDeps, { user }: Pick<OrgAnswers, 'user'>): Check[] {
  const { warehouse, runStore, clock } = deps;
  return [
    { name: 'sync.schedules', look: () => lookAtSchedules(deps) },
    { name: 'sync.thresholds', look: () => Promise.resolve(sayThresholds(deps.settings)) },
    {
      name: 'sync.openRuns',
      look: async () =>
        judgeOpenRuns(await runStore.listRuns({ limit: maxOpenRuns, states: openStates }), clock.now()),
    },
    {
      name: 'sync.lastRuns',
      async look() {
        const runs = await Promise.all(
          syncNames.map((sync) =>
            runStore.listRuns({ limit: 1, states: endedStates, sync, kinds: [operationOf[sync]] }),
          ),
        );
        return judgeLastRuns(runs.flat());
      },
    },
    {
      name: 'sync.foreignWriter',
      async look() {
        const { userId } = await user;
        const writers = await countForeignWrites(warehouse, userId);
        const rows = writers.reduce((sum, writer) => sum + writer.rows, 0);
        const differing = writers.reduce((sum, writer) => sum + writer.differing, 0);
        const said = `${count(rows, 'row')} written by somebody else after the sync; differing from the source: ${String(differing)}.`;
        const details = writers.map(
          (writer) =>
            `user ${writer.userId}: ${count(writer.rows, 'row')}, ${String(writer.differing)} differ`,
        );
        return differing === 0
          ? ok(said, details)
          : warning(
              said,
              'Find out who writes mapped fields beside the sync: it will overwrite them.',
              details,
            );
      },
    },
    {
      name: 'sync.conflicts',
      async look() {
        const plan = await runStore.latestBuiltPlan();
        if (plan?.summary == null) return ok('No plan has been built yet.');
        const { conflicts } = plan.summary;
        return conflicts === 0
          ? ok('No key is carried by several staging rows.')
          : warning(
              `${conflicts.toLocaleString('en-US')} propert${conflicts === 1 ? 'y has' : 'ies have'} several staging rows and cannot be synced.`,
              'Let an admin choose which row of each key survives, and delete the others.',
            );
      },
    },
    {
      name: 'sync.orphans',
      async look() {
        const { orphans } = await countStrays(warehouse);
        return orphans === 0
          ? ok('Every key of a staging row belongs to a property.')
          : warning(
              `${count(orphans, 'staging row')} with a key that no property has.`,
              'Nothing writes these rows: let an admin look at them.',
            );
      },
    },
    {
      name: 'sync.keyless',
      async look() {
        const { keyless } = await countStrays(warehouse);
        return keyless === 0
          ? ok('Every staging row has a key.')
          : warning(
              `${count(keyless, 'staging row')} without a key.`,
              'Nothing writes these rows: let an admin look at them.',
            );
      },
    },
  ];
}

async function lookAtSchedules({ scheduleStore, settings }: SyncCheckDeps): Promise<Seen> {
  const schedules = await scheduleStore.readSchedules();
  const say = (intervalMs: number | null): string =>
    intervalMs === null ? 'never' : `every ${count(intervalMs / 60_000, 'minute')}`;
  const lines = schedules.map(
    ({ sync, intervalMs, pause }) =>
      `Sync ${sync}: ${say(intervalMs)}${pause === null ? '' : `, paused by ${pause.by} since ${pause.at}: ${pause.reason}`}`,
  );
  const drifted = syncNames.filter(
    (sync) =>
      (schedules.find((schedule) => schedule.sync === sync)?.intervalMs ?? null) !==
      settings.intervalsMs[sync],
  );
  if (drifted.length > 0) {
    return error(
      `Not in force as the settings declare: ${drifted.map((sync) => `Sync ${sync} (${say(settings.intervalsMs[sync])})`).join(', ')}.`,
      'Start the middleware again with the right settings: it puts them in force.',
      lines,
    );
  }
  const paused = schedules.filter(({ pause }) => pause !== null);
  return paused.length === 0
    ? ok(`As declared: ${lines.join('; ')}.`, lines)
    : warning(
        `Paused: ${paused.map(({ sync }) => `Sync ${sync}`).join(', ')}.`,
        'Ask whoever paused it, and resume it once the cause is mended.',
        lines,
      );
}

/** Which limits are right is the business of whoever set them: they are said, so that nobody believes in others. */
function sayThresholds({
  guards,
  brakes,
  sourceMaxAgeMs,
  maxSourceDropShare,
  apiReserveShare,
}: Thresholds): Seen {
  const percent = (share: number): string => `${String(Number((share * 100).toFixed(2)))} %`;
  const { maxUnattendedCreates, maxUnattendedUpdates } = guards;
  const volume = `by itself a sync writes at most ${count(maxUnattendedCreates, 'create')} and ${count(maxUnattendedUpdates, 'update')}`;
  const brake = `a run is paused above ${percent(brakes.maxErrorShare)} of failed records, from ${count(brakes.minAttempts, 'record')} on`;
  return ok(`In force: ${volume}; ${brake}.`, [
    volume,
    brake,
    `a plan is blocked above ${percent(guards.maxCompanyEqualsNameShare)} of rows whose company is their name`,
    `a plan is blocked above ${percent(guards.maxTextChurnShare)} of rows with another text`,
    `a plan is blocked above ${percent(guards.maxNullOverValueShare)} of values that would be emptied`,
    `a plan is refused where the source has lost more than ${percent(maxSourceDropShare)} of its rows`,
    `a plan is refused where the source is older than ${count(sourceMaxAgeMs / 60_000, 'minute')}`,
    `${percent(apiReserveShare)} of the org's API calls are left to others`,
  ]);
}

function judgeOpenRuns(runs: readonly Run[], now: Date): Seen {
  const paused = runs.filter(({ state }) => state === 'paused');
  const isLong = ({ state, startedAt }: Run): boolean =>
    state === 'running' && startedAt !== null && now.getTime() - Date.parse(startedAt) > longRunMs;
  const long = runs.filter(isLong);
  const lines = runs.map(
    (run) =>
      `run ${run.runId} (Sync ${run.sync}, ${run.kind}): ${run.state}${run.pause === null ? '' : ` by ${run.pause.by}: ${run.pause.reason}`}`,
  );
  if (paused.length > 0) {
    return warning(
      `${count(paused.length, 'run')} paused; until it goes on or is canceled, its sync starts no other.`,
      'Mend the cause, then resume the run or cancel it.',
      lines,
    );
  }
  if (long.length > 0) {
    return warning(
      `${count(long.length, 'run')} running for more than an hour.`,
      'Look at the batch size, the API use and the automation of the org.',
      lines,
    );
  }
  return ok(runs.length === 0 ? 'No run is open.' : `${count(runs.length, 'run')} open.`, lines);
}

function judgeLastRuns(runs: readonly Run[]): Seen {
  const lines = runs.map(
    ({ runId, sync, state, endedAt, counts }) =>
      `Sync ${sync}: ${state} at ${endedAt ?? 'an unknown time'}, ${String(counts.verified)} of ${String(counts.planned)} verified, ${String(counts.failed)} failed, ${String(counts.quarantined)} quarantined (run ${runId})`,
  );
  const inState = (state: RunState): readonly Run[] => runs.filter((run) => run.state === state);
  const named = (some: readonly Run[]): string => some.map(({ sync }) => `Sync ${sync}`).join(', ');
  const failed = inState('failed');
  if (failed.length > 0) {
    return error(
      `The last run failed: ${named(failed)}.`,
      'Read the error of the run and mend its cause.',
      lines,
    );
  }
  const partial = inState('partiallySucceeded');
  if (partial.length > 0) {
    return warning(
      `The last run left records behind: ${named(partial)}.`,
      'Read the failed and quarantined items of the run.',
      lines,
    );
  }
  return ok(runs.length === 0 ? 'No sync has run yet.' : 'The last runs ended well.', lines);
}
