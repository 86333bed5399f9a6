import { constants } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import middleware from '../../middleware/package.json' with { type: 'json' };
import { openPglite } from '../../middleware/src/adapters/store/pgliteClient.ts';
import {
  isDatabaseReady,
  prepareDataDirectory,
} from '../../middleware/src/adapters/store/prepareDataDirectory.ts';

const templates = join(import.meta.dirname, '../../node_modules/.cache/property-sync');

/**
 * Puts an embedded database without tables into `storeDirectory`. PGlite needs seconds of CPU to make one, so this machine
 * makes it once for each version, under `node_modules/.cache`, and copies it.
 */
export async function copyEmptyStore(storeDirectory: string): Promise<void> {
  const template = join(templates, `pglite-${middleware.dependencies['@electric-sql/pglite']}`);
  if (!isDatabaseReady(template)) await makeTemplate(template);
  await cp(template, storeDirectory, { recursive: true, mode: constants.COPYFILE_FICLONE });
}

async function makeTemplate(template: string): Promise<void> {
  await mkdir(dirname(template), { recursive: true });
  const directory = await mkdtemp(`${template}.new-`);
  try {
    const { databaseDir, markReady } = prepareDataDirectory(directory);
    const pglite = await openPglite(databaseDir);
    await pglite.close();
    markReady();
    // Of several that make it at once the first one wins.
    await rename(directory, template).catch((error: unknown) => {
      if (!isDatabaseReady(template)) throw error;
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
