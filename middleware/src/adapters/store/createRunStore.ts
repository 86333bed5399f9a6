import { sql } from 'kysely';
import type { Clock } from '../../ports/clock.ts';
import type { RunStore } from '../../ports/runStore.ts';
import type { Database } from './openDatabase.ts';
import type { WorkInbox } from './openQueue.ts';
import { createPlanStore } from './planStore.ts';
import { createRunItemStore } from './runItemStore.ts';
import { createRunRowStore } from './runRowStore.ts';
import { toStoreError } from './toStoreError.ts';

/** The run store over an open database. */
export function createRunStore(database: Database, inbox: WorkInbox, clock: Clock): RunStore {
  return translatingErrors<RunStore>({
    ...createPlanStore(database.tables, inbox),
    ...createRunRowStore(database.tables, inbox),
    ...createRunItemStore(database.tables, clock),
    async health() {
      try {
        await sql`select 1`.execute(database.tables);
        return { isReady: true, detail: database.description };
      } catch (error) {
        return { isReady: false, detail: (toStoreError(error) as Error).message };
      }
    },
  });
}

type Method = (...args: never[]) => Promise<unknown> | AsyncIterable<unknown>;

/** Puts the translation of errors around every method, so that none can miss it. */
function translatingErrors<T extends object>(store: T): T {
  const wrap =
    (method: Method) =>
    (...args: never[]) => {
      const answer = method(...args);
      return Symbol.asyncIterator in answer
        ? translateIteration(answer)
        : answer.catch((error: unknown) => {
            throw toStoreError(error);
          });
    };
  return Object.fromEntries(
    Object.entries(store as Record<string, Method>).map(([name, method]) => [name, wrap(method)]),
  ) as T;
}

async function* translateIteration<T>(pages: AsyncIterable<T>): AsyncIterable<T> {
  try {
    yield* pages;
  } catch (error) {
    throw toStoreError(error);
  }
}
