import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { count, step } from '../demo/progress.ts';
import { copyToFile } from './copyToFile.ts';
import { openSnapshot, type SnapshotOptions } from './openSnapshot.ts';
import { planCopies, type RdsSource } from './planCopies.ts';
import { refuseForeign, swapDirectory } from './swapDirectory.ts';

export interface LoadRdsOptions extends SnapshotOptions, RdsSource {
  /** Where the files are read; a link, turned to the new files when all are written. */
  readonly directory: string;
}

/** What was loaded; also `manifest.json` beside the files. */
export interface LoadedRds {
  readonly directory: string;
  /** ISO instant. */
  readonly snapshotAt: string;
  /** By file, without its ending. */
  readonly rows: Readonly<Record<string, number>>;
  /** Whether document fraud is known; else its columns are NULL in every row. */
  readonly isFraudMapped: boolean;
}

const megabyte = 1_000_000;

/** Copies the tables in one snapshot into files for WAREHOUSE_SOURCE_DIR; after a failure the old ones are still there. */
export async function loadRds({ directory, schema, wide, ...options }: LoadRdsOptions): Promise<LoadedRds> {
  await refuseForeign(directory);
  const snapshot = await step(
    'Open a snapshot',
    () => openSnapshot(options),
    ({ database, user, takenAt }) => `of ${database} as ${user}, ${takenAt}`,
  );
  const { client } = snapshot;
  try {
    const copies = await step(
      'Compare the tables',
      () => planCopies(client, { schema, wide }),
      () => 'as expected',
    );
    return await swapDirectory(directory, async (newDirectory) => {
      const rows: Record<string, number> = {};
      for (const copy of copies) {
        const path = join(newDirectory, `${copy.file}.csv`);
        rows[copy.file] = await step(
          `Copy ${copy.file}`,
          (say) =>
            copyToFile(client, copy, path, (bytes) => {
              say(`${count(Math.round(bytes / megabyte))} MB`);
            }),
          (copied) => `${count(copied)} rows`,
        );
      }
      await snapshot.commit();
      const loaded = { directory, snapshotAt: snapshot.takenAt, rows, isFraudMapped: wide !== null };
      await writeFile(join(newDirectory, 'manifest.json'), `${JSON.stringify(loaded, null, 2)}\n`, {
        flush: true,
      });
      return loaded;
    });
  } finally {
    snapshot.cut();
  }
}
