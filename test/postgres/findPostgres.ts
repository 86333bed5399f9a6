import { execFile } from 'node:child_process';
import { access, glob } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What the store asks of a server (docs/architecture.md). */
export const leastVersion = 15;

/** Where packages put the binaries when they do not put them on the PATH. */
const packageDirectories = [
  '/usr/lib/postgresql/*/bin', // Debian, Ubuntu
  '/usr/pgsql-*/bin', // the RPMs of postgresql.org
  '/opt/homebrew/opt/postgresql*/bin',
  '/usr/local/opt/postgresql*/bin',
  '/Applications/Postgres.app/Contents/Versions/*/bin',
];

/**
 * Finds the directory with `initdb` and `pg_ctl` of the newest installed PostgreSQL that the store runs on.
 * @throws Error that says what to install.
 */
export async function findPostgres(
  searchPath = process.env['PATH'] ?? '',
  directories = packageDirectories,
): Promise<string> {
  const candidates = searchPath.split(delimiter).filter((directory) => directory !== '');
  for await (const directory of glob(directories)) candidates.push(directory);

  const found = await Promise.all(candidates.map(readVersion));
  const [newest] = found
    .filter((installed) => installed !== null)
    .sort((one, other) => other.version - one.version);
  if (newest !== undefined && newest.version >= leastVersion) return newest.directory;
  throw new Error(
    `${newest === undefined ? 'No PostgreSQL is installed' : `PostgreSQL ${newest.version} is too old`}: the tests ` +
      `start a server of their own and need version ${leastVersion} or later. Install it (Debian and Ubuntu: ` +
      `"apt-get install postgresql"; macOS: "brew install postgresql@17"), or name a server, whose user may create ` +
      `databases, with TEST_DATABASE_URL=postgres://user:password@host:5432/postgres.`,
  );
}

/** Null where no server is installed. */
async function readVersion(directory: string): Promise<{ directory: string; version: number } | null> {
  try {
    await Promise.all(['initdb', 'pg_ctl'].map((name) => access(join(directory, name))));
    const { stdout } = await run(join(directory, 'postgres'), ['--version']);
    const version = Number(/ (\d+)/.exec(stdout)?.[1]);
    return Number.isNaN(version) ? null : { directory, version };
  } catch {
    return null;
  }
}
