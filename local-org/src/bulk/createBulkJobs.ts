import type { SaveDeps } from '../dml/saveChunk.ts';
import { createIdSequence } from '../ids.ts';
import { isTerminal, summarizeJob, type BulkJob, type JobSummary } from './bulkJob.ts';
import { DEFAULT_BULK, type BulkSettings } from './bulkSettings.ts';
import type { IngestJob } from './ingestJob.ts';
import { leaveUnprocessed, processIngest } from './processIngest.ts';
import type { QueryJob } from './queryJob.ts';

/** All bulk jobs of the org. Jobs work on their own, beside the requests. */
export interface BulkJobs {
  readonly settings: BulkSettings;
  /** Ingest batches (one per 10,000 records) and query jobs since the start, for the limits. */
  readonly usage: { readonly ingestBatches: number; readonly queryJobs: number };
  /** All jobs since the start, oldest first; a deleted one as it was in the end. */
  readonly history: readonly JobSummary[];
  newId(): string;
  add(job: IngestJob | QueryJob): void;
  find(kind: 'ingest', id: string): IngestJob | undefined;
  find(kind: 'query', id: string): QueryJob | undefined;
  list(kind: 'ingest'): IngestJob[];
  list(kind: 'query'): QueryJob[];
  /** Starts a job whose data is complete. */
  start(job: IngestJob | QueryJob): void;
  abort(job: IngestJob | QueryJob): void;
  delete(id: string): void;
  configure(settings: BulkSettings): void;
  reset(): void;
}

const RECORDS_PER_BATCH = 10_000;

export function createBulkJobs(deps: SaveDeps): BulkJobs {
  const jobs = new Map<string, IngestJob | QueryJob>();
  const history = new Map<string, JobSummary>();
  const held = new Set<IngestJob | QueryJob>();
  let newId = createIdSequence('750');
  let settings = DEFAULT_BULK;
  let usage = { ingestBatches: 0, queryJobs: 0 };

  const touch = (job: BulkJob) => {
    job.changedMs = deps.clock.nowMs();
  };

  function work(job: IngestJob | QueryJob): void {
    const done = job.kind === 'ingest' ? processIngest(job, deps, () => settings) : completeQuery(job);
    done.then(
      () => {
        usage.ingestBatches += job.kind === 'ingest' ? Math.ceil(job.processed / RECORDS_PER_BATCH) : 0;
      },
      (error: unknown) => {
        job.state = 'Failed';
        job.errorMessage = 'InternalServerError : local-org failed while it worked on the job';
        process.stderr.write(`local-org: ${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
      },
    );
  }

  async function completeQuery(job: QueryJob): Promise<void> {
    usage.queryJobs += 1;
    await new Promise((resolve) => setImmediate(resolve));
    if (isTerminal(job)) return;
    job.processed = job.rows.length;
    job.state = 'JobComplete';
    touch(job);
  }

  function start(job: IngestJob | QueryJob): void {
    job.state = 'UploadComplete';
    touch(job);
    if (settings.isHeld) held.add(job);
    else work(job);
  }

  const ofKind = (kind: string) => [...jobs.values()].filter((job) => job.kind === kind);

  return {
    get settings() {
      return settings;
    },
    get usage() {
      return usage;
    },
    get history() {
      return [...history.values()].map(summarizeJob);
    },
    newId: () => newId(),
    add: (job) => {
      jobs.set(job.id, job);
      history.set(job.id, job);
    },
    find: ((kind: string, id: string) => {
      const job = jobs.get(id);
      return job?.kind === kind ? job : undefined;
    }) as BulkJobs['find'],
    list: ofKind as BulkJobs['list'],
    start,
    abort: (job) => {
      const isWaiting = job.state === 'Open' || held.delete(job);
      job.state = 'Aborted';
      touch(job);
      // A job in progress stops by itself before its next chunk.
      if (isWaiting && job.kind === 'ingest') leaveUnprocessed(job);
    },
    delete: (id) => {
      const job = jobs.get(id);
      if (!job) return;
      jobs.delete(id);
      // Its rows are let go.
      history.set(id, summarizeJob(job));
    },
    configure: (next) => {
      settings = next;
      if (settings.isHeld) return;
      for (const job of held) work(job);
      held.clear();
    },
    reset: () => {
      for (const job of jobs.values()) if (!isTerminal(job)) job.state = 'Aborted';
      jobs.clear();
      history.clear();
      held.clear();
      newId = createIdSequence('750');
      settings = DEFAULT_BULK;
      usage = { ingestBatches: 0, queryJobs: 0 };
    },
  };
}
