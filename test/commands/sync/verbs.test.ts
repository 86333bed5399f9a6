import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import SyncCancel from '../../../src/commands/sync/cancel.ts';
import SyncDoctor from '../../../src/commands/sync/doctor.ts';
import SyncPause from '../../../src/commands/sync/pause.ts';
import SyncPreview from '../../../src/commands/sync/preview.ts';
import SyncResume from '../../../src/commands/sync/resume.ts';
import SyncResync from '../../../src/commands/sync/resync.ts';
import SyncRun from '../../../src/commands/sync/run.ts';
import SyncStatus from '../../../src/commands/sync/status.ts';
import { hangUp, json, problem } from '../../api/startFaultyServer.ts';
import { aPlan, aReport, aResync, aRun, aRunItem, aSchedule, planId, propertyId, runId } from '../results.ts';
import { startFakeApi, type FakeApi, type Routes } from '../startFakeApi.ts';

let api: FakeApi | undefined;
let printed: string[] = [];
beforeEach(() => {
  printed = [];
  // Each command listens for signals; a CLI runs one.
  process.setMaxListeners(0);
  for (const stream of ['log', 'error'] as const) {
    jest
      .spyOn(console, stream)
      .mockImplementation((...texts: unknown[]) => void printed.push(texts.join(' ')));
  }
});
afterEach(async () => {
  jest.restoreAllMocks();
  await api?.stop();
  api = undefined;
});

interface Verb<Result> {
  readonly prototype: { run(): Promise<Result> };
  run(argv: string[], root: string): Promise<unknown>;
}

/** Runs a verb in this process against a middleware with these answers. */
async function run<Result>(
  verb: Verb<Result>,
  argv: string[],
  routes: Routes,
): Promise<{ result: Result; exitCode: unknown; text: string }> {
  api = await startFakeApi(routes);
  process.exitCode = 0;
  const result = (await verb.run(argv, process.cwd())) as Result;
  return { result, exitCode: process.exitCode, text: printed.join('\n') };
}

const page = (...items: unknown[]) => json({ items, nextCursor: null });
const plansRoute = `/v1/plans/${planId}`;
const runRoute = `/v1/runs/${runId}`;
const runB = '01a207cd-f5cc-7396-80ee-e8a2d9feed42';
const b = aRun({ runId: runB, sync: 'B', kind: 'update' });
const queued = { state: 'queued', startedAt: null, endedAt: null } as const;

