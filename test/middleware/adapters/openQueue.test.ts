import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { openDatabase, type Database } from '../../../middleware/src/adapters/store/openDatabase.ts';
import { openQueue } from '../../../middleware/src/adapters/store/openQueue.ts';
import { freshLocation } from './storeLocations.ts';

const log = { warn: () => undefined, error: () => undefined };
let database: Database;
let removeDirectory: () => Promise<void>;

beforeEach(async () => {
  const { location, remove } = await freshLocation();
  removeDirectory = remove;
  database = await openDatabase(location, log);
});
afterEach(async () => {
  await database.close();
  await removeDirectory();
});

interface Queue {
  retryLimit: number;
  retryDelay: number;
  retryDelayMax: number;
  retryBackoff: boolean;
}

it('keeps trying for longer than a system is away for maintenance', async () => {
  const queue = await openQueue(database, { log });
  const { rows } = await sql<Queue>`
    select retry_limit, retry_delay, retry_delay_max, retry_backoff from pgboss.queue where name not like '!_!_%' escape '!'
  `.execute(database.tables);
  await queue.close();
  expect(rows).toHaveLength(4);
  for (const { retryLimit, retryDelay, retryDelayMax, retryBackoff } of rows) {
    expect(retryBackoff).toBe(true);
    let shortestSeconds = 0;
    for (let attempt = 1; attempt <= retryLimit; attempt += 1) {
      // pg-boss draws each wait between this delay and twice as much.
      shortestSeconds += Math.min(retryDelayMax, retryDelay * 2 ** (attempt - 1));
    }
    expect(shortestSeconds).toBeGreaterThan(15 * 60);
  }
});
