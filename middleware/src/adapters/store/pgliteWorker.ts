/**
 * The worker thread that owns the PGlite instance, so that heavy SQL never blocks the event loop that serves
 * requests. It knows statements only; who may send one when is decided by pgliteClient.ts.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { createDurablePglite } from './createDurablePglite.ts';

export type WorkerRequest = { readonly id: number } & (
  | { readonly op: 'query'; readonly sql: string; readonly params: unknown[]; readonly rowMode: RowMode }
  | { readonly op: 'exec'; readonly sql: string }
  | { readonly op: 'close' }
);

export type RowMode = 'object' | 'array';

/** `id` 0 says that the database is open. */
export type WorkerReply =
  | { readonly id: number; readonly result: StatementResult[] }
  | { readonly id: number; readonly error: StatementError };

export interface StatementResult<T = Record<string, unknown>> {
  readonly rows: T[];
  readonly fields: { name: string; dataTypeID: number }[];
  readonly affectedRows?: number;
}

/** What PostgreSQL says about a refused statement; an Error would lose these on its way between threads. */
export interface StatementError {
  readonly message: string;
  readonly code?: string;
  readonly constraint?: string;
  readonly detail?: string;
  readonly table?: string;
}

const port = parentPort;
if (port === null) throw new Error('pgliteWorker runs in a worker thread.');

const { directory } = workerData as { directory: string };

const database = await createDurablePglite(directory);

port.on('message', (request: WorkerRequest) => {
  perform(request).then(
    (result) => {
      port.postMessage({ id: request.id, result } satisfies WorkerReply);
      if (request.op === 'close') port.close();
    },
    (error: unknown) => port.postMessage({ id: request.id, error: toStatementError(error) }),
  );
});
port.postMessage({ id: 0, result: [] } satisfies WorkerReply);

async function perform(request: WorkerRequest): Promise<StatementResult[]> {
  switch (request.op) {
    case 'query':
      return [
        toResult(
          await database.query<Record<string, unknown>>(request.sql, request.params, {
            rowMode: request.rowMode,
          }),
        ),
      ];
    case 'exec':
      return (await database.exec(request.sql)).map(toResult);
    case 'close':
      await database.close();
      return [];
  }
}

function toResult({ rows, fields, affectedRows }: StatementResult): StatementResult {
  return { rows, fields, ...(affectedRows === undefined ? {} : { affectedRows }) };
}

function toStatementError(error: unknown): StatementError {
  const { message, code, constraint, detail, table } = error as StatementError;
  return {
    message,
    ...(code === undefined ? {} : { code }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(detail === undefined ? {} : { detail }),
    ...(table === undefined ? {} : { table }),
  };
}
