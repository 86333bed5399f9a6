import { fileURLToPath } from 'node:url';
import { runner, type RunnerOption } from 'node-pg-migrate';
import type { ClientBase } from 'pg';
import type { PgliteSession } from './pgliteClient.ts';
import type { StoreLog } from './storeLog.ts';

/** Brings the tables to the form of migrations/, over a connected pg client or over PGlite. */
export async function migrate(
  client: ClientBase,
  options: { isShared: boolean; direction?: 'up' | 'down'; log: StoreLog },
): Promise<void> {
  const settings: RunnerOption = {
    dbClient: client,
    dir: fileURLToPath(new URL('./migrations', import.meta.url)),
    migrationsTable: 'migration',
    direction: options.direction ?? 'up',
    // Instances that start together take turns; PGlite has one owner and no advisory locks to speak of.
    ...(options.isShared ? { advisoryLockMode: 'wait' } : { noLock: true }),
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: (message: string) => options.log.warn({}, message),
      error: (message: string) => options.log.error({}, message),
    },
  };
  await runner(settings);
}

/** What node-pg-migrate needs of a pg client. It sends several statements in one text, which only `exec` accepts. */
export function toMigrationClient(session: PgliteSession): ClientBase {
  const query = async (request: string | { text: string; values?: unknown[] }, values?: unknown[]) => {
    const { text, values: params = values } = typeof request === 'string' ? { text: request } : request;
    if (params !== undefined && params.length > 0) return session.query(text, params);
    return (await session.exec(text)).at(-1) ?? { rows: [], fields: [] };
  };
  return { query } as unknown as ClientBase;
}
