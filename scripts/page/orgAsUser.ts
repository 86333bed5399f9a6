import { z } from 'zod';

/** A record as the REST API answers it. */
export type OrgRecord = Readonly<Record<string, unknown>> & { readonly Id: string };

/** A field as describe tells of it, as far as the page needs it. */
export interface FieldDescription {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly length: number;
  readonly updateable: boolean;
}

export interface ObjectDescription {
  readonly keyPrefix: string;
  readonly fields: readonly FieldDescription[];
}

/** What Salesforce answered instead of what was asked for. */
export class OrgError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'OrgError';
    this.status = status;
  }
}

const timeoutMs = 10_000;
const errorsSchema = z.array(z.object({ message: z.string(), errorCode: z.string() }));
const queryPath = (soql: string): string => `/query?q=${encodeURIComponent(soql)}`;

/** The org as a person meets it in the browser: by a session of her own, which stays on the server. */
export class OrgAsUser {
  readonly url: string;
  private token: string | undefined;

  constructor(url: string) {
    this.url = url;
  }

  async query(soql: string): Promise<OrgRecord[]> {
    const { records } = await this.request<{ records: OrgRecord[] }>('GET', queryPath(soql));
    return records;
  }

  /** The record with all its fields, or undefined. */
  async read(object: string, id: string): Promise<OrgRecord | undefined> {
    try {
      return await this.request<OrgRecord>('GET', `/sobjects/${object}/${id}`);
    } catch (error) {
      if (error instanceof OrgError && [400, 404].includes(error.status)) return undefined;
      throw error;
    }
  }

  describe(object: string): Promise<ObjectDescription> {
    return this.request('GET', `/sobjects/${object}/describe`);
  }

  async update(object: string, id: string, fields: Readonly<Record<string, unknown>>): Promise<void> {
    await this.request('PATCH', `/sobjects/${object}/${id}`, fields);
  }

  /** How far the org's clock is ahead of this machine's, in milliseconds: a demo plays in January. */
  async clockOffsetMs(): Promise<number> {
    const response = await fetch(`${this.url}/__local/clock`, { signal: AbortSignal.timeout(timeoutMs) });
    const { now } = z.object({ now: z.string() }).parse(await response.json());
    return Date.parse(now) - Date.now();
  }

  /** The token of a session that is good, as far as anybody has heard. */
  async session(): Promise<string> {
    this.token ??= await this.login();
    return this.token;
  }

  /** After Salesforce has said that the session has ended. */
  forgetSession(): void {
    this.token = undefined;
  }

  private async request<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const response = await fetch(`${this.url}/services/data/v66.0${path}`, {
        method,
        headers: { authorization: `Bearer ${await this.session()}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (response.status === 204) return undefined as Answer;
      const answer: unknown = await response.json();
      if (response.ok) return answer as Answer;
      if (response.status === 401 && attempt === 1) this.forgetSession();
      else throw new OrgError(response.status, errorsSchema.parse(answer)[0]?.message ?? response.statusText);
    }
  }

  /** A real org has its login page; the local one deals out sessions. */
  private async login(): Promise<string> {
    const response = await fetch(`${this.url}/__local/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'admin' }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    return z.object({ accessToken: z.string() }).parse(await response.json()).accessToken;
  }
}

/** A field as text; empty for anything that is none. */
export function textOf(record: OrgRecord, field: string): string {
  const value = record[field];
  return typeof value === 'string' ? value : '';
}

/** A text inside a SOQL literal. */
export function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, (sign) => `\\${sign}`)}'`;
}
