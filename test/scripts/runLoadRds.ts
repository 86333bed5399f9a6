import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { Ended } from './runBaseline.ts';

/** A load that is going on. */
export interface Loading {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Starts the command as a user does; without a URL the variable is not set. */
export function startLoadRds(args: readonly string[], url?: string): Loading {
  const { RDS_DATABASE_URL: _, ...environment } = process.env;
  const child = spawn(process.execPath, ['scripts/load-rds.ts', ...args], {
    env: { ...environment, ...(url !== undefined && { RDS_DATABASE_URL: url }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]).then(
    ([stdout, stderr]) => ({ exitCode: child.exitCode ?? -1, stdout, stderr }),
  );
  return { process: child, ended };
}

/** Runs the command to its end; a non-zero exit code is a result, not an error. */
export function runLoadRds(args: readonly string[], url?: string): Promise<Ended> {
  return startLoadRds(args, url).ended;
}
