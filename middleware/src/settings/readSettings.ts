import { readFile } from 'node:fs/promises';
import { SyncError } from '../errors.ts';
import { parseSettings } from './parseSettings.ts';
import type { Settings } from './settingsSchema.ts';

/** The settings of a file; without one the defaults. Throws CONFIG_INVALID, naming the file. */
export async function readSettings(file: string | undefined): Promise<Settings> {
  if (file === undefined) return parseSettings('');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new SyncError(
      'CONFIG_INVALID',
      `The file of settings cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      { action: 'Let PROPERTY_SYNC_SETTINGS name a file that can be read, or leave it empty.', cause: error },
    );
  }
  try {
    return parseSettings(text);
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    throw new SyncError(error.code, `${file}: ${error.message}`, { details: error.details, cause: error });
  }
}
