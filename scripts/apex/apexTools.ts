import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';

const leastJava = 11;
const directory = join(import.meta.dirname, '../../test/tools/apex');
const fromTools = createRequire(join(directory, 'package.json'));

/** A program that has to be installed first. The text says how. */
export class MissingTool extends Error {}

/** The path of a file of one of the tools, `package/path`. Throws {@link MissingTool} when they are not installed. */
export function findTool(path: string): string {
  const file = join(directory, 'node_modules', path);
  if (existsSync(file)) return file;
  throw new MissingTool(
    'The tools that check Apex and metadata are not installed: run `npm ci --prefix test/tools/apex`.',
  );
}

/** Loads one of the tools. They have a lock of their own, so the types are the caller's. */
export function loadTool(name: string): unknown {
  findTool(join(name, 'package.json'));
  return fromTools(name);
}

/**
 * The Java that runs apex-ls, PMD and the Graph Engine: that of JAVA_HOME, or else the one on the PATH. Throws
 * {@link MissingTool} unless it is new enough.
 */
export async function findJava(): Promise<string> {
  const home = process.env['JAVA_HOME'];
  const java = home === undefined || home === '' ? 'java' : join(home, 'bin', 'java');
  const advice = `Checking Apex needs Java ${leastJava} or newer: install it (Debian: apt install openjdk-17-jre-headless) or set JAVA_HOME.`;
  const { stderr } = await promisify(execFile)(java, ['-version']).catch((error: unknown) => {
    throw new MissingTool(advice, { cause: error });
  });
  if (Number(/version "(\d+)/.exec(stderr)?.[1]) >= leastJava) return java;
  throw new MissingTool(`${advice} This one is ${stderr.split('\n')[0] ?? 'unknown'}.`);
}
