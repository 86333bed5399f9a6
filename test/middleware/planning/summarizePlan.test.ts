import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { defaultFieldMap } from '../../../middleware/src/contracts/index.ts';
import { summarizePlan } from '../../../middleware/src/planning/summarizePlan.ts';
import { baselineVariants } from '../../../scripts/baseline/january.ts';
import { writeBaseline } from '../../../scripts/baseline/writeBaseline.ts';
import { loadBaseline } from '../../sql/loadBaseline.ts';
import { materializeAggregate, openTestWarehouse } from '../../sql/testWarehouse.ts';

let directory: string;

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
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
