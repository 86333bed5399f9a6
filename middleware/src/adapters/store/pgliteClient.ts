import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { SyncError } from '../../errors.ts';
import type { RowMode, StatementResult, WorkerReply, WorkerRequest } from './pgliteWorker.ts';

type Query = <T>(
  sql: string,
  params?: unknown[],
  options?: { rowMode?: RowMode },
) => Promise<StatementResult<T>>;

/** Statements to the one session of a PGlite instance. */
export interface PgliteSession {
  query: Query;
  /** Parameterless text, of one statement or several. */
  exec(sql: string): Promise<StatementResult[]>;
}

/**
 * The part of PGlite that kysely's `PGliteDialect` and pg-boss's `fromPglite` use. PGlite has one session: outside
 * a transaction a statement waits until the open transaction has ended, so inside one only its own handle may be
 * used; a statement awaited there on the client itself would wait for ever.
 */
export interface PgliteClient extends PgliteSession {
  readonly ready: true;
  readonly waitReady: Promise<void>;
  readonly closed: boolean;
  transaction<T>(work: (session: PgliteSession & { rollback(): Promise<void> }) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

type Call = {
  readonly resolve: (results: StatementResult[]) => void;
  readonly reject: (error: Error) => void;
};
type Statement = WorkerRequest extends infer R ? (R extends WorkerRequest ? Omit<R, 'id'> : never) : never;

/**
 * Opens the PGlite database in `directory` (made if missing) in a worker thread. If the thread dies, every waiting
 * and every later call fails with STORE_UNAVAILABLE; there is no restart in place: open the store again.
 */
export async function openPglite(directory: string): Promise<PgliteClient> {
  // `.ts` from the sources, `.js` when compiled.
  const extension = extname(new URL(import.meta.url).pathname);
  const worker = new Worker(new URL(`./pgliteWorker${extension}`, import.meta.url), {
    workerData: { directory },
  });
  const calls = new Map<number, Call>();
  let lastId = 0;
  let dead: SyncError | undefined;
  let isClosed = false;

  const send = (id: number, statement?: Statement): Promise<StatementResult[]> => {
    if (dead !== undefined) return Promise.reject(dead);
    return new Promise((resolve, reject) => {
      calls.set(id, { resolve, reject });
      if (statement !== undefined) worker.postMessage({ ...statement, id });
    });
  };
  const call = (statement: Statement): Promise<StatementResult[]> => send(++lastId, statement);

  worker.on('message', (reply: WorkerReply) => {
    const waiting = calls.get(reply.id);
    calls.delete(reply.id);
    if ('error' in reply) waiting?.reject(Object.assign(new Error(reply.error.message), reply.error));
    else waiting?.resolve(reply.result);
  });
  const fail = (cause: Error): void => {
    dead ??= isClosed
      ? new SyncError('STORE_UNAVAILABLE', 'The store is closed.')
      : new SyncError('STORE_UNAVAILABLE', 'The worker thread of the store has ended.', { cause });
    for (const { reject } of calls.values()) reject(dead);
    calls.clear();
  };
  worker.on('error', fail);
  worker.on('exit', (exitCode) => fail(new Error(`The worker thread ended with code ${exitCode}.`)));

  const query = async (sql: string, params: unknown[] = [], options: { rowMode?: RowMode } = {}) => {
    const [result] = await call({ op: 'query', sql, params, rowMode: options.rowMode ?? 'object' });
    return result;
  };
  const session: PgliteSession = {
    query: query as Query,
    exec: (sql) => call({ op: 'exec', sql }),
  };

  const inTurn = createTurns();
  await send(0);

  return {
    ready: true,
    waitReady: Promise.resolve(),
    get closed() {
      return isClosed;
    },
    query: (sql, params, options) => inTurn(() => session.query(sql, params, options)),
    exec: (sql) =>
      inTurn(async () => {
        try {
          return await session.exec(sql);
        } catch (error) {
          // The text may have opened a transaction itself; the next in turn must not find it aborted.
          await session.exec('rollback').catch(() => undefined);
          throw error;
        }
      }),
    transaction: (work) => inTurn(() => runTransaction(session, work)),
    async close() {
      if (isClosed) return;
      await inTurn(async () => {
        isClosed = true;
        if (dead === undefined) await call({ op: 'close' });
      });
      await worker.terminate();
    },
  };
}

async function runTransaction<T>(
  session: PgliteSession,
  work: (session: PgliteSession & { rollback(): Promise<void> }) => Promise<T>,
): Promise<T> {
  let failure: unknown;
  const noteFailure = (error: unknown): never => {
    failure ??= error;
    throw error;
  };
  // kysely waits for `work` to be called: a failed begin shows at the first statement or at the commit.
  await session.exec('begin').catch((error: unknown) => {
    failure = error;
  });
  try {
    const result = await work({
      query: (sql, params, options) => session.query<never>(sql, params, options).catch(noteFailure),
      exec: (sql) => session.exec(sql).catch(noteFailure),
      rollback: async () => {
        await session.exec('rollback');
      },
    });
    // PostgreSQL answers the commit of an aborted transaction with a rollback and no error.
    if (failure !== undefined) throw failure as Error;
    await session.exec('commit');
    return result;
  } catch (error) {
    await session.exec('rollback').catch(() => undefined);
    throw error;
  }
}

/** Runs what it is given one after the other, whatever becomes of each. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work, work);
    last = turn;
    return turn;
  };
}
