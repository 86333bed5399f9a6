import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Checked {
  readonly exitCode: number;
  /** One finding a line, by file. */
  readonly findings: string[];
  readonly output: string;
}

/** A copy of the package in which faults are planted. */
export interface PackageCopy {
  /** Replaces text that has to be there, in a file below force-app. */
  edit(file: string, from: string, to: string): Promise<void>;
  /** Writes a class, well-formed as a component. */
  addClass(name: string, text: string): Promise<void>;
  add(file: string, text: string): Promise<void>;
  /** Takes everything out of some folders, so that the slow checks have less to read. */
  empty(...folders: readonly string[]): Promise<void>;
  check(script: CheckScript): Promise<Checked>;
  remove(): Promise<void>;
}

type CheckScript = 'check-apex' | 'check-metadata';

/** Copies the package. No folder above it may bear the name of one of the package's own, such as `classes`. */
export async function copyPackage(): Promise<PackageCopy> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'property-sync-package-')));
  const path = (file: string): string => join(root, 'force-app', file);
  await cp('force-app', path(''), { recursive: true });
  for (const file of ['sfdx-project.json', '.forceignore']) await cp(file, join(root, file));
  const add = async (file: string, text: string): Promise<void> => {
    await mkdir(dirname(path(file)), { recursive: true });
    await writeFile(path(file), text);
  };
  return {
    add,
    edit: async (file, from, to) => {
      const text = await readFile(path(file), 'utf8');
      if (!text.includes(from)) throw new Error(`${file} does not hold ${from}.`);
      await writeFile(path(file), text.replace(from, to));
    },
    empty: async (...folders) => {
      for (const folder of folders) {
        await rm(path(folder), { recursive: true });
        await mkdir(path(folder));
      }
    },
    addClass: async (name, text) => {
      const meta = await readFile(
        'force-app/main/default/classes/PropertyRollupHandler.cls-meta.xml',
        'utf8',
      );
      await add(`main/default/classes/${name}.cls`, text);
      await add(`main/default/classes/${name}.cls-meta.xml`, meta);
    },
    check: (script) => runCheck(script, ['--root', root]),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** Runs a check as a developer does. */
export function runCheck(
  script: CheckScript,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Checked> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [`scripts/${script}.ts`, ...args],
      { env },
      (_error, stdout, stderr) => {
        const findings = stderr.split('\n').filter((line) => line !== '');
        resolve({ exitCode: child.exitCode ?? -1, findings: findings.sort(), output: stdout });
      },
    );
  });
}
