import jsforce from 'jsforce';
import pRetry from 'p-retry';
import { SyncError } from '../../errors.ts';
import { FetchTransport } from './fetchTransport.ts';
import { loginGrant, type SalesforceLogin } from './loginGrant.ts';
import { toLoginError } from './loginRefusals.ts';
import { readBody } from './readBody.ts';
import { toSyncError } from './salesforceErrors.ts';

export interface SalesforceSettings {
  /** Where tokens are asked for: the org's own address, e.g. `https://example.my.salesforce.com`. */
  readonly loginUrl: string;
  readonly login: SalesforceLogin;
  readonly apiVersion: string;
  /** Longest wait for one answer; for a stream, longest time in which nothing more comes. */
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

/** A stream of bytes and the header that says where the next page begins. */
export interface ByteStream {
  readonly body: AsyncIterable<Uint8Array>;
  readonly locator: string | null;
}

/** So many refused tokens in a row, each just issued, mean that another one will not help. */
const maxRefusedTokens = 2;
const uploadTimeoutMs = 30 * 60_000;

/**
 * One authenticated session with an org through jsforce, by client credentials or a signed assertion (no password is
 * involved). A refused token is renewed and the request repeated; every other failure leaves as a `SyncError`.
 */
export class SalesforceSession {
  readonly connection: jsforce.Connection;
  private readonly settings: SalesforceSettings;
  private refusedTokens = 0;
  private renewalError: SyncError | null = null;

  constructor(settings: SalesforceSettings) {
    this.settings = settings;
    this.connection = new jsforce.Connection({
      loginUrl: settings.loginUrl,
      instanceUrl: settings.loginUrl,
      version: settings.apiVersion,
      oauth2: {
        loginUrl: settings.loginUrl,
        ...('clientSecret' in settings.login && {
          clientId: settings.login.clientId,
          clientSecret: settings.login.clientSecret,
        }),
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
    const transport = new FetchTransport(settings.timeoutMs, (status) => {
      if (status !== 401) this.refusedTokens = 0;
    });
    this.connection._transport = transport;
    // Token requests answer by their own rules: a success there does not show that the token is good.
    this.connection.oauth2._transport = new FetchTransport(settings.timeoutMs, () => undefined);
  }

  /** Sends a request whose repetition is harmless: tried again on lost answers, 429 and 5xx, with jitter. */
  async read<Answer>(request: SalesforceRequest): Promise<Answer> {
    return this.repeat(() => this.send<Answer>(request));
  }

  /** Sends a request exactly once. SALESFORCE_UNAVAILABLE from here means: the outcome is unknown. */
  async write<Answer>(request: SalesforceRequest): Promise<Answer> {
    return this.send<Answer>(request);
  }

  /** Opens a result as a stream of bytes: jsforce would hold it in memory as a whole. */
  async openStream(path: string, what: string): Promise<ByteStream> {
    return this.repeat(async () => {
      const response = await this.fetchWithToken(path, what, {
        headers: { accept: 'text/csv' },
        signal: AbortSignal.timeout(this.settings.timeoutMs),
      });
      return {
        body: readBody(response, { idleTimeoutMs: this.settings.timeoutMs, what }),
        locator: response.headers.get('sforce-locator'),
      };
    });
  }

  /**
   * Sends a file as a stream, once. If the source of the text fails, its error is thrown and the file is not complete.
   */
  async uploadText(path: string, text: AsyncIterable<string>, what: string): Promise<void> {
    const failure: { source?: unknown } = {};
    async function* watched(): AsyncIterable<Uint8Array> {
      try {
        for await (const part of text) yield Buffer.from(part);
      } catch (error) {
        failure.source = error;
        throw error;
      }
    }
    try {
      const response = await this.fetchWithToken(path, what, {
        method: 'PUT',
        headers: { 'content-type': 'text/csv' },
        body: ReadableStream.from(watched()),
        duplex: 'half',
        signal: AbortSignal.timeout(uploadTimeoutMs),
      });
      await response.body?.cancel();
    } catch (error) {
      throw 'source' in failure ? failure.source : error;
    }
  }

  /**
   * Whose session it is, as the login said: the token answer names organization and user in its field `id` (Salesforce
   * Help, "OAuth 2.0 Client Credentials Flow").
   */
  async identity(): Promise<{ userId: string; organizationId: string }> {
    await this.ensureToken('asking whose session it is');
    const { userInfo } = this.connection;
    if (userInfo == null) {
      throw new SyncError('SALESFORCE_UNAUTHORIZED', 'The login did not say whose session it is.');
    }
    return { userId: userInfo.id, organizationId: userInfo.organizationId };
  }

  usage(): { used: number; limit: number } | null {
    return this.connection.limitInfo.apiUsage ?? null;
  }

  private async repeat<Answer>(attempt: () => Promise<Answer>): Promise<Answer> {
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
      return await this.connection.request<Answer>({
        method,
        url: `/services/data/v${this.settings.apiVersion}${path}`,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
    } catch (error) {
      // jsforce keeps only the text of an error that ended a renewal.
      throw this.takeRenewalError() ?? toSyncError(error, what);
    }
  }

  /** One request by fetch with jsforce's session. A body that is a stream cannot be sent twice: then a 401 is thrown. */
  private async fetchWithToken(path: string, what: string, init: RequestInit): Promise<Response> {
    await this.ensureToken(what);
    let response = await this.fetchOnce(path, what, init);
    if (response.status === 401) {
      await response.body?.cancel();
      await this.renewOrThrow(what);
      if (init.body != null) {
        throw new SyncError(
          'SALESFORCE_UNAVAILABLE',
          `The session had ended while ${what}; it has been renewed.`,
        );
      }
      response = await this.fetchOnce(path, what, init);
    }
    // A token that is refused here too is told below, and not counted against whoever asks next.
    this.refusedTokens = 0;
    if (response.ok) return response;
    throw toSyncError(parseError(await response.text(), response.status), what);
  }

  private async fetchOnce(path: string, what: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${this.connection.accessToken ?? ''}`);
    const url = `${this.connection.instanceUrl}/services/data/v${this.settings.apiVersion}${path}`;
    try {
      return await fetch(url, { ...init, headers });
    } catch (error) {
      throw toSyncError(error, what);
    }
  }

  private takeRenewalError(): SyncError | null {
    const error = this.renewalError;
    this.renewalError = null;
    return error;
  }

  /** Logs in if nobody has yet. */
  private async ensureToken(what: string): Promise<void> {
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

  /** Called when there is no token or the org refused it. */
  private async renew(): Promise<string> {
    try {
      if (this.refusedTokens >= maxRefusedTokens) {
        // Whoever asks later logs in afresh: what the org refuses now it may take then.
        this.refusedTokens = 0;
        throw new SyncError('SALESFORCE_UNAUTHORIZED', 'Salesforce refuses a token that it has just issued.');
      }
      if (this.connection.accessToken) this.refusedTokens += 1;
      await this.connection.authorize(await loginGrant(this.settings.login));
      this.renewalError = null;
      return this.connection.accessToken ?? '';
    } catch (error) {
      this.renewalError = toSyncError(toLoginError(error), 'the login');
      throw this.renewalError;
    }
  }
}

function parseError(body: string, status: number): unknown {
  try {
    const parsed: unknown = JSON.parse(body);
    const first: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
    if (status < 500 && typeof first === 'object' && first !== null && 'errorCode' in first) return first;
  } catch {
    // Not JSON: the status speaks for itself below.
  }
  return { errorCode: `ERROR_HTTP_${String(status)}`, message: body.slice(0, 200) };
}
