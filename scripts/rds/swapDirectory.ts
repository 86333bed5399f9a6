import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, readlink, rename, rm, rmdir, symlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { SyncError } from '../../middleware/src/errors.ts';

/**
 * Fills a new directory beside `path` and then turns `path`, a symbolic link, to it in one step; what it pointed to before
 * is deleted. When `write` fails, `path` stays as it was. Throws CONFIG_INVALID if `path` is anything else than such a
 * link or an empty directory.
 */
export async function swapDirectory<Result>(
  path: string,
  write: (directory: string) => Promise<Result>,
): Promise<Result> {
  const link = resolve(path);
  const parent = dirname(link);
  await refuseForeign(link);
  await mkdir(parent, { recursive: true });
  const name = `${basename(link)}.${randomBytes(6).toString('hex')}`;
  const directory = join(parent, name);
  const newLink = `${directory}.link`;
  await mkdir(directory);
  let result: Result;
  let replaced: string | null;
  try {
    result = await write(directory);
    replaced = await readTarget(link);
    // Relative, so that it also holds where the parent is mounted under another name.
    await symlink(name, newLink);
    if (replaced === null) await rmdir(link).catch(ignoreMissing);
    await rename(newLink, link);
  } catch (error) {
    await rm(newLink, { force: true });
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
  if (replaced !== null) await rm(join(parent, replaced), { recursive: true, force: true });
  return result;
}

/** Checks before anything is done that the place can be taken without losing somebody's files. */
export async function refuseForeign(path: string): Promise<void> {
  const found = await lstat(path).catch(ignoreMissing);
  if (found === undefined) return;
  if (found.isDirectory() && (await readdir(path)).length === 0) return;
  if (found.isSymbolicLink() && (await readTarget(path)) !== null) return;
  throw new SyncError('CONFIG_INVALID', `${path} holds something that this command did not write.`, {
    action: 'Name a new or an empty directory with --out DIR.',
  });
}

/** The name of the directory beside it that the link points to; null if it is no link of ours. */
async function readTarget(link: string): Promise<string | null> {
  const target = await readlink(link).catch(() => null);
  const prefix = `${basename(link)}.`;
  const isOurs = target?.startsWith(prefix) === true && /^[0-9a-f]{12}$/.test(target.slice(prefix.length));
  return isOurs ? target : null;
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
