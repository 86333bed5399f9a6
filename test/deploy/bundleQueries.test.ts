import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DuckDbWarehouse } from '../../middleware/src/adapters/duckdb/duckdbWarehouse.ts';
import { syncEvent, syncRun, syncRunItem } from '../../middleware/src/planning/warehouseTables.ts';
import { mirrorState } from '../../middleware/src/mirror/mirrorTables.ts';
import type { Row, SqlValue } from '../../middleware/src/ports/warehouse.ts';
import { alertQueries, businessClock, dashboardQueries } from '../../scripts/bundle/bundleQueries.ts';
import { generationTimeoutMs, openJanuary } from '../sql/january.ts';
import { materializeAggregate } from '../sql/testWarehouse.ts';

let warehouse: DuckDbWarehouse;

beforeAll(async () => {
  ({ warehouse } = await openJanuary());
  await materializeAggregate(warehouse);
}, generationTimeoutMs);
afterAll(() => warehouse.close());

const readAlert = async (name: string): Promise<Row> => {
  const alert = (await alertQueries(warehouse, businessClock(warehouse))).find((each) => each.name === name);
  const [row] = await warehouse.query(alert?.sql ?? `select 'no such alert' as missing`);
  return row ?? {};
};

const severities = async (): Promise<Record<string, SqlValue>> => {
  const found: Record<string, SqlValue> = {};
  for (const { name, sql } of await alertQueries(warehouse, businessClock(warehouse))) {
    const [row] = await warehouse.query(sql);
    if (row?.['severity'] != null) found[name] = row['severity'];
  }
  return found;
};

const minutesAgo = (minutes: number): string =>
  new Date(Date.parse('2026-01-05T12:00:00Z') - minutes * 60_000).toISOString();

const replace = async (table: typeof syncRun, rows: readonly Row[]): Promise<void> => {
  async function* once(): AsyncIterable<readonly Row[]> {
    yield await Promise.resolve(rows);
  }
  await warehouse.mergeRows(table, once(), { replaceAll: true });
};

const aRun = (changes: Row = {}): Row => ({
  run_id: 'run 1',
  sync_name: 'A',
  kind: 'create',
  is_dry_run: false,
  actor: 'alex',
  ended_at: minutesAgo(10),
  state: 'succeeded',
  ...changes,
});

/** `failed` of `count` records of a run, the failed ones first, one record a minute before the last. */
const items = (count: number, failed: number, changes: Row = {}): Row[] =>
  Array.from({ length: count }, (_, index) => ({
    item_id: `item ${index}`,
    run_id: 'run 1',
    operation: 'CREATE',
    state: index < failed ? 'failed' : 'verified',
    error_text: index < failed ? 'no such picklist value' : null,
    ended_at: minutesAgo(5),
    ...changes,
  }));

describe('the queries of the bundle', () => {
  it('of the dashboard answer on DuckDB, with the columns that the widgets show', async () => {
    const queries = await dashboardQueries();
    expect(queries).toHaveLength(5);
    await replace(syncRun, [aRun()]);
    await replace(syncRunItem, items(2, 1));
    for (const { sql, columns } of await dashboardQueries(businessClock(warehouse))) {
      const [row] = await warehouse.query(sql);
      expect(Object.keys(row ?? {}).sort()).toEqual([...columns].sort());
    }
    await replace(syncRun, []);
    await replace(syncRunItem, []);
  });

  it('of the dashboard show the figures of January', async () => {
    const [figures] = (await dashboardQueries()).filter(({ name }) => name === 'figures');
    expect(await warehouse.query(figures?.sql ?? '')).toEqual([
      expect.objectContaining({ to_create: 1_081, to_create_paid: 507, to_update: 1_843, matched: 7_980 }),
    ]);
  });

  it('answer one row each where they are alerts, also with the clock of the engine', async () => {
    for (const { sql, columns } of await alertQueries(warehouse)) {
      const rows = await warehouse.query(sql);
      expect(rows.map((row) => Object.keys(row))).toEqual([columns]);
    }
  });
});

