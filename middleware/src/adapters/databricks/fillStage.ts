import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { textLiteral } from '../../ports/identifiers.ts';
import type { TableDefinition } from '../../ports/warehouse.ts';
import type { DatabricksConnection } from './databricksConnection.ts';
import { toJsonArray, type JsonBatch } from './jsonBatches.ts';
import { copyIntoStageSql, fillStageSql } from './writeSql.ts';

/** A stage, qualified, and the table whose rows it holds. */
export interface Stage {
  readonly name: string;
  readonly table: TableDefinition;
}

/** Sends each batch as a parameter of an insert, one commit each. Returns the number of rows. */
export async function fillByParameters(
  connection: DatabricksConnection,
  { name, table }: Stage,
  batches: AsyncIterable<JsonBatch>,
): Promise<number> {
  let rowCount = 0;
  for await (const batch of batches) {
    const parameters = { rows: toJsonArray(batch), firstPosition: batch.firstPosition };
    await connection.run(fillStageSql(name, table), parameters, (operation) => operation.finished());
    rowCount += batch.lines.length;
  }
  return rowCount;
}

/** Sends all rows as one file through a volume (`/Volumes/catalog/schema/volume`): one commit. Returns their number. */
export async function fillByFile(
  connection: DatabricksConnection,
  { name, table }: Stage,
  batches: AsyncIterable<JsonBatch>,
  volume: string,
): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'property-sync-upload-'));
  const file = join(directory, 'rows.json');
  const volumeFile = `${volume}/${name.replaceAll('.', '_')}.json`;
  const transfer = (sql: string): Promise<void> =>
    connection.run(sql, undefined, (operation) => operation.finished(), { uploadDirectory: directory });
  try {
    const rowCount = await writeLines(file, batches);
    await transfer(`put ${textLiteral(file)} into ${textLiteral(volumeFile)} overwrite`);
    await connection.run(copyIntoStageSql(name, table, volumeFile), undefined, (operation) =>
      operation.finished(),
    );
    return rowCount;
  } finally {
    await transfer(`remove ${textLiteral(volumeFile)}`).catch(() => undefined);
    await rm(directory, { recursive: true, force: true });
  }
}

async function writeLines(file: string, batches: AsyncIterable<JsonBatch>): Promise<number> {
  const output = createWriteStream(file, { mode: 0o600 });
  let rowCount = 0;
  for await (const { lines } of batches) {
    if (!output.write(`${lines.join('\n')}\n`)) await once(output, 'drain');
    rowCount += lines.length;
  }
  output.end();
  await once(output, 'close');
  return rowCount;
}
