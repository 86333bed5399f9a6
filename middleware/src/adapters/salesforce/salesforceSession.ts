import jsforce from 'jsforce';
import pRetry from 'p-retry';
import { SyncError } from '../../errors.ts';
import { toSyncError } from './salesforceErrors.ts';

export interface SalesforceSettings {
  /** Where tokens are asked for: the org's own address, e.g. `https://example.my.salesforce.com`. */
  readonly loginUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly apiVersion: string;
  /** Longest wait for one answer. */
  readonly timeoutMs: number;
  /** How often a read is tried again after the first time. */
  readonly maxRetries: number;
}

export interface SalesforceRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/services/data/vNN.0`. */
  readonly path: string;
  readonly body?: unknown;
  /** What is being done, for messages: "reading records by id". */
  readonly what: string;
}

/** Renewals closer together than this mean that a fresh token is refused too: stop, rather than ask for ever. */
const renewalPauseMs = 2_000;

/**
 * One authenticated session with an org, by the client-credentials flow (no user and no password is involved). A
 * refused token is renewed once and the request repeated by jsforce; every other failure leaves as a `SyncError`.
 */
export class SalesforceSession {
  readonly connection: jsforce.Connection;
  private readonly settings: SalesforceSettings;
  private renewedAt = -Infinity;

  constructor(settings: SalesforceSettings) {
    this.settings = settings;
    this.connection = new jsforce.Connection({
      loginUrl: settings.loginUrl,
      instanceUrl: settings.loginUrl,
      version: settings.apiVersion,
      oauth2: {
        loginUrl: settings.loginUrl,
        clientId: settings.clientId,
        clientSecret: settings.clientSecret,
      },
      refreshFn: (_connection, done) => {
        this.renew().then(
          (token) => {
            done(null, token);
          },
          (error: unknown) => {
            done(error instanceof Error ? error : new Error(String(error)));
          },
        );
      },
    });
  }

  /** Sends a request whose repetition is harmless: tried again on lost answers, 429 and 5xx, with jitter. */
  async read<Answer>(request: SalesforceRequest): Promise<Answer> {
    return this.repeat(() => this.send<Answer>(request));
  }

  /** Sends a request exactly once. SALESFORCE_UNAVAILABLE from here means: the outcome is unknown. */
  async write<Answer>(request: SalesforceRequest): Promise<Answer> {
    return this.send<Answer>(request);
  }

  /**
   * Opens a result as a stream of bytes. jsforce keeps an answer in memory as a whole, which large results must not be;
   * so this goes through fetch with jsforce's session.
   */
  async openStream(path: string, what: string): Promise<Response> {
    return this.repeat(async () => {
      await this.ensureToken(what);
      let response = await this.fetchOnce(path, what);
      if (response.status === 401) {
        await this.renewOrThrow(what);
        response = await this.fetchOnce(path, what);
      }
      if (response.ok && response.body !== null) return response;
      const body = await response.text();
      throw toSyncError(parseError(body, response.status), what);
    });
  }

  usage(): { used: number; limit: number } | null {
    return this.connection.limitInfo.apiUsage ?? null;
  }

  async repeat<Answer>(attempt: () => Promise<Answer>): Promise<Answer> {
    return pRetry(attempt, {
      retries: this.settings.maxRetries,
      minTimeout: 250,
      maxTimeout: 8_000,
      randomize: true,
      shouldRetry: ({ error }) => error instanceof SyncError && error.code === 'SALESFORCE_UNAVAILABLE',
    });
  }

  private async send<Answer>({ method, path, body, what }: SalesforceRequest): Promise<Answer> {
    await this.ensureToken(what);
    try {
      return await this.connection.request<Answer>(
        {
          method,
          url: `/services/data/v${this.settings.apiVersion}${path}`,
          ...(body === undefined
            ? {}
            : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
        },
        // Repeating is decided here, by what the request does, and not by its method.
        { timeout: this.settings.timeoutMs, retry: { maxRetries: 0 } },
      );
    } catch (error) {
      throw toSyncError(error, what);
    }
  }

  private async fetchOnce(path: string, what: string): Promise<Response> {
    try {
      return await fetch(`${this.connection.instanceUrl}/services/data/v${this.settings.apiVersion}${path}`, {
        headers: { authorization: `Bearer ${this.connection.accessToken ?? ''}`, accept: 'text/csv' },
        signal: AbortSignal.timeout(this.settings.timeoutMs),
      });
    } catch (error) {
      throw toSyncError(error, what);
    }
  }

  /** Logs in if nobody has yet. */
  async ensureToken(what: string): Promise<void> {
    if (this.connection.accessToken) return;
    await this.repeat(() => this.renewOrThrow(what));
  }

  private async renewOrThrow(what: string): Promise<void> {
    try {
      await this.renew();
    } catch (error) {
      throw toSyncError(error, what);
    }
  }

  private async renew(): Promise<string> {
    if (performance.now() - this.renewedAt < renewalPauseMs) {
      throw new SyncError('SALESFORCE_UNAUTHORIZED', 'Salesforce refuses a token it has just issued.');
    }
    await this.connection.authorize({ grant_type: 'client_credentials' });
    this.renewedAt = performance.now();
    return this.connection.accessToken ?? '';
  }
}

function parseError(body: string, status: number): unknown {
  try {
    const parsed: unknown = JSON.parse(body);
    const first: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
    if (typeof first === 'object' && first !== null && 'errorCode' in first) return first;
  } catch {
    // Not JSON: the status speaks for itself below.
  }
  return { errorCode: `ERROR_HTTP_${String(status)}`, message: body.slice(0, 200) };
}
