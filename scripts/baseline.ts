import { parseArgs } from 'node:util';
import {
  baselineVariants,
  januaryNow,
  januaryProperties,
  januarySeed,
  leastProperties,
} from './baseline/january.ts';
import { OutDirectoryTaken } from './baseline/outDirectoryTaken.ts';
import {
  baselineFormats,
  writeBaseline,
  type BaselineManifest,
  type WriteBaselineOptions,
} from './baseline/writeBaseline.ts';

const help = `Writes the synthetic January baseline: one file per table and manifest.json.

Usage: npm run baseline -- --out DIR [--properties N] [--seed S] [--variant V] [--format csv|parquet]

  --out DIR        where to write; made if missing, replaced if it holds a baseline
  --properties N   live properties, at least ${leastProperties} (default ${januaryProperties}, where all numbers are exact)
  --seed S         a whole number from 0 (default ${januarySeed}); the same seed gives the same files
  --variant V      january (default), or fresh-org, where Salesforce holds no derived field yet
  --format F       csv (default) or parquet
  --help           shows this

Business time is ${januaryNow}. In CSV an empty field is NULL and "" is the empty string.
Exit code: 0 written, 2 wrong input (nothing changed).
`;

/** Wrong input: one sentence that says what to do. */
class UsageError extends Error {}

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options === null) {
      process.stdout.write(help);
      return 0;
    }
    const manifest = await writeBaseline({
      ...options,
      ...(process.stderr.isTTY && { onProgress: showProgress }),
    });
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
    process.stdout.write(summary(options.outDir, manifest));
    return 0;
  } catch (error) {
    const sentence = sayWhatToDo(error);
    if (sentence === null) throw error;
    process.stderr.write(`${sentence}\n`);
    return 2;
  }
}

/** Null for a bug, which shows its stack. */
function sayWhatToDo(error: unknown): string | null {
  if (error instanceof UsageError || error instanceof OutDirectoryTaken) return error.message;
  const isFileError = error instanceof Error && 'syscall' in error;
  return isFileError ? `Cannot write there (${error.message}). Name another directory with --out.` : null;
}

/** Null when help is asked for. */
function parseOptions(args: string[]): WriteBaselineOptions | null {
  const { out, properties, seed, variant, format, help: wantsHelp } = parseFlags(args);
  if (wantsHelp === true) return null;
  if (out === undefined || out === '') throw new UsageError('Say where to write: --out DIR.');
  return {
    outDir: out,
    properties: wholeNumber('--properties', properties ?? String(januaryProperties), leastProperties),
    seed: wholeNumber('--seed', seed ?? String(januarySeed), 0),
    variant: oneOf('--variant', variant ?? 'january', baselineVariants),
    format: oneOf('--format', format ?? 'csv', baselineFormats),
  };
}

function parseFlags(args: string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args,
      options: {
        out: text,
        properties: text,
        seed: text,
        variant: text,
        format: text,
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    throw new UsageError(`${reason ?? ''} Run with --help to see every option.`, { cause: error });
  }
}

function wholeNumber(option: string, text: string, least: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number) || number < least) {
    throw new UsageError(`${option} must be a whole number from ${least}, not "${text}".`);
  }
  return number;
}

function oneOf<Choice extends string>(option: string, text: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((each) => each === text);
  if (choice === undefined) throw new UsageError(`${option} must be ${choices.join(' or ')}, not "${text}".`);
  return choice;
}

function showProgress({ table, rows }: { table: string; rows: number }): void {
  process.stderr.write(`\r\x1b[K${table}: ${rows.toLocaleString('en-US')} rows`);
}

function summary(outDir: string, { properties, seed, files, counts }: BaselineManifest): string {
  const lines = [
    `Wrote ${properties.toLocaleString('en-US')} properties with seed ${seed} to ${outDir}`,
    ...Object.entries(files).map(
      ([name, { rows }]) => `  ${name.padEnd(36)} ${String(rows).padStart(10)} rows`,
    ),
    `Expected: ${Object.entries(counts.classes)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')}`,
  ];
  return lines.join('\n') + '\n';
}
