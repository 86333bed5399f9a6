import type { OrgUser } from '../auth/users.ts';
import type { Org } from '../org.ts';

/** What a route answers. Without a body it is sent empty; text is sent as it is, anything else as JSON. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One authenticated request of `/services/data`. */
export interface ApiRequest {
  readonly org: Org;
  readonly user: OrgUser;
  readonly method: string;
  /** The whole path, without the query string. */
  readonly path: string;
  /** `v66.0`, as the client asked for it. */
  readonly version: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
  /** Set by a row-lock fault: these records of the call fail with UNABLE_TO_LOCK_ROW. */
  readonly isRowLocked: ((index: number) => boolean) | undefined;
}

export type Handler = (request: ApiRequest) => Answer | Promise<Answer>;

/** A line of the table of routes. The path follows `/services/data/vNN.0`. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly handle: Handler;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });

export const csv = (text: string, headers: Record<string, string> = {}): Answer => ({
  status: 200,
  body: text,
  headers: { 'content-type': 'text/csv', ...headers },
});