describe('sf sync run', () => {
  it('runs A to its end before B, and ends with the worst of both', async () => {
    const failures = { ...aRun().counts, verified: 1_080, failed: 1 };
    const { result, exitCode, text } = await run(SyncRun, ['--plan', planId], {
      'POST /v1/runs': [json(aRun(queued), 202), json({ ...b, ...queued }, 202)],
      [`GET ${runRoute}`]: [
        json(aRun({ ...queued, state: 'running' })),
        json(aRun({ state: 'partiallySucceeded', counts: failures })),
      ],
      [`GET ${runRoute}/items`]: page(aRunItem()),
      [`GET /v1/runs/${runB}`]: json(b),
    });
    expect(api?.asked).toEqual([
      'POST /v1/runs',
      `GET ${runRoute}`,
      `GET ${runRoute}`,
      'POST /v1/runs',
      `GET /v1/runs/${runB}`,
      `GET ${runRoute}/items`,
    ]);
    expect(exitCode).toBe(68);
    expect(result.failedItems).toHaveLength(1);
    expect(text).toContain('STRING_TOO_LONG');
  });

  it.each([
    ['failed', 1, []],
    ['canceled', 1, []],
    ['paused', 69, [`sf sync resume --run ${runId} --reason "<why>"`]],
  ] as const)('does not start B when A is %s, and says how to go on (%d)', async (state, exitCode, next) => {
    const ran = await run(SyncRun, ['--plan', planId], {
      'POST /v1/runs': json(aRun(queued), 202),
      [`GET ${runRoute}`]: json(aRun({ state })),
    });
    expect(ran.result.runs.map(({ sync }) => sync)).toEqual(['A']);
    expect(ran.exitCode).toBe(exitCode);
    expect(ran.result.next).toEqual([...next, `sf sync run --plan ${planId} --sync update`]);
  });

  it('queues both at once where nobody waits: 69 for --wait 0, 0 for --async', async () => {
    const routes = { 'POST /v1/runs': [json(aRun(queued), 202), json({ ...b, ...queued }, 202)] };
    const waited = await run(SyncRun, ['--plan', planId, '--wait', '0'], routes);
    expect(waited.result.runs.map(({ sync }) => sync)).toEqual(['A', 'B']);
    expect(waited.exitCode).toBe(69);
    expect(waited.text).toContain(`sf sync status --run ${runId} --wait 60`);
    await api?.stop();
    expect((await run(SyncRun, ['--plan', planId, '--async'], routes)).exitCode).toBe(0);
  });

  it('runs no plan that is blocked, and shows why', async () => {
    const blocked = aPlan({
      state: 'blocked',
      guards: [
        {
          guard: 'volume',
          isTripped: true,
          isReleasable: true,
          measured: 9,
          limit: 1,
          detail: 'Far too many.',
        },
      ],
    });
    const { result, exitCode, text } = await run(SyncRun, [], { 'POST /v1/plans': json(blocked, 202) });
    expect({ exitCode, runs: result.runs }).toEqual({ exitCode: 1, runs: [] });
    expect(api?.asked).toEqual(['POST /v1/plans']);
    expect(text).toContain('Far too many.');
  });

  it('refuses as the middleware does, with its code and what to do', async () => {
    await expect(
      run(SyncRun, ['--plan', planId], {
        'POST /v1/runs': problem(409, 'PLAN_STALE', { errors: ['row 7'] }),
      }),
    ).rejects.toMatchObject({ name: 'PLAN_STALE', exitCode: 1, actions: ['Action of PLAN_STALE.'] });
    expect(printed.join('\n')).toMatch(/Error \(PLAN_STALE\): Detail of PLAN_STALE\.\n {2}• row 7/);
  });

  it('goes on watching while the middleware is being started again', async () => {
    const ran = await run(SyncRun, ['--plan', planId, '--sync', 'create'], {
      'POST /v1/runs': json(aRun(queued), 202),
      [`GET ${runRoute}`]: [hangUp, hangUp, hangUp, hangUp, json(aRun())],
    });
    expect(ran.exitCode).toBe(0);
    expect(ran.text).toContain('the middleware does not answer; trying again');
  });
});

describe('sf sync preview', () => {
  it.each([
    ['ready', 0, `sf sync run --plan ${planId}`],
    ['blocked', 1, 'a guard has tripped'],
    ['failed', 1, 'could not be built'],
  ] as const)('of a plan that is %s ends with %d and says what is next', async (state, exitCode, next) => {
    const ran = await run(SyncPreview, ['--items', '0'], {
      'POST /v1/plans': json(aPlan({ state: 'building', stage: 'comparing', summary: null }), 202),
      [`GET ${plansRoute}`]: json(aPlan({ state })),
    });
    expect(ran.exitCode).toBe(exitCode);
    expect(ran.text).toContain('Plan: comparing');
    expect(ran.text).toContain(next);
  });
});

describe('sf sync status', () => {
  it('asks only for the outcomes that there are', async () => {
    const run1 = aRun({ state: 'partiallySucceeded', counts: { ...aRun().counts, quarantined: 1 } });
    const ran = await run(SyncStatus, ['--run', runId], {
      [`GET ${runRoute}`]: json(run1),
      [`GET ${runRoute}/items`]: page(aRunItem({ state: 'quarantined' })),
    });
    expect(ran.exitCode).toBe(68);
    expect(api?.asked).toEqual([`GET ${runRoute}`, `GET ${runRoute}/items`]);
  });
});

