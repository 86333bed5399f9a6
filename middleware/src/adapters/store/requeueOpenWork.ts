import { type Kysely, sql } from 'kysely';
import type { QueuedWork } from '../../ports/runQueue.ts';
import type { PutOptions, WorkQueue } from './openQueue.ts';
import type { Tables } from './tables.ts';

/**
 * Puts in again what is open and has no job left: its giving up failed too, or it waited longer than the queue keeps a
 * job. Nothing would ever end it otherwise. Instances that start together may each put it in: what has ended is not done
 * again.
 */
export async function requeueOpenWork(database: Kysely<Tables>, queue: WorkQueue): Promise<void> {
  // Read before the jobs: what another instance makes in between has its job already.
  const open = await openWork(database);
  const queued = new Set((await queue.jobs()).map(textOf));
  const forgotten = open.filter(({ work }) => !queued.has(textOf(work)));
  if (forgotten.length === 0) return;
  await database.transaction().execute(async (transaction) => {
    for (const { work, options } of forgotten) await queue.inbox.put(transaction, work, options);
  });
}

const textOf = ({ kind, id }: QueuedWork): string => `${kind} ${id}`;

interface OpenWork {
  readonly work: QueuedWork;
  readonly options?: PutOptions;
}

/** What a resync makes is carried out by the resync: such a plan or run is no work of its own. */
async function openWork(database: Kysely<Tables>): Promise<OpenWork[]> {
  const plans = await database
    .selectFrom('plan')
    .select(['planId as id', sql.lit('plan').as('kind')])
    .where('state', '=', 'building')
    .where('groupKey', 'is', null)
    .orderBy('planId')
    .execute();
  const runs = await database
    .selectFrom('run')
    .select(['runId as id', sql.lit('run').as('kind')])
    .where('state', 'in', ['queued', 'running'])
    .where('resyncId', 'is', null)
    .orderBy('runId')
    .execute();
  const resyncs = await database
    .selectFrom('resync')
    .select(['resyncId as id', 'groupKey', 'urgency'])
    .where('state', 'in', ['queued', 'running'])
    .orderBy('resyncId')
    .execute();
  return [
    ...[...plans, ...runs].map((work) => ({ work: work as QueuedWork })),
    ...resyncs.map(({ id, groupKey, urgency }) => ({
      work: { kind: 'resync' as const, id },
      options: { groupKey, isUrgent: urgency === 'urgent' },
    })),
  ];
}
