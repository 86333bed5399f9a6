import { setTimeout as wait } from 'node:timers/promises';
import { SyncError } from '../../errors.ts';
import { resultRows } from './resultRows.ts';
import type { SalesforceSession } from './salesforceSession.ts';

export interface PollSettings {
  readonly pollIntervalMs: number;
  /** How long a job may take before the caller gives up waiting; the job itself goes on. */
  readonly jobTimeoutMs: number;
}

const pageRows = 10_000;

/** Runs a Bulk API 2.0 query and yields its rows page by page. Polls faster at first, since small jobs end at once. */
export async function* bulkQuery(
  session: SalesforceSession,
  request: { soql: string; isDeletedIncluded: boolean; what: string },
  poll: PollSettings,
): AsyncIterable<Record<string, string>[]> {
  const { id } = await session.read<{ id: string }>({
    method: 'POST',
    path: '/jobs/query',
    body: {
      query: request.soql,
      operation: request.isDeletedIncluded ? 'queryAll' : 'query',
      lineEnding: 'LF',
    },
    what: request.what,
  });
  await awaitQueryJob(session, id, request.what, poll);
  let locator: string | null = null;
  do {
    const page: string = locator === null ? '' : `&locator=${encodeURIComponent(locator)}`;
    const stream = await session.openStream(
      `/jobs/query/${id}/results?maxRecords=${String(pageRows)}${page}`,
      request.what,
    );
    yield* resultRows(stream.body);
    locator = stream.locator;
  } while (locator !== null && locator !== 'null');
}

async function awaitQueryJob(
  session: SalesforceSession,
  id: string,
  what: string,
  poll: PollSettings,
): Promise<void> {
  const deadline = performance.now() + poll.jobTimeoutMs;
  for (
    let intervalMs = Math.min(100, poll.pollIntervalMs);
    ;
    intervalMs = Math.min(intervalMs * 2, poll.pollIntervalMs)
  ) {
    const { state } = await session.read<{ state: string }>({
      method: 'GET',
      path: `/jobs/query/${id}`,
      what,
    });
    if (state === 'JobComplete') return;
    if (state === 'Failed' || state === 'Aborted') {
      throw new SyncError(
        'SALESFORCE_REJECTED',
        `Salesforce ended the query job ${id} as ${state} while ${what}.`,
      );
    }
    if (performance.now() > deadline) {
      throw new SyncError(
        'SALESFORCE_UNAVAILABLE',
        `The query job ${id} has not ended in time while ${what}.`,
      );
    }
    await wait(intervalMs);
  }
}
