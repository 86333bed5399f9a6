import { startPostgres, type PostgresServer } from './postgresServer.ts';

/** What the setup leaves to the teardown. */
export const started: { server?: PostgresServer } = {};

/** Before the first test of the project `postgres`: a server for all of its workers, if none is named. */
export default async function setup(): Promise<void> {
  if ((process.env['TEST_DATABASE_URL'] ?? '') !== '') return;
  started.server = await startPostgres();
  process.env['TEST_DATABASE_URL'] = started.server.url;
}
