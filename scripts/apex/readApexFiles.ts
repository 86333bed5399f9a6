import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A class or a trigger. */
export interface ApexFile {
  /** Path from the root of the project. */
  readonly file: string;
  readonly text: string;
}

/** The Apex of the project in `root`, by path. */
export async function readApexFiles(root: string): Promise<ApexFile[]> {
  const files = globSync('force-app/**/*.{cls,trigger}', { cwd: root }).sort();
  return Promise.all(files.map(async (file) => ({ file, text: await readFile(join(root, file), 'utf8') })));
}
