import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { BaselineCount } from './countBaseline.ts';

const run = promisify(execFile);

/** What {@link countFiles} finds in the files of one baseline. */
export type CountedFiles = BaselineCount & { faults: string[] };

/** How a process ended. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the generator as a user does; a non-zero exit code is a result, not an error. */
export async function runBaseline(args: readonly string[]): Promise<Ended> {
  return await runScript('scripts/baseline.ts', args);
}

/**
 * Counts the files in a process of its own: in Jest's module sandbox, where every global is looked up through an
 * interceptor, the same code takes ten times as long.
 */
export async function countFiles(dir: string): Promise<CountedFiles> {
  const { stdout, stderr } = await runScript('test/scripts/countFiles.ts', [dir, '2026-01-05T12:00:00.000Z']);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as CountedFiles;
}

async function runScript(script: string, args: readonly string[]): Promise<Ended> {
  try {
    const { stdout, stderr } = await run(process.execPath, [script, ...args], { maxBuffer: 1 << 26 });
    return { exitCode: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { exitCode: code, stdout, stderr };
  }
}
