import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { DuckDbWarehouse } from '../middleware/src/adapters/duckdb/duckdbWarehouse.ts';
import { readSqlFiles } from '../middleware/src/adapters/sqlFiles/readSqlFiles.ts';
import { defaultSourceNames } from '../middleware/src/planning/sourceContract.ts';
import { withSourceViews } from '../middleware/src/planning/sourceViews.ts';
import type { SqlFiles } from '../middleware/src/planning/sqlFiles.ts';
import { januarySeed } from './baseline/january.ts';
import { count, step } from './demo/progress.ts';
import { readActs, type Act } from './spark/acts.ts';
import { compareRelation, type Comparison } from './spark/compareRelation.ts';
import { duckDbPlace, loadDuckDb } from './spark/loadDuckDb.ts';
import { findJava, findPython, MissingProgram, prepareSpark } from './spark/pythonEnvironment.ts';
import { runJudge } from './spark/runJudge.ts';
import { showComparisons } from './spark/showComparisons.ts';
import { answerDirectory, sparkJob } from './spark/sparkJob.ts';

const defaultDataSets = 200;
const help = `Runs the tables, views, snapshots and checks of the product unchanged on Apache Spark, on the January baseline,
the edge pack and generated data sets, and compares every row and every column with DuckDB. Sets up its own Python
environment in node_modules/.cache; needs Python 3.9 and Java 17 or newer. It says nothing of a Databricks workspace.

Usage: npm run verify:spark -- [--data-sets N] [--seed S]

  --data-sets N    generated data sets, at most 1000 (default ${defaultDataSets})
  --seed S         seed of the generated data sets (default ${januarySeed})
  --help           shows this

Exit code: 0 both engines say the same, 1 they differ, 2 it could not run, 69 Python or Java is missing.
`;

interface Options {
  readonly seed: number;
  readonly dataSets: number;
}

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let options: Options | null;
  let pythonVersion: string;
  try {
    options = readOptions(args);
    if (options === null) {
      process.stdout.write(help);
      return 0;
    }
    await findJava();
    pythonVersion = await findPython();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof MissingProgram ? 69 : 2;
  }
  try {
    const comparisons = await verify(pythonVersion, options);
    process.stdout.write(showComparisons(comparisons));
    return comparisons.some(({ differing }) => differing > 0) ? 1 : 0;
  } catch {
    process.stderr.write('The engines were not compared: the step above says why.\n');
    return 2;
  }
}

async function verify(pythonVersion: string, { seed, dataSets }: Options): Promise<Comparison[]> {
  const python = await step(
    'Set up Python with Spark',
    () => prepareSpark(pythonVersion),
    () => 'ready',
  );
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'property-sync-spark-')));
  try {
    const files = withSourceViews(await readSqlFiles(), defaultSourceNames);
    const warehouse = await step(
      'Load DuckDB',
      () => loadDuckDb(files, directory, { seed, dataSets }),
      () => `January, the edge pack, the text traps and ${count(dataSets)} data sets`,
    );
    try {
      const acts = await step(
        'Run the SQL on Spark',
        (say) => runOnSpark(python, warehouse, files, directory, say),
        (played) => `${count(played.length)} acts`,
      );
      return await step(
        'Compare',
        () => compareActs(warehouse, acts, directory),
        (comparisons) => `${comparisons.length} relations`,
      );
    } finally {
      await warehouse.close();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function runOnSpark(
  python: string,
  warehouse: DuckDbWarehouse,
  files: SqlFiles,
  directory: string,
  say: (line: string) => void,
): Promise<Act[]> {
  const acts = await readActs(warehouse, files);
  await runJudge(python, sparkJob(files, acts, directory), directory, say);
  return acts;
}

/** Plays the acts on DuckDB too, and compares after each. Throws if an act that is to have rows has none. */
async function compareActs(
  warehouse: DuckDbWarehouse,
  acts: readonly Act[],
  directory: string,
): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const act of acts) {
    for (const sql of act.statements(duckDbPlace)) await warehouse.execute(sql);
    for (const { name, key, select } of act.relations) {
      const comparison = await compareRelation(warehouse, {
        name: act.hasRows ? `${name} (${act.name})` : name,
        key,
        duckDbSelect: select(duckDbPlace),
        sparkSelect: `select * from read_parquet('${answerDirectory(directory, act, name)}/*.parquet')`,
      });
      if (act.hasRows && comparison.rows === 0)
        throw new Error(`No row breaks ${name}: nothing is compared.`);
      comparisons.push(comparison);
    }
  }
  return comparisons;
}

/** Null when help is asked for. Throws on wrong input, with a sentence. */
function readOptions(args: string[]): Options | null {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: { 'data-sets': text, seed: text, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) return null;
  return {
    dataSets: wholeNumber('--data-sets', values['data-sets'] ?? String(defaultDataSets), 1_000),
    seed: wholeNumber('--seed', values.seed ?? String(januarySeed), 2 ** 31 - 1),
  };
}

function wholeNumber(option: string, text: string, most: number): number {
  if (/^\d{1,10}$/.test(text) && Number(text) <= most) return Number(text);
  throw new Error(`${option} must be a whole number up to ${most}, not "${text}".`);
}
