import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { SyncError } from '../../errors.ts';

type Unlock = () => Promise<void>;

/**
 * Takes the directory (made if missing) for this process; two writers would destroy each other's data without an
 * error. On Linux the kernel holds the lock and frees it however the process ends; it does not see across network
 * namespaces, so two containers must not share one volume. Elsewhere it is a file with the process id.
 * @throws SyncError STORE_IN_USE, naming the directory.
 */
export async function lockDirectory(
  directory: string,
  platform: NodeJS.Platform = process.platform,
): Promise<Unlock> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const isOurs = platform === 'linux' ? await lockBySocket(directory) : lockByFile(directory);
  if (isOurs === undefined) {
    throw new SyncError('STORE_IN_USE', `The data directory ${directory} is in use by another process.`);
  }
  return isOurs;
}

/** An abstract socket (a name that starts with NUL): no file is left behind, whatever name the directory goes by. */
async function lockBySocket(directory: string): Promise<Unlock | undefined> {
  const { dev, ino } = statSync(directory);
  const name = createHash('sha256').update(`${dev}:${ino}`).digest('hex').slice(0, 32);
  const server = createServer((socket) => socket.end());
  const isListening = await new Promise<boolean>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen(`\0property-sync-${name}`, () => resolve(true));
  });
  if (!isListening) return undefined;
  server.unref();
  return () => new Promise((resolve) => server.close(() => resolve()));
}

function lockByFile(directory: string): Unlock | undefined {
  const file = join(realpathSync(directory), 'lock');
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => {
        rmSync(file, { force: true });
        return Promise.resolve();
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (isAlive(Number(readFileSync(file, 'utf8')))) return undefined;
      rmSync(file, { force: true });
    }
  }
  return undefined;
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
