import jsforce from 'jsforce';

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
    const response = await fetch(`${this.org.url}/__local/usage`);
    const { used } = (await response.json()) as { used: number };
    return used;
  }

  /** Rows that the org's automation has still to link to their production record. */
  async rowsToLink(): Promise<number> {
    const response = await fetch(`${this.org.url}/__local/automation`);
    const { pending } = (await response.json()) as { pending: number };
    return pending;
  }

  /** Every live record of an object, with these fields. */
  async records(object: string, fields: readonly string[]): Promise<OrgRecord[]> {
    return this.connection
      .query<OrgRecord>(`SELECT ${fields.join(', ')} FROM ${object}`, {
        autoFetch: true,
        maxFetch: 10_000_000,
      })
      .then(({ records }) => records);
  }

  async count(object: string, where = ''): Promise<number> {
    const { totalSize } = await this.connection.query(`SELECT COUNT() FROM ${object} ${where}`);
    return totalSize;
  }
}
