import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Plan, Run, SyncEvent } from '../../middleware/src/contracts/index.ts';
import { cancelRun } from '../../middleware/src/delivery/cancelRun.ts';
import { flushAudit } from '../../middleware/src/delivery/flushAudit.ts';
import { pauseRun } from '../../middleware/src/delivery/pauseRun.ts';
import type { Row, Warehouse } from '../../middleware/src/ports/warehouse.ts';
import { openBench, openEngine, type Bench, type Engine } from './engine.ts';

let bench: Bench;
let engine: Engine;
let plan: Plan;
let run: Run;

const flush = (): Promise<void> => flushAudit({ ...engine.deps, codeVersion: 'test' });
const select = (sql: (name: (table: string) => string) => string): Promise<Row[]> =>
  engine.deps.warehouse.query(sql((table) => engine.deps.warehouse.name(table)));
/** Answers these events once and none afterwards. */
const once = (events: readonly SyncEvent[]) => {
  const answers = [[...events]];
  return () => Promise.resolve(answers.pop() ?? []);
};
const runIds = async (): Promise<string[]> =>
  (await select((name) => `select run_id from ${name('sync_run')} order by run_id`)).map((row) =>
    String(row['run_id']),
  );
const dashboard = async (): Promise<Record<string, number>> =>
  Object.fromEntries(
    (await select((name) => `select stage, count from ${name('sync_monitoring_dashboard')}`)).map((row) => [
      String(row['stage']),
      Number(row['count']),
    ]),
  );

async function firstCreate(): Promise<string | undefined> {
  for await (const [item] of bench.runStore.streamPlanItems(plan.planId, 'create'))
    return item?.rdsPropertyId;
  return undefined;
}

beforeAll(async () => {
  bench = await openBench();
  engine = await openEngine(bench);
  plan = await engine.plan();
  // One item that fails, so that success and failure are told apart.
  await engine.control('PUT', 'automation', {
    rejections: [{ keys: [await firstCreate()], on: 'insert', error: 'flowPicklist' }],
  });
  run = await engine.run(plan.planId, 'A');
  await flush();
  // The views see the audit at the business time of a plan.
  await engine.plan();
});
afterAll(async () => {
  await engine.close();
  await bench.close();
});

describe('the audit of a run', () => {
  it('shows on the dashboard what the run counted', async () => {
    expect(run.counts).toMatchObject({ verified: run.counts.planned - 1, quarantined: 1 });
    expect(await dashboard()).toMatchObject({
      'Last 24 h Successful': run.counts.verified,
      'Last 24 h Failed': run.counts.failed + run.counts.quarantined,
    });
  });

  it('has one row per item, in business time', async () => {
    const rows = await select(
      (name) =>
        `select sync_status, count(*) as n, min(sync_timestamp) as first_at, max(sync_timestamp) as last_at
         from ${name('property_sync_audit_log')} where run_id = '${run.runId}'
         group by sync_status order by sync_status`,
    );
    expect(rows.map((row) => [row['sync_status'], Number(row['n'])])).toEqual([
      ['FAILED', 1],
      ['SUCCESS', run.counts.verified],
    ]);
    for (const row of rows) {
      expect((row['first_at'] as Date).getTime()).toBeGreaterThanOrEqual(Date.parse(run.startedAt ?? ''));
      expect((row['last_at'] as Date).getTime()).toBeLessThanOrEqual(Date.parse(run.endedAt ?? ''));
    }
  });

  it('adds nothing when it is carried again', async () => {
    const rowCounts = () =>
      select(
        (name) =>
          `select (select count(*) from ${name('sync_run')}) as runs,
                  (select count(*) from ${name('sync_run_item')}) as items`,
      );
    const before = await rowCounts();
    expect(before).toEqual([{ runs: 1n, items: BigInt(run.counts.planned) }]);
    await flush();
    // As after a crash between the warehouse and the store.
    await flushAudit({
      ...engine.deps,
      runStore: { ...bench.runStore, pendingAudits: () => Promise.resolve([run.runId]) },
      codeVersion: 'test',
    });
    expect(await rowCounts()).toEqual(before);
  });

  it('leaves empty what was not measured', async () => {
    expect(await select((name) => `select unchanged, linked from ${name('sync_run')}`)).toEqual([
      { unchanged: null, linked: null },
    ]);
  });

  it('is carried although that of an earlier run cannot be, which is told', async () => {
    const { warehouse } = engine.deps;
    const { planId } = await engine.plan();
    const [stuck, next] = [await engine.queueRun(planId, 'A'), await engine.queueRun(planId, 'B')];
    for (const { runId } of [stuck, next]) await bench.runStore.endRun(runId, { state: 'canceled' });
    const refusal = new Error('A value of this run does not fit.');
    const appendRows: Warehouse['appendRows'] = (table, rows) =>
      rows.some((row) => row['run_id'] === stuck.runId)
        ? Promise.reject(refusal)
        : warehouse.appendRows(table, rows);
    await expect(
      flushAudit({ runStore: bench.runStore, warehouse: { appendRows }, codeVersion: 'test' }),
    ).rejects.toBe(refusal);
    expect(await bench.runStore.pendingAudits(10)).toEqual([stuck.runId]);
    expect(await runIds()).toEqual([run.runId, next.runId].sort());

    await flush();
    expect(await bench.runStore.pendingAudits(10)).toEqual([]);
    expect(await runIds()).toEqual([run.runId, stuck.runId, next.runId].sort());
  });

  it('says who paused and canceled runs, when and why, once', async () => {
    const { planId } = await engine.plan();
    const { runId } = await engine.queueRun(planId, 'B');
    const asker = { by: 'operator', reason: 'the source looks "wrong"' };
    await pauseRun(runId, asker, engine.deps);
    const canceled = await cancelRun(runId, asker, engine.deps);
    const events = await bench.runStore.pendingEvents(10);
    await flush();
    expect(await bench.runStore.pendingEvents(10)).toEqual([]);
    // As after a crash between the warehouse and the store.
    await flushAudit({
      ...engine.deps,
      runStore: { ...bench.runStore, pendingEvents: once(events) },
      codeVersion: 'test',
    });
    const rows = await select(
      (name) =>
        `select kind, subject, actor, reason, occurred_at from ${name('sync_event')} order by occurred_at`,
    );
    const byOperator = { subject: runId, actor: 'operator', reason: asker.reason };
    expect(rows).toEqual([
      { ...byOperator, kind: 'runPaused', occurred_at: new Date(events[0]?.at ?? '') },
      { ...byOperator, kind: 'runCanceled', occurred_at: new Date(canceled.endedAt ?? '') },
    ]);
  });
});
