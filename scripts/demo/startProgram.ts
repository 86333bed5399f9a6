import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A program of ours that runs as a process of its own and has said, in one JSON line, that it is ready. */
export interface Program<Ready> {
  readonly ready: Ready;
  /** Asks it to stop, waits, and kills it if it does not. */
  stop(): Promise<void>;
  /** Ends it at once and leaves it no time to tidy up. */
  kill(): Promise<void>;
}

/** A machine that is busy with other tests takes its time. */
const startTimeoutMs = 180_000;
const stopTimeoutMs = 15_000;

/**
 * Starts a TypeScript program on this Node and waits for its ready line. What it writes to stderr is kept and shown only
 * if it ends before it is ready.
 */
export async function startProgram<Ready>(
  name: string,
  file: string,
  options: { nodeArguments?: string[]; programArguments?: string[]; environment?: Record<string, string> },
): Promise<Program<Ready>> {
  const child = spawn(
    process.execPath,
    [...(options.nodeArguments ?? []), file, ...(options.programArguments ?? [])],
    { env: { ...process.env, ...options.environment }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-4_000);
  });
  const stop = () => stopChild(child);
  try {
    return { ready: JSON.parse(await firstLine(child)) as Ready, stop, kill: () => killChild(child) };
  } catch (error) {
    await stop();
    throw new Error(`${name} did not start.\n${complaint}`, { cause: error });
  }
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new TypeError('The process has no stdout.');
  const lines = createInterface({ input: child.stdout });
  const signal = AbortSignal.timeout(startTimeoutMs);
  const [line] = (await Promise.race([
    once(lines, 'line', { signal }),
    once(child, 'exit', { signal }).then(([code]) => Promise.reject(new Error(`exit code ${String(code)}`))),
  ])) as [string];
  return line;
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  await ended;
  clearTimeout(timer);
}

async function killChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
