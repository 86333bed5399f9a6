import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readSqlFiles } from '../middleware/src/adapters/sqlFiles/readSqlFiles.ts';
import { defaultSourceNames } from '../middleware/src/planning/sourceContract.ts';
import { withSourceViews } from '../middleware/src/planning/sourceViews.ts';
import { januarySeed } from './baseline/january.ts';
import { count, reasonOf, step } from './demo/progress.ts';
import { compareRelation, type Comparison } from './spark/compareRelation.ts';
import { duckDbPlace, loadDuckDb } from './spark/loadDuckDb.ts';
import { findJava, MissingProgram, pythonWithSpark } from './spark/pythonEnvironment.ts';
import { allRelations } from './spark/relations.ts';
import { runJudge } from './spark/runJudge.ts';
import { showComparisons } from './spark/showComparisons.ts';
import { answerDirectory, sparkJob } from './spark/sparkJob.ts';

const defaultDataSets = 200;
const help = `Runs the tables, views, snapshots and checks of the product unchanged on Apache Spark, on the January baseline,
the edge pack and generated data sets, and compares every row and every column with DuckDB. Sets up its own Python
environment in node_modules/.cache; needs Python 3.9 and Java 17 or newer. It says nothing of a Databricks workspace.

Usage: npm run verify:spark -- [--data-sets N] [--seed S]

  --data-sets N    generated data sets, at most 10000 (default ${defaultDataSets})
  --seed S         seed of the generated data sets (default ${januarySeed})
  --help           shows this

Exit code: 0 both engines say the same, 1 they differ, 2 it could not run, 69 Python or Java is missing.
`;

const preludeFile = fileURLToPath(new URL('../middleware/sql/prelude.spark.sql', import.meta.url));

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  try {
    const options = readOptions(args);
    if (options === null) {
      process.stdout.write(help);
      return 0;
    }
    const comparisons = await verify(options);
    process.stdout.write(showComparisons(comparisons));
    return comparisons.some(({ differing }) => differing > 0) ? 1 : 0;
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n`);
    return error instanceof MissingProgram ? 69 : 2;
  }
}

async function verify(options: { seed: number; dataSets: number }): Promise<Comparison[]> {
  await findJava();
  const python = await step('Set up Python with Spark', pythonWithSpark, () => 'ready');
  const files = withSourceViews(await readSqlFiles(), defaultSourceNames);
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'property-sync-spark-')));
  try {
    const warehouse = await step(
      'Load DuckDB',
      () => loadDuckDb(files, directory, options),
      () => `January, the edge pack and ${count(options.dataSets)} data sets`,
    );
    try {
      const job = sparkJob(files, await readFile(preludeFile, 'utf8'), directory);
      await step(
        'Run the SQL on Spark',
        (say) => runJudge(python, job, directory, say),
        () => `${count(job.statements.length)} statements`,
      );
      return await step(
        'Compare',
        async () => {
          const comparisons: Comparison[] = [];
          for (const { name, key, select } of allRelations(files)) {
            const compared = {
              name,
              key,
              duckDbSelect: select(duckDbPlace),
              sparkSelect: `select * from read_parquet('${answerDirectory(directory, name)}/*.parquet')`,
            };
            comparisons.push(await compareRelation(warehouse, compared));
          }
          return comparisons;
        },
        (comparisons) => `${comparisons.length} relations`,
      );
    } finally {
      await warehouse.close();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Null when help is asked for. Throws on wrong input, with a sentence. */
function readOptions(args: string[]): { seed: number; dataSets: number } | null {
  const { values } = parseArgs({
    args,
    options: {
      'data-sets': { type: 'string' },
      seed: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return null;
  return {
    dataSets: wholeNumber('--data-sets', values['data-sets'] ?? String(defaultDataSets), 10_000),
    seed: wholeNumber('--seed', values.seed ?? String(januarySeed), 2 ** 31 - 1),
  };
}

function wholeNumber(option: string, text: string, most: number): number {
  if (/^\d{1,10}$/.test(text) && Number(text) <= most) return Number(text);
  throw new Error(`${option} must be a whole number up to ${most}, not "${text}".`);
}
