import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Packs these entries of a directory into one compressed file, whatever their size; `tar` is on every system we know. */
export async function pack(directory: string, entries: readonly string[], file: string): Promise<void> {
  await run('tar', ['-czf', file, '-C', directory, ...entries]);
}

/** Unpacks a file that `pack` made; rejects if it is not whole. */
export async function unpack(file: string, directory: string): Promise<void> {
  await run('tar', ['-xzf', file, '-C', directory]);
}

/** Reads the file to its end; rejects if it is not whole. */
export async function checkArchive(file: string): Promise<void> {
  await run('tar', ['-tzf', file], { maxBuffer: 64 * 2 ** 20 });
}
