import { randomBytes } from 'node:crypto';
import type { EventBus, PublishedEvent } from './createEventBus.ts';
import type { BayeuxAnswer } from './bayeuxMessage.ts';

/** How long and how many. */
export interface StreamLimits {
  /** Milliseconds for which a connect without events is held. */
  readonly holdMs: number;
  /** Milliseconds after an answer in which the client must connect again. */
  readonly reconnectMs: number;
  readonly maxClients: number;
}

/**
 * Streaming API Developer Guide, "How the Client Connects": 110 and 40 seconds. The number of clients is this org's own
 * bound, far below any edition's.
 */
export const streamLimits: StreamLimits = { holdMs: 110_000, reconnectMs: 40_000, maxClients: 200 };

/** One client between its handshake and its end. It holds no event, only places in the stream. */
export interface StreamClient {
  readonly id: string;
  /** The session that it was made with: no other one may use it. */
  readonly token: string;
  /** By channel the last position that was delivered. */
  readonly places: Map<string, number>;
  /** How often it has connected: only its newest connect is answered with events. */
  connects: number;
}

/** The clients that listen. */
export interface Streams {
  readonly size: number;
  /** Takes a client; undefined when there are too many. */
  open(token: string): StreamClient | undefined;
  find(id: string, token: string): StreamClient | undefined;
  close(client: StreamClient): void;
  /** The position from which `replayFrom` begins: -1 new events, -2 all that are kept, or the last one seen. */
  placeOf(event: string, replayFrom: number): number | undefined;
  /** Puts a client at a place of a channel; what lies behind it is delivered at once. */
  listen(client: StreamClient, channel: string, place: number): void;
  /**
   * Takes the client's new events; none when it waited long enough, asked again or ended. When the signal is aborted
   * nobody is there to take them: they stay for the next connect.
   */
  take(client: StreamClient, holdMs: number, signal: AbortSignal): Promise<readonly PublishedEvent[]>;
}

export const channelOf = (event: string): string => `/event/${event}`;

/** An event as it is delivered (Platform Events Developer Guide, "Subscribe to Platform Event Notifications"). */
export function delivered({ event, payload, replayId, uuid }: PublishedEvent): BayeuxAnswer {
  return {
    channel: channelOf(event),
    data: { schema: event, payload, event: { replayId, EventUuid: uuid } },
  };
}

export function createStreams(events: EventBus, limits: StreamLimits): Streams {
  const clients = new Map<string, StreamClient>();
  const expiries = new Map<StreamClient, NodeJS.Timeout>();
  const waiting = new Map<StreamClient, () => void>();

  const pending = (client: StreamClient): PublishedEvent[] =>
    events.published.filter(({ event, replayId }) => {
      const place = client.places.get(channelOf(event));
      return place !== undefined && replayId > place;
    });
  const wake = (client: StreamClient): void => waiting.get(client)?.();
  const close = (client: StreamClient): void => {
    clients.delete(client.id);
    clearTimeout(expiries.get(client));
    expiries.delete(client);
    wake(client);
  };
  const expireLater = (client: StreamClient): void => {
    clearTimeout(expiries.get(client));
    if (clients.has(client.id)) expiries.set(client, setTimeout(close, limits.reconnectMs, client).unref());
  };
  const hold = (client: StreamClient, holdMs: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        if (waiting.get(client) === end) waiting.delete(client);
        resolve();
      };
      const timer = setTimeout(end, Math.min(holdMs, limits.holdMs)).unref();
      waiting.set(client, end);
      if (signal.aborted) end();
      else signal.addEventListener('abort', end);
    });
  events.onPublished(() => {
    for (const client of waiting.keys()) if (pending(client).length > 0) wake(client);
  });

  return {
    get size() {
      return clients.size;
    },
    open: (token) => {
      if (clients.size >= limits.maxClients) return undefined;
      const client = {
        id: randomBytes(16).toString('hex'),
        token,
        places: new Map<string, number>(),
        connects: 0,
      };
      clients.set(client.id, client);
      expireLater(client);
      return client;
    },
    find: (id, token) => {
      const client = clients.get(id);
      return client?.token === token ? client : undefined;
    },
    close,
    placeOf: (event, replayFrom) => {
      const { lastReplayId } = events;
      if (replayFrom === -1) return lastReplayId;
      if (replayFrom === -2) return 0;
      const isKept = events.published.some((kept) => kept.event === event && kept.replayId === replayFrom);
      return isKept ? replayFrom : undefined;
    },
    listen: (client, channel, place) => {
      client.places.set(channel, place);
      if (pending(client).length > 0) wake(client);
    },
    take: async (client, holdMs, signal) => {
      client.connects += 1;
      const connect = client.connects;
      wake(client);
      clearTimeout(expiries.get(client));
      if (pending(client).length === 0 && holdMs > 0) await hold(client, holdMs, signal);
      // Asked again meanwhile: the newer connect gets what there is.
      if (client.connects !== connect) return [];
      expireLater(client);
      if (signal.aborted || !clients.has(client.id)) return [];
      const events = pending(client);
      for (const { event, replayId } of events) client.places.set(channelOf(event), replayId);
      return events;
    },
  };
}