describe('sf sync pause, resume and cancel', () => {
  const reason = ['--reason', 'a look first'];
  const running = aRun({ ...queued, state: 'running' });

  it.each([
    ['paused', 0],
    ['succeeded', 1],
  ] as const)('pause of a run that is %s then ends with %d', async (state, exitCode) => {
    const ran = await run(SyncPause, reason, {
      'GET /v1/runs': page(running),
      [`POST ${runRoute}/pause`]: json(running, 202),
      [`GET ${runRoute}`]: json(aRun({ state })),
    });
    expect(ran.exitCode).toBe(exitCode);
  });

  it('pause ends with 69 while what is on its way is being settled', async () => {
    const routes = { 'GET /v1/runs': page(running), [`POST ${runRoute}/pause`]: json(running, 202) };
    expect((await run(SyncPause, [...reason, '--wait', '0'], routes)).exitCode).toBe(69);
  });

  it('guess no run where there are several, and leave those of resyncs alone', async () => {
    await expect(
      run(SyncPause, reason, { 'GET /v1/runs': page(running, { ...b, state: 'queued' }) }),
    ).rejects.toMatchObject({
      name: 'SEVERAL_OPEN_RUNS',
      actions: expect.arrayContaining([expect.stringContaining(`--run ${runB}`)]),
    });
    await api?.stop();
    await expect(
      run(SyncCancel, reason, { 'GET /v1/runs': page({ ...running, resyncId: runB }) }),
    ).rejects.toMatchObject({ name: 'NO_OPEN_RUN' });
  });

  it('resume without waiting ends with 0, since it goes on', async () => {
    const ran = await run(SyncResume, reason, {
      'GET /v1/runs': page(aRun({ state: 'paused' })),
      [`POST ${runRoute}/resume`]: json(aRun(queued)),
    });
    expect(ran.exitCode).toBe(0);
    expect(ran.text).toContain('It goes on.');
  });

  it('cancel believes the run where the answer to the first try was lost', async () => {
    const routes = {
      [`POST ${runRoute}/cancel`]: [hangUp, problem(409, 'RUN_CONFLICT')],
      [`GET ${runRoute}`]: json(aRun({ state: 'canceled' })),
    };
    expect((await run(SyncCancel, ['--run', runId, ...reason], routes)).exitCode).toBe(0);
    await api?.stop();
    await expect(
      run(SyncCancel, ['--run', runId, ...reason], { ...routes, [`GET ${runRoute}`]: json(aRun()) }),
    ).rejects.toMatchObject({ name: 'RUN_CONFLICT' });
  });

  it('pause a schedule in place of a run', async () => {
    const pause = { at: '2026-01-05T12:00:00.000Z', by: 'admin', reason: 'a look first' };
    const ran = await run(SyncPause, ['--schedule', 'update', ...reason], {
      'POST /v1/schedules/B/pause': json(aSchedule({ sync: 'B', pause })),
    });
    expect(ran.result.schedules).toHaveLength(1);
    expect(ran.exitCode).toBe(0);
  });
});

describe('sf sync resync', () => {
  it.each([
    ['succeeded', 0],
    ['partiallySucceeded', 68],
    ['failed', 1],
  ] as const)('that %s ends with %d', async (state, exitCode) => {
    const started = aResync({ state: 'running', stage: 'planning', members: [] });
    const ran = await run(SyncResync, ['--property-id', propertyId], {
      [`POST /v1/properties/${propertyId}/resyncs`]: json(started, 202),
      [`GET /v1/resyncs/${started.resyncId}`]: json(aResync({ state })),
    });
    expect(ran.exitCode).toBe(exitCode);
  });
});

describe('sf sync doctor', () => {
  const seen = { check: 'store.connection', finding: 'Seen.', action: null, details: [] };

  it.each([
    ['ok', 0],
    ['warning', 0],
    ['error', 1],
  ] as const)('that finds %s ends with %d', async (level, exitCode) => {
    const ran = await run(SyncDoctor, [], { 'GET /v1/doctor': json(aReport([{ ...seen, level }])) });
    expect(ran.result.level).toBe(level);
    expect(ran.exitCode).toBe(exitCode);
  });

  it('shows that the middleware does not know the key', async () => {
    const ran = await run(SyncDoctor, [], { 'GET /v1/doctor': problem(401, 'UNAUTHENTICATED') });
    expect(ran.result.findings).toMatchObject([{ check: 'middleware.connection', level: 'error' }]);
    expect(ran.exitCode).toBe(1);
  });
});

it('half an environment is refused: it must not end at another middleware', async () => {
  api = await startFakeApi({});
  Reflect.deleteProperty(process.env, 'PROPERTY_SYNC_URL');
  await expect(SyncStatus.run([], process.cwd())).rejects.toMatchObject({ name: 'ENVIRONMENT_INCOMPLETE' });
  expect(api.asked).toEqual([]);
});
