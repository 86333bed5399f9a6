import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { csvToParquet } from './csvToParquet.ts';
import { writeCsv, type WrittenFile } from './csvFile.ts';
import type { BaselineCounts } from './countPlan.ts';
import { generateBaseline } from './generateBaseline.ts';
import { januaryNow, januaryProperties, januarySeed, type BaselineVariant } from './january.ts';
import { OutDirectoryTaken } from './outDirectoryTaken.ts';
import { tableNames, tables, type TableName } from './tables.ts';

export const baselineFormats = ['csv', 'parquet'] as const;
export type BaselineFormat = (typeof baselineFormats)[number];

/** One step of the work: `rows` of `table` are written so far. */
export interface BaselineProgress {
  readonly table: TableName;
  readonly rows: number;
}

export interface WriteBaselineOptions {
  /** Made if it is missing; replaced if it holds a baseline. */
  readonly outDir: string;
  readonly seed?: number;
  /** Live properties. */
  readonly properties?: number;
  /** Business time as an ISO time stamp. */
  readonly now?: string;
  readonly variant?: BaselineVariant;
  readonly format?: BaselineFormat;
  readonly onProgress?: (progress: BaselineProgress) => void;
}

/** `manifest.json`: what was made, and what is expected to be counted in it. */
export interface BaselineManifest {
  readonly generator: typeof generatorName;
  readonly seed: number;
  readonly now: string;
  readonly properties: number;
  readonly variant: BaselineVariant;
  readonly format: BaselineFormat;
  readonly files: Readonly<Record<string, WrittenFile>>;
  readonly counts: BaselineCounts;
}

const generatorName = 'property-sync-baseline';

/**
 * Writes one file per table and `manifest.json`, first beside the directory and then in its place, so that it never
 * holds half a baseline. Throws {@link OutDirectoryTaken} if the directory holds anything else.
 */
export async function writeBaseline(options: WriteBaselineOptions): Promise<BaselineManifest> {
  const { seed = januarySeed, properties = januaryProperties, now = januaryNow } = options;
  const { variant = 'january', format = 'csv' } = options;
  const outDir = resolve(options.outDir);
  await refuseForeignFiles(outDir);
  const baseline = generateBaseline({ seed, properties, now, variant });

  await mkdir(dirname(outDir), { recursive: true });
  const newDir = await mkdtemp(`${outDir}.new-`);
  // mkdtemp lets only its own user in; a baseline is for every reader.
  await chmod(newDir, 0o755);
  try {
    const files: Record<string, WrittenFile> = {};
    for (const table of tableNames) {
      const csvPath = join(newDir, `${table}.csv`);
      const onRows = (rows: number): void => options.onProgress?.({ table, rows });
      const written = await writeCsv(csvPath, Object.keys(tables[table]), baseline.rows(table), onRows);
      files[`${table}.${format}`] =
        format === 'csv' ? written : { ...written, sha256: await csvToParquet(csvPath, tables[table]) };
    }
    const manifest: BaselineManifest = {
      generator: generatorName,
      seed,
      now,
      properties,
      variant,
      format,
      files,
      counts: baseline.counts,
    };
    await writeFile(join(newDir, 'manifest.json'), JSON.stringify(manifest, null, 2) + '\n');
    await replaceDirectory(outDir, newDir);
    return manifest;
  } finally {
    await rm(newDir, { recursive: true, force: true });
  }
}

async function refuseForeignFiles(outDir: string): Promise<void> {
  const found = await stat(outDir).catch(() => null);
  if (found === null) return;
  if (!found.isDirectory()) throw new OutDirectoryTaken(outDir);
  const names = await readdir(outDir);
  if (names.length > 0 && !(await holdsBaseline(outDir))) throw new OutDirectoryTaken(outDir);
}

async function holdsBaseline(outDir: string): Promise<boolean> {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(outDir, 'manifest.json'), 'utf8'));
    return (manifest as Partial<BaselineManifest> | null)?.generator === generatorName;
  } catch {
    return false;
  }
}

/** The old directory is moved away first, put back if its place cannot be taken, and deleted last. */
async function replaceDirectory(outDir: string, newDir: string): Promise<void> {
  const oldDir = `${newDir}.old`;
  const isThere = (await stat(outDir).catch(() => null)) !== null;
  if (isThere) await rename(outDir, oldDir);
  try {
    await rename(newDir, outDir);
  } catch (error) {
    if (isThere) await rename(oldDir, outDir);
    throw error;
  }
  if (isThere) await rm(oldDir, { recursive: true });
}
