import { mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { textLiteral, validName } from '../../ports/identifiers.ts';
import { inUseError, toOpenError } from './duckdbErrors.ts';

/** How the embedded warehouse is opened. Without a directory everything lives in memory, as tests want it. */
export interface DuckDbOptions {
  /** Holds `crm.duckdb`, `rds.duckdb` and the spill files; this process alone may use it. */
  readonly directory?: string;
  /** Limit of DuckDB's own memory in megabytes (10^6 bytes); the process uses about a fifth more. */
  readonly memoryLimitMb?: number;
  readonly threads?: number;
  /** Files outside these directories cannot be read by any statement. */
  readonly readableDirectories?: readonly string[];
}

/** Catalogs and schemas the product expects: its own, the wide feature table's, and the landed RDS. */
const catalogs = { crm: ['property_sync', 'sfdc_dbx'], rds: ['pg_rds_public'] };

/** The operating system refuses other processes, but not this one, so directories in use are remembered. */
const openDirectories = new Set<string>();

/** An open database; `release` lets the directory be opened again, after the instance is closed. */
export interface OpenDuckDb {
  readonly instance: DuckDBInstance;
  readonly release: () => void;
}

/**
 * Opens DuckDB with one file per catalog and the settings of docs/warehouse.md §5; afterwards no statement can change
 * a setting, attach a file or read outside the allowed directories. Throws STORE_IN_USE if the files are open already,
 * here or in another process.
 */
export async function openDuckDb({ directory, ...options }: DuckDbOptions): Promise<OpenDuckDb> {
  if (directory === undefined) {
    return { instance: await openInstance(undefined, options), release: () => undefined };
  }
  await mkdir(join(directory, 'spill'), { recursive: true });
  const path = await realpath(directory);
  if (openDirectories.has(path)) throw inUseError(directory);
  openDirectories.add(path);
  const release = (): void => void openDirectories.delete(path);
  try {
    return { instance: await openInstance(path, options), release };
  } catch (error) {
    release();
    throw toOpenError(error, directory);
  }
}

async function openInstance(
  directory: string | undefined,
  { memoryLimitMb = 1_000, threads = 2, readableDirectories = [] }: Omit<DuckDbOptions, 'directory'>,
): Promise<DuckDBInstance> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: `${memoryLimitMb}MB`,
    temp_directory: directory === undefined ? '' : join(directory, 'spill'),
    preserve_insertion_order: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  try {
    const connection = await instance.connect();
    await connection.run("set global TimeZone = 'UTC'");
    await connection.run("set global default_null_order = 'nulls_first'");
    for (const [catalog, schemas] of Object.entries(catalogs)) {
      const file = directory === undefined ? ':memory:' : join(directory, `${catalog}.duckdb`);
      await connection.run(`attach ${textLiteral(file)} as ${validName(catalog)}`);
      for (const schema of schemas) {
        await connection.run(`create schema if not exists ${validName(`${catalog}.${schema}`)}`);
      }
    }
    await connection.run(`set allowed_directories = [${readableDirectories.map(textLiteral).join(', ')}]`);
    await connection.run('set enable_external_access = false');
    await connection.run('set lock_configuration = true');
    connection.disconnectSync();
    return instance;
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}
