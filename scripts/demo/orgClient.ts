import { setTimeout as wait } from 'node:timers/promises';
import jsforce from 'jsforce';
import { reasonOf } from './progress.ts';

/** What local-org prints when it is ready. */
export interface LocalOrg {
  readonly url: string;
  readonly accessToken: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly username: string;
  readonly orgId: string;
}

/** A staging record by field name, as the REST API answers it. */
export type OrgRecord = Readonly<Record<string, unknown>>;

export interface FaultCount {
  readonly matches: number;
  readonly hits: number;
}

/** Looks into the org by the API that everybody uses, independently of the middleware. */
export class OrgClient {
  private readonly org: LocalOrg;
  private readonly connection: jsforce.Connection;

  constructor(org: LocalOrg) {
    this.org = org;
    this.connection = new jsforce.Connection({
      instanceUrl: org.url,
      accessToken: org.accessToken,
      version: '66.0',
    });
  }

  /** API calls the org has counted since it started. */
  async apiCalls(): Promise<number> {
    const { used } = await this.control<{ used: number }>('GET', 'usage');
    return used;
  }

  /** Rows that the org's automation has still to link to their production record. */
  async rowsToLink(): Promise<number> {
    const { pending } = await this.control<{ pending: number }>('GET', 'automation');
    return pending;
  }

  /** Replaces the faults that requests meet; none of them meets a control request. */
  async setFaults(rules: readonly object[]): Promise<void> {
    await this.control('PUT', 'faults', { rules });
  }

  /** How many requests each fault rule has matched and struck, in the order of the rules. */
  async faultCounts(): Promise<readonly FaultCount[]> {
    return (await this.control<{ rules: FaultCount[] }>('GET', 'faults')).rules;
  }

  /** Bulk jobs that wrote, whoever opened them. */
  async ingestJobs(): Promise<number> {
    const { jobs } = await this.control<{ jobs: { kind: string }[] }>('GET', 'jobs');
    return jobs.filter(({ kind }) => kind === 'ingest').length;
  }

  /** Sends a request to the org's control routes, `path` below `/__local`. */
  async control<Answer>(method: 'GET' | 'PUT', path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(`${this.org.url}/__local/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  /** Every live record of an object, with these fields. */
  async records(object: string, fields: readonly string[]): Promise<OrgRecord[]> {
    return repeatedly(async () => {
      const { records } = await this.connection.query<OrgRecord>(
        `SELECT ${fields.join(', ')} FROM ${object}`,
        { autoFetch: true, maxFetch: 10_000_000 },
      );
      return records;
    });
  }

  async count(object: string, where = ''): Promise<number> {
    return repeatedly(async () => {
      const { totalSize } = await this.connection.query(`SELECT COUNT() FROM ${object} ${where}`);
      return totalSize;
    });
  }
}

const readAttempts = 3;

/**
 * A read that failed on its way is read again, and says so: jsforce repeats after a refused connection but not after one
 * that the other side closed.
 */
async function repeatedly<Result>(read: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      if (attempt === readAttempts) throw error;
      process.stderr.write(`Reading the org again: ${reasonOf(error)}\n`);
      await wait(1_000 * attempt);
    }
  }
}
