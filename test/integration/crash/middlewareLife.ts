import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** How the process that is alive now is asked to be, and what ends it. */
export interface Incarnation {
  readonly environment: Readonly<Record<string, string>>;
  /** Of a process that is killed from outside: how long after its start. */
  readonly killAfterMs?: number;
}

/** A middleware that is killed again and again, and each time started anew with the same data. */
export interface MiddlewareLife {
  /** The address of the process that is alive, once it listens. */
  url(): Promise<string>;
  /** Whether every death that was asked for has come; what follows is undisturbed. */
  readonly isSafe: boolean;
  /** How many processes have been killed. */
  readonly deaths: number;
  /** When each process listened, in ms after its start. */
  readonly startMs: readonly number[];
  /** Ends the process that is alive now, at once; another one follows. */
  kill(): void;
  /** Ends it in good order, and this life. */
  stop(): Promise<void>;
}

export interface LifeOptions {
  /** One process after the other; the last one is not to die. */
  readonly incarnations: readonly Incarnation[];
  /** What is common to all of them. */
  readonly environment: () => Readonly<Record<string, string>>;
  /** Called after each death, before the next process starts. */
  readonly afterDeath: () => Promise<void>;
}

/** Starts the first process; the others follow by themselves. */
export function startLife({ incarnations, environment, afterDeath }: LifeOptions): MiddlewareLife {
  const startMs: number[] = [];
  let number = 0;
  let deaths = 0;
  let child: ChildProcess | undefined;
  let isStopping = false;
  let listening = Promise.withResolvers<string>();
  const lived = live();

  async function live(): Promise<void> {
    try {
      for (; !isStopping; number += 1) await liveOnce(incarnations[number]);
    } catch (error) {
      listening.promise.catch(() => undefined);
      listening.reject(error);
    }
  }

  async function liveOnce(incarnation: Incarnation | undefined): Promise<void> {
    const startedAt = performance.now();
    const process_ = spawn(
      process.execPath,
      ['--import', './test/integration/crash/crashingMiddleware.ts', 'middleware/src/server.ts'],
      {
        env: { ...process.env, ...environment(), ...incarnation?.environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    child = process_;
    let complaint = '';
    process_.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-4_000);
    });
    createInterface({ input: process_.stdout }).once('line', (line) => {
      startMs.push(performance.now() - startedAt);
      listening.resolve((JSON.parse(line) as { url: string }).url);
    });
    const { killAfterMs } = incarnation ?? {};
    const timer =
      killAfterMs === undefined ? undefined : setTimeout(() => process_.kill('SIGKILL'), killAfterMs);
    const [code, signal] = (await once(process_, 'exit')) as [number | null, string | null];
    clearTimeout(timer);
    if (isStopping) return;
    if (signal !== 'SIGKILL') {
      throw new Error(`The middleware ended by itself (${String(code ?? signal)}).\n${complaint}`);
    }
    deaths += 1;
    const dead = listening;
    listening = Promise.withResolvers();
    dead.resolve('http://127.0.0.1:1');
    await afterDeath();
  }

  return {
    url: () => listening.promise,
    get isSafe() {
      return number >= incarnations.length;
    },
    get deaths() {
      return deaths;
    },
    startMs,
    kill: () => void child?.kill('SIGKILL'),
    async stop() {
      isStopping = true;
      child?.kill('SIGTERM');
      await lived;
    },
  };
}
