import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findPostgres } from './findPostgres.ts';

const run = promisify(execFile);

/** A PostgreSQL server of the tests' own, on loopback. */
export interface PostgresServer {
  /** Of a user who may create databases. */
  readonly url: string;
  stop(): Promise<void>;
}

/** PostgreSQL refuses to run as root; as root it runs as this user, whom every Unix has. */
const userInPlaceOfRoot = 'nobody';

/** Stops the server and removes its files as soon as its stdin ends: when it is asked to, or whoever started it has died. */
const guard = 'cat; "$1/pg_ctl" stop --pgdata "$2/data" --mode immediate --silent; rm -rf "$2"';

/** Makes an empty server in a temporary directory, which goes away with it. */
export async function startPostgres(): Promise<PostgresServer> {
  const binaries = await findPostgres();
  const owner = process.getuid?.() === 0 ? await readUser(userInPlaceOfRoot) : null;
  const directory = await mkdtemp(join(tmpdir(), 'property-sync-postgres-'));
  if (owner !== null) await chown(directory, owner.uid, owner.gid);
  const data = join(directory, 'data');
  const log = join(directory, 'log');
  const port = await freePort();
  // A test that waits for the disk proves nothing more: the server outlives the processes that are killed.
  const settings = `-h 127.0.0.1 -p ${port} -k ${directory} -c fsync=off -c full_page_writes=off`;
  const act = (name: string, ...options: string[]) =>
    run(join(binaries, name), [...options, '--pgdata', data], { cwd: directory, ...owner });
  try {
    await act('initdb', '--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync');
    await act('pg_ctl', 'start', '--wait', '--silent', '--log', log, '--options', settings);
  } catch (error) {
    const reason = await readFile(log, 'utf8').catch(() => '');
    await rm(directory, { recursive: true, force: true });
    throw new Error(`The PostgreSQL of ${binaries} did not start. ${reason}`, { cause: error });
  }
  const watcher = spawn('sh', ['-c', guard, 'sh', binaries, directory], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    ...owner,
  });
  const ended = once(watcher, 'exit');
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      watcher.stdin.end();
      await ended;
    },
  };
}

async function readUser(name: string): Promise<{ uid: number; gid: number }> {
  const read = async (option: string): Promise<number> => Number((await run('id', [option, name])).stdout);
  return { uid: await read('-u'), gid: await read('-g') };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
