import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { defaultFieldMap } from '../../../middleware/src/contracts/index.ts';
import { summarizePlan } from '../../../middleware/src/planning/summarizePlan.ts';
import type { Warehouse } from '../../../middleware/src/ports/warehouse.ts';
import { baselineVariants } from '../../../scripts/baseline/january.ts';
import { writeBaseline } from '../../../scripts/baseline/writeBaseline.ts';
import { loadBaseline } from '../../sql/loadBaseline.ts';
import { materializeAggregate, openTestWarehouse } from '../../sql/testWarehouse.ts';

let directory: string | undefined;

afterEach(async () => {
  if (directory !== undefined) await rm(directory, { recursive: true, force: true });
});

it.each(baselineVariants)('counts the rows that change in derived fields alone (%s)', async (variant) => {
  directory = await mkdtemp(join(tmpdir(), 'summary-'));
  const { counts } = await writeBaseline({ outDir: join(directory, 'baseline'), properties: 1_000, variant });
  const warehouse = await openTestWarehouse({ readableDirectories: [directory] });
  try {
    await loadBaseline(warehouse, join(directory, 'baseline'));
    await materializeAggregate(warehouse);
    const { withChanges, derivedOnly, inSync } = await summarizePlan(warehouse, defaultFieldMap);
    expect({ withChanges, derivedOnly, inSync }).toEqual({
      withChanges: counts.classes.UPDATE,
      derivedOnly: counts.derivedOnly,
      inSync: counts.classes.IN_SYNC,
    });
    const withoutDerived = defaultFieldMap.map((mapping) => ({ ...mapping, isDerived: false }));
    expect((await summarizePlan(warehouse, withoutDerived)).derivedOnly).toBe(0);
  } finally {
    await warehouse.close();
  }
});

it('counts nothing as zero where there is nothing', async () => {
  const warehouse = await openTestWarehouse();
  try {
    await materializeAggregate(warehouse);
    const { tableRows, toCreateP1, withChanges, featureAccurate } = await summarizePlan(
      warehouse,
      defaultFieldMap,
    );
    expect({ tableRows, toCreateP1, withChanges, featureAccurate }).toEqual({
      tableRows: 0,
      toCreateP1: 0,
      withChanges: 0,
      featureAccurate: 0,
    });
  } finally {
    await warehouse.close();
  }
});

it('refuses a warehouse that counts in texts, which once passed for zero', async () => {
  const warehouse = await openTestWarehouse();
  const asText: Pick<Warehouse, 'name' | 'query'> = {
    name: (object) => warehouse.name(object),
    query: async (sql) =>
      (await warehouse.query(sql)).map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([column, value]) => [
            column,
            typeof value === 'bigint' ? String(value) : value,
          ]),
        ),
      ),
  };
  try {
    await materializeAggregate(warehouse);
    await expect(summarizePlan(asText as Warehouse, defaultFieldMap)).rejects.toThrow(
      'The warehouse counts in numbers, not in string.',
    );
  } finally {
    await warehouse.close();
  }
});
