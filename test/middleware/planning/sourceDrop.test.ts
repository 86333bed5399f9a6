import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Plan } from '../../../middleware/src/contracts/index.ts';
import { assertNoSourceDrop } from '../../../middleware/src/planning/assertNoSourceDrop.ts';
import { buildPlan, configHash } from '../../../middleware/src/planning/buildPlan.ts';
import { openBench, openEngine, testSettings, type Bench, type Engine } from '../../integration/engine.ts';
import { aPlan, aRequest } from '../ports/ledger.ts';

describe('assertNoSourceDrop', () => {
  const last = { tableRows: 1_200, properties: 1_000 };

  it.each([
    ['the first plan', { rowCount: 0, liveRowCount: 0 }, null],
    ['an empty source that stays empty', { rowCount: 0, liveRowCount: 0 }, { tableRows: 0, properties: 0 }],
    ['growth', { rowCount: 5_000, liveRowCount: 4_000 }, last],
    ['a fall of exactly 5 %', { rowCount: 1_140, liveRowCount: 950 }, last],
  ])('lets %s pass', (_title, counts, measure) => {
    expect(() => assertNoSourceDrop(counts, measure, 0.05)).not.toThrow();
  });

  it.each([
    ['rows', { rowCount: 1_139, liveRowCount: 1_000 }, ['1139', '1200']],
    [
      'live rows, as when the ingest soft-deletes them',
      { rowCount: 1_200, liveRowCount: 949 },
      ['949', '1000'],
    ],
    ['everything', { rowCount: 0, liveRowCount: 0 }, ['0', '1200', '1000']],
  ])('refuses a greater fall of %s and names both counts', (_title, counts, named) => {
    const refused = (): void => assertNoSourceDrop(counts, last, 0.05);
    expect(refused).toThrow(expect.objectContaining({ code: 'SOURCE_DROPPED', isRetryable: false }));
    for (const count of named) expect(refused).toThrow(new RegExp(`\\b${count}\\b`));
    expect(() => assertNoSourceDrop(counts, last, 1)).not.toThrow();
  });
});

describe('a plan', () => {
  let bench: Bench;
  let engine: Engine;
  const properties = 'rds.pg_rds_public.properties';

  beforeAll(async () => {
    bench = await openBench();
    engine = await openEngine(bench);
  });
  afterAll(async () => {
    await engine.close();
    await bench.close();
  });

  const countRows = async (): Promise<number> => {
    const [row] = await engine.deps.warehouse.query(`select count(*) as n from ${properties}`);
    return Number(row?.['n']);
  };
  const some = (count: number): string =>
    `(select rowid from ${properties} where not coalesce(_fivetran_deleted, false) order by id limit ${String(count)})`;
  const deleteRows = (count: number): Promise<void> =>
    engine.deps.warehouse.execute(`delete from ${properties} where rowid in ${some(count)}`);
  const planWith = async (maxSourceDropShare: number): Promise<Plan | undefined> => {
    const { plan } = await bench.runStore.createPlan(aPlan(), aRequest());
    const settings = { ...engine.deps.settings, maxSourceDropShare };
    await buildPlan(plan.planId, { ...engine.deps, settings });
    return bench.runStore.readPlan(plan.planId);
  };

  it('is not built from a source that has lost more than the allowed share since the last built plan', async () => {
    await deleteRows((await countRows()) % 20);
    const full = await countRows();
    expect((await engine.plan()).summary).toMatchObject({ tableRows: full });
    const live = (await engine.plan()).summary?.properties ?? 0;

    await deleteRows(Math.floor(live * 0.05));
    const less = await countRows();
    expect(await engine.plan()).toMatchObject({ state: 'ready', summary: { tableRows: less } });

    await deleteRows(Math.floor(less * 0.05) + 1);
    const least = await countRows();
    // What is refused is no measure for the next: the second attempt is refused too.
    for (const failed of [await engine.plan(), await engine.plan()]) {
      expect(failed).toMatchObject({ state: 'failed', builtAt: null, error: { code: 'SOURCE_DROPPED' } });
      expect(failed.error?.message).toContain(String(less));
      expect(failed.error?.message).toContain(String(least));
    }

    expect(await planWith(0.2)).toMatchObject({ state: 'ready', summary: { tableRows: least } });
    expect(await engine.plan()).toMatchObject({ state: 'ready' });

    await engine.deps.warehouse.execute(
      `update ${properties} set _fivetran_deleted = true where rowid in ${some(Math.ceil(least / 10))}`,
    );
    expect(await engine.plan()).toMatchObject({ state: 'failed', error: { code: 'SOURCE_DROPPED' } });
  });

  it('does not hold when the limit is changed', () => {
    expect(configHash({ ...testSettings, maxSourceDropShare: 0.2 })).not.toBe(configHash(testSettings));
  });
});
