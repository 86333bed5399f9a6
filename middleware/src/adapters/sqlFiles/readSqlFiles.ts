import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const defaultDirectory = fileURLToPath(new URL('../../../sql', import.meta.url));

/** Reads the SQL files of the product from `middleware/sql`, keyed by file name without `.sql`. */
export async function readSqlFiles(directory = defaultDirectory): Promise<{
  preludes: { duckdb: string; databricks: string };
  seed: Record<string, string>;
  views: Record<string, string>;
  snapshots: Record<string, string>;
  checks: Record<string, string>;
}> {
  const folder = async (name: string): Promise<Record<string, string>> => {
    const files = (await readdir(join(directory, name))).filter((file) => file.endsWith('.sql')).sort();
    const texts = files.map(async (file) => [
      basename(file, '.sql'),
      await readFile(join(directory, name, file), 'utf8'),
    ]);
    return Object.fromEntries(await Promise.all(texts)) as Record<string, string>;
  };
  return {
    preludes: {
      duckdb: await readFile(join(directory, 'prelude.duckdb.sql'), 'utf8'),
      databricks: await readFile(join(directory, 'prelude.spark.sql'), 'utf8'),
    },
    seed: await folder('seed'),
    views: await folder('views'),
    snapshots: await folder('snapshots'),
    checks: await folder('checks'),
  };
}
