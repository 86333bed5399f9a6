import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDuckDbWarehouse } from '../../middleware/src/adapters/duckdb/duckdbWarehouse.ts';
import { loadSourceFiles } from '../../middleware/src/adapters/duckdb/loadSourceFiles.ts';
import { readSqlFiles } from '../../middleware/src/adapters/sqlFiles/readSqlFiles.ts';
import { defaultFieldMap, keyMapping } from '../../middleware/src/contracts/index.ts';
import { productPropertyMirror } from '../../middleware/src/mirror/mirrorTables.ts';
import { applyViews } from '../../middleware/src/planning/applyViews.ts';
import { materializeAggregate } from '../../middleware/src/planning/materializeAggregate.ts';
import { defaultSourceNames, sourceTables } from '../../middleware/src/planning/sourceContract.ts';
import { withSourceViews } from '../../middleware/src/planning/sourceViews.ts';
import { defaultViewSettings, writeSyncContext } from '../../middleware/src/planning/writeSyncContext.ts';

/**
 * The baseline of the plan benchmark, as a process of its own: the SQL of a plan and nothing else. Snapshots are made and
 * both queues are read to the end and dropped. Prints `{rounds}`: milliseconds of each round.
 */
const { values } = parseArgs({
  options: {
    source: { type: 'string' },
    directory: { type: 'string' },
    now: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    'memory-mb': { type: 'string', default: '1000' },
  },
});
const { source = '', directory = '', now = '' } = values;

const warehouse = await openDuckDbWarehouse({
  directory,
  memoryLimitMb: Number(values['memory-mb']),
  readableDirectories: [source],
});
try {
  const sqlFiles = withSourceViews(await readSqlFiles(), defaultSourceNames);
  await loadSourceFiles(warehouse, source, Object.values(sourceTables));
  await applyViews(warehouse, sqlFiles);
  await fillMirror();
  await writeSyncContext(warehouse, new Date(now), { ...defaultViewSettings, productionKeyPrefix: 'a01' });
  const rounds: number[] = [];
  while (rounds.length < Number(values.rounds)) {
    const startedAt = performance.now();
    await materializeAggregate(warehouse, sqlFiles);
    for (const queue of ['properties_to_create', 'properties_to_update']) {
      const pages = warehouse.stream(`select * from ${warehouse.name(queue)}`)[Symbol.asyncIterator]();
      while ((await pages.next()).done !== true);
    }
    rounds.push(Math.round(performance.now() - startedAt));
  }
  process.stdout.write(`${JSON.stringify({ rounds })}\n`);
} finally {
  await warehouse.close();
}

/** Takes the org's rows from the seed's own file, as a refresh would have read them from the org. */
async function fillMirror(): Promise<void> {
  const columns = {
    staging_id: 'Id',
    [keyMapping.column]: keyMapping.field,
    ...Object.fromEntries(defaultFieldMap.map(({ column, field }) => [column, field])),
    production_id: 'Property__c',
    is_deleted: 'IsDeleted',
    created_at: 'CreatedDate',
    last_modified_at: 'LastModifiedDate',
    last_modified_by: 'LastModifiedById',
    system_modstamp: 'SystemModstamp',
  };
  const file = join(source, 'Product_Property__c.csv').replaceAll("'", "''");
  await warehouse.execute(
    `insert into ${warehouse.name(productPropertyMirror.name)} by name
     select ${Object.entries(columns)
       .map(([column, field]) => `"${field}" as ${column}`)
       .join(', ')}
     from read_csv('${file}', header = true, all_varchar = true, delim = ',', quote = '"', escape = '"')`,
  );
}
