import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { errorTable, SyncError } from '../middleware/src/errors.ts';
import { identifier } from '../middleware/src/planning/sourceViews.ts';
import { reasonOf } from './demo/progress.ts';
import { loadRds, type LoadRdsOptions } from './rds/loadRds.ts';

const defaultTimeoutMinutes = 30;
const help = `Copies the source tables from PostgreSQL, in one consistent snapshot, into files for the embedded warehouse.

Usage: RDS_DATABASE_URL=postgres://user:password@host/database npm run load:rds -- --out DIR

  --out DIR              where the files are read; turned to the new set in one step, so that it is never half a set
  --schema NAME          where properties, companies, features, property_features and property_feature_events are
                         (default public)
  --wide-table S.TABLE   the table with all five features per property, if this database has it
  --without-fraud        there is no such table: take the four features of property_features, and no document fraud
  --timeout-minutes N    longest time of one statement, from 1 to 1440 (default ${String(defaultTimeoutMinutes)})
  --help                 shows this

The URL comes from the environment, so that no list of processes shows the password. Nothing is written to that database.
The middleware loads the files at its start, and only then: WAREHOUSE=duckdb WAREHOUSE_SOURCE_DIR=DIR.

Without --wide-table every row that a sync writes gets document fraud OFF and its start date cleared.

Prints one JSON line. Exit code: 0 loaded; 1 failed, or fraud was not decided on; 2 wrong input, or tables that are not as
they must be. After 1 and 2 DIR is as it was.
`;

/** The answers without which nothing is copied: a sync would otherwise switch off what it knows nothing of. */
class FraudUndecided extends Error {
  constructor() {
    super(
      `RDS does not know document fraud: it exists only in the wide table. A sync from these files would switch document
fraud OFF, and clear its start date, on every row that has it.
Either name the wide table: --wide-table schema.table
Or, if no row in Salesforce has document fraud, or it is to be switched off: --without-fraud`,
    );
  }
}

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const interruption = new AbortController();
  const interrupt = (): void => {
    interruption.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    const options = readOptions(args);
    if (options === null) {
      process.stdout.write(help);
      return 0;
    }
    const loaded = await loadRds({ ...options, signal: interruption.signal });
    if (!loaded.isFraudMapped) {
      process.stderr.write(
        'Document fraud is NOT mapped: it is unknown in these files and shows as off on every property.\n',
      );
    }
    process.stdout.write(`${JSON.stringify(loaded)}\n`);
    return 0;
  } catch (error) {
    if (interruption.signal.aborted) {
      process.stderr.write('Interrupted: nothing was changed.\n');
      return 1;
    }
    return explain(error);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function explain(error: unknown): number {
  if (error instanceof SyncError) {
    const details = error.details.map((line) => `  ${line}\n`).join('');
    process.stderr.write(`${error.message}\n${details}${error.action}\n`);
    return errorTable[error.code].exitCode;
  }
  process.stderr.write(`${reasonOf(error)}\n`);
  return 1;
}

/** Null when help is asked for. */
function readOptions(args: string[]): Omit<LoadRdsOptions, 'signal'> | null {
  const values = parseFlags(args);
  if (values.help === true) return null;
  const wide = values['wide-table'];
  if (values.out === undefined || values.out === '') throw wrongInput('Say where to write: --out DIR.');
  if (wide !== undefined && values['without-fraud'] === true) {
    throw wrongInput('--wide-table and --without-fraud exclude each other.');
  }
  const source = {
    schema: identifier(values.schema ?? 'public'),
    wide: wide === undefined ? null : readTableName(wide),
    statementTimeoutMs: readMinutes(values['timeout-minutes'] ?? String(defaultTimeoutMinutes)) * 60_000,
  };
  const url = process.env['RDS_DATABASE_URL'] ?? '';
  if (url === '')
    throw wrongInput('RDS_DATABASE_URL is not set: postgres://user:password@host:5432/database.');
  if (wide === undefined && values['without-fraud'] !== true) throw new FraudUndecided();
  return { ...source, url, directory: resolve(values.out) };
}

function parseFlags(args: string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args,
      options: {
        out: text,
        schema: text,
        'wide-table': text,
        'without-fraud': flag,
        'timeout-minutes': text,
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw wrongInput((error as Error).message.split('\n')[0] ?? '');
  }
}

function readTableName(text: string): { schema: string; table: string } {
  const [schema, table, ...rest] = text.split('.');
  if (schema === undefined || table === undefined || rest.length > 0) {
    throw wrongInput(`--wide-table must be schema.table, not "${text}".`);
  }
  return { schema: identifier(schema), table: identifier(table) };
}

function readMinutes(text: string): number {
  const minutes = Number(text);
  if (/^\d{1,4}$/.test(text) && minutes >= 1 && minutes <= 1_440) return minutes;
  throw wrongInput(`--timeout-minutes must be a whole number from 1 to 1440, not "${text}".`);
}

function wrongInput(message: string): SyncError {
  return new SyncError('CONFIG_INVALID', message, { action: 'Run with --help to see every option.' });
}
