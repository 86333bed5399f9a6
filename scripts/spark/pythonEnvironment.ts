import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const requirementsFile = fileURLToPath(new URL('requirements.txt', import.meta.url));
const cacheDirectory = fileURLToPath(new URL('../../node_modules/.cache/property-sync', import.meta.url));
const leastJava = 17;
/** Spark is some 400 MB to load. */
const installTimeoutMs = 540_000;

/** A program that the machine lacks; the message says what to install. */
export class MissingProgram extends Error {}

/** Throws {@link MissingProgram} unless there is a Java that Spark runs on: that of JAVA_HOME, or else the one on the PATH. */
export async function findJava(): Promise<void> {
  const home = process.env['JAVA_HOME'];
  const java = home === undefined || home === '' ? 'java' : join(home, 'bin', 'java');
  const { stderr } = await run(java, ['-version']).catch((error: unknown) => {
    throw new MissingProgram(
      `Spark needs Java ${leastJava} or newer: install it (Debian: apt install openjdk-17-jre-headless) or set JAVA_HOME.`,
      { cause: error },
    );
  });
  const version = Number(/version "(\d+)/.exec(stderr)?.[1]);
  if (version >= leastJava) return;
  throw new MissingProgram(
    `Spark needs Java ${leastJava} or newer, and this one is ${stderr.split('\n')[0] ?? 'unknown'}: install a newer one or set JAVA_HOME.`,
  );
}

/** Returns the version of the machine's Python. Throws {@link MissingProgram} unless it can make environments for Spark. */
export async function findPython(): Promise<string> {
  const script = 'import sys, venv, ensurepip; assert sys.version_info >= (3, 9); print(sys.version)';
  const { stdout } = await run('python3', ['-c', script]).catch((error: unknown) => {
    throw new MissingProgram(
      'Spark needs Python 3.9 or newer with its venv module: install it (Debian: apt install python3 python3-venv).',
      { cause: error },
    );
  });
  return stdout.trim();
}

/**
 * Returns the Python of a virtual environment that holds the pinned packages, made if it is not there yet. Its place is
 * named after the packages and the version of Python.
 */
export async function prepareSpark(pythonVersion: string): Promise<string> {
  const requirements = await readFile(requirementsFile, 'utf8');
  const key = createHash('sha256').update(`${pythonVersion}\n${requirements}`).digest('hex').slice(0, 12);
  const directory = join(cacheDirectory, `spark-${key}`);
  const python = join(directory, 'bin', 'python');
  if (!(await exists(python))) await makeEnvironment(directory);
  return python;
}

/** Made beside its place and then moved there, so that a half made one is never used. */
async function makeEnvironment(directory: string): Promise<void> {
  await mkdir(dirname(directory), { recursive: true });
  const fresh = await mkdtemp(`${directory}.new-`);
  try {
    await run('python3', ['-m', 'venv', fresh]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirementsFile];
    await run(join(fresh, 'bin', 'python'), pip, { timeout: installTimeoutMs });
    // Another run may have been faster; its environment is the same.
    await rename(fresh, directory).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