describe('the alerts', () => {
  it('on the January baseline are those of docs/domain.md §18.3', async () => {
    expect(await severities()).toEqual({
      properties_missing: 'P1',
      features_missing: 'P1',
      create_queue: 'P2',
      update_queue: 'P2',
      feature_accuracy: 'P2',
      coverage: 'P3',
      standing_conflicts: 'P3',
    });
    expect(await readAlert('properties_missing')).toMatchObject({ measured: 1_081n, urgency: 3 });
    expect(await readAlert('features_missing')).toMatchObject({ measured: 1_022n });
    expect(await readAlert('awaiting_link')).toMatchObject({ measured: 196n, urgency: 0 });
    expect((await readAlert('coverage'))['measured']).toBeCloseTo(0.902, 4);
    expect((await readAlert('feature_accuracy'))['measured']).toBeCloseTo(0.901, 3);
    expect((await readAlert('id_alignment'))['measured']).toBeGreaterThan(0);
  });

  it.each([
    [1_000, 0, null],
    [1_000, 9, 'P3'],
    [1_000, 10, 'P2'],
    [1_000, 50, 'P1'],
    [1_000, 100, 'P1'],
    [1_000, 101, 'P0'],
  ])('judge the error rate by §14.1: of %i records %i failed is %s', async (count, failed, severity) => {
    await replace(syncRun, [aRun()]);
    await replace(syncRunItem, items(count, failed));
    expect(await readAlert('error_rate')).toMatchObject({ severity });
  });

  it('judge the last 20 attempts where the hour has fewer', async () => {
    await replace(syncRun, [aRun(), aRun({ run_id: 'run 0', ended_at: minutesAgo(300) })]);
    const old = items(100, 100, { run_id: 'run 0', ended_at: minutesAgo(300) });
    await replace(syncRunItem, [
      ...old.map((row) => ({ ...row, item_id: `old ${String(row['item_id'])}` })),
      ...items(19, 0),
    ]);
    expect(await readAlert('error_rate')).toMatchObject({ measured: 1 / 20, severity: 'P1' });
    await replace(syncRunItem, [
      ...old.map((row) => ({ ...row, item_id: `old ${String(row['item_id'])}` })),
      ...items(20, 0),
    ]);
    expect(await readAlert('error_rate')).toMatchObject({ measured: 0, severity: null });
  });

  it.each([
    ['A', 30, null],
    ['A', 31, 'P2'],
    ['B', 60, null],
    ['B', 61, 'P2'],
    ['A', 120, 'P2'],
    ['A', 121, 'P0'],
    ['B', 121, 'P0'],
  ])('say of Sync %s, %i minutes after its last run: %s', async (sync, minutes, severity) => {
    await replace(syncRun, [aRun({ sync_name: sync, ended_at: minutesAgo(minutes) })]);
    await replace(syncEvent, []);
    expect(await readAlert('sync_down')).toMatchObject({ severity });
  });

  it('do not wait for a sync that is paused, and wait again once it goes on', async () => {
    await replace(syncRun, [aRun({ ended_at: minutesAgo(600) })]);
    const paused = { event_id: '1', kind: 'syncPaused', subject: 'A', occurred_at: minutesAgo(599) };
    await replace(syncEvent, [paused]);
    expect(await readAlert('sync_down')).toMatchObject({ severity: null });
    const resumed = { event_id: '2', kind: 'syncResumed', subject: 'A', occurred_at: minutesAgo(10) };
    await replace(syncEvent, [paused, resumed]);
    expect(await readAlert('sync_down')).toMatchObject({ severity: 'P0' });
  });

  it('name a run that failed, for a day', async () => {
    await replace(syncRun, [aRun({ state: 'failed' })]);
    expect(await readAlert('failed_runs')).toMatchObject({ measured: 1n, severity: 'P3' });
    await replace(syncRun, [aRun({ state: 'failed', ended_at: minutesAgo(24 * 60) })]);
    expect(await readAlert('failed_runs')).toMatchObject({ severity: null });
  });

  it.each([
    [0, null],
    [1, 'P1'],
    [10, 'P0'],
  ])('say of %i mismatches in 1,000 verified records: %s', async (count, severity) => {
    await replace(syncRun, [aRun()]);
    await replace(
      syncRunItem,
      items(1_000, count).map((row) => ({
        ...row,
        error_class: row['state'] === 'failed' ? 'verification' : null,
      })),
    );
    expect(await readAlert('verification_mismatch')).toMatchObject({ measured: BigInt(count), severity });
  });

  it.each([
    [50, null],
    [51, 'P2'],
    [120, 'P2'],
    [121, 'P1'],
  ])('say of a mirror that was read %i minutes ago: %s', async (minutes, severity) => {
    await replace(mirrorState, [{ object: 'product_property_mirror', refreshed_at: minutesAgo(minutes) }]);
    expect(await readAlert('stale_source')).toMatchObject({ severity });
    await replace(mirrorState, []);
  });
});
