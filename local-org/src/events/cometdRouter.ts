import { Router, type Response } from 'express';
import { bearerToken } from '../auth/bearerToken.ts';
import { ok, type Answer } from '../http/answer.ts';
import { withFaults } from '../http/withFaults.ts';
import type { Org } from '../org.ts';
import { isKnownVersion } from '../rest/resources.ts';
import {
  accepted,
  bayeuxRequest,
  refused,
  type Advice,
  type BayeuxAnswer,
  type BayeuxMessage,
} from './bayeuxMessage.ts';
import {
  channelOf,
  createStreams,
  delivered,
  streamLimits,
  type StreamClient,
  type StreamLimits,
} from './createStreams.ts';

/** Whose request it is, and whether it still waits for its answer. */
interface Caller {
  readonly token: string;
  readonly signal: AbortSignal;
}

const stopTrying: Advice = { reconnect: 'none', interval: 0 };
const shakeHands: Advice = { reconnect: 'handshake', interval: 0 };

/**
 * Streaming API: the org's platform events by the Bayeux protocol over long polling, `POST /cometd/{version}`. Messages
 * and their wording are those of the Streaming API Developer Guide ("Handling Streaming API Errors", "Streaming API Error
 * Codes"); what no page shows is marked below. Calls are not counted against the daily allowance [believed].
 */
export function cometdRouter(org: Org, limits: StreamLimits = streamLimits): Router {
  const streams = createStreams(org.events, limits);
  const advice: Advice = { reconnect: 'retry', interval: 0, timeout: limits.holdMs };

  function shake(message: BayeuxMessage, { token }: Caller): BayeuxAnswer[] {
    const types = message.supportedConnectionTypes ?? [];
    if (!types.includes('long-polling'))
      return [refused(message, { error: `400::Invalid connection type ${types.join(', ')}` })];
    const client = streams.open(token);
    // The wording is believed: "Organization concurrent user limit exceeded" is documented, its code too.
    if (client === undefined)
      return [
        refused(message, { error: '403::Organization concurrent user limit exceeded', advice: stopTrying }),
      ];
    return [
      accepted(message, {
        clientId: client.id,
        version: '1.0',
        minimumVersion: '1.0',
        supportedConnectionTypes: ['long-polling'],
        ext: { replay: true, 'payload.format': true },
        advice,
      }),
    ];
  }

  async function connect(
    message: BayeuxMessage,
    client: StreamClient,
    { signal }: Caller,
  ): Promise<BayeuxAnswer[]> {
    const events = await streams.take(client, message.advice?.timeout ?? limits.holdMs, signal);
    // Disconnected, or silent for too long.
    if (streams.find(client.id, client.token) === undefined)
      return [refused(message, { error: '403::Unknown client', advice: stopTrying })];
    return [...events.map(delivered), accepted(message, { advice })];
  }

  function subscribe(message: BayeuxMessage, client: StreamClient): BayeuxAnswer[] {
    return listOf(message).map((subscription) => {
      const event = org.events.objects.find(({ name }) => channelOf(name) === subscription)?.name;
      if (event === undefined) {
        const error = `400::The channel you requested to subscribe to does not exist {${subscription}}`;
        return refused(message, { error });
      }
      const replay = message.ext?.replay;
      const replayFrom = (typeof replay === 'object' ? replay[subscription] : undefined) ?? -1;
      const place = streams.placeOf(event, replayFrom);
      if (place === undefined) {
        const error = `400::The replayId {${replayFrom}} you provided was invalid.  Please provide a valid ID, -2 to replay all events, or -1 to replay only new events.`;
        return refused(message, { error });
      }
      streams.listen(client, subscription, place);
      return accepted(message, { subscription });
    });
  }

  function unsubscribe(message: BayeuxMessage, client: StreamClient): BayeuxAnswer[] {
    return listOf(message).map((subscription) => {
      client.places.delete(subscription);
      return accepted(message, { subscription });
    });
  }

  async function answer(message: BayeuxMessage, caller: Caller): Promise<BayeuxAnswer[]> {
    if (message.channel === '/meta/handshake') return shake(message, caller);
    const client = streams.find(message.clientId ?? '', caller.token);
    if (client === undefined) return [unknownClient(message)];
    switch (message.channel) {
      case '/meta/connect':
        return connect(message, client, caller);
      case '/meta/subscribe':
        return subscribe(message, client);
      case '/meta/unsubscribe':
        return unsubscribe(message, client);
      case '/meta/disconnect':
        streams.close(client);
        return [accepted(message)];
      default:
        // Nobody publishes by CometD: platform events are created by REST [the wording is believed].
        return [refused(message, { error: `403::Cannot publish on ${message.channel}` })];
    }
  }

  async function answerAll(
    messages: readonly BayeuxMessage[],
    response: Response,
    token: string | undefined,
  ): Promise<BayeuxAnswer[]> {
    if (token === undefined || org.sessions.findUser(token) === undefined)
      return messages.map((message) => unauthenticated(message, token));
    const left = new AbortController();
    response.once('close', () => left.abort());
    const answers: BayeuxAnswer[] = [];
    // In their order: a subscribe counts for the connect that follows it.
    for (const message of messages) answers.push(...(await answer(message, { token, signal: left.signal })));
    return answers;
  }

  const router = Router();
  router.post('/cometd/:version', async (request, response) => {
    const token = bearerToken(request);
    await withFaults(org, { request, response, token }, async () => {
      if (!isKnownVersion(`v${request.params.version}`))
        return unreadable("Unsupported API version. URI format: '/cometd/66.0'");
      const { success, data } = bayeuxRequest.safeParse(request.body);
      if (!success) return unreadable('The body is no Bayeux message.');
      return ok(await answerAll(data, response, token));
    });
  });
  return router;
}

function unreadable(text: string): Answer {
  return { status: 400, body: text, headers: { 'content-type': 'text/plain' } };
}

function unknownClient(message: BayeuxMessage): BayeuxAnswer {
  return refused(message, { error: '403::Unknown client', advice: shakeHands });
}

function unauthenticated(message: BayeuxMessage, token: string | undefined): BayeuxAnswer {
  const reason = token === undefined ? '401::Request requires authentication' : '401::Authentication invalid';
  if (message.channel !== '/meta/handshake') return refused(message, { error: reason, advice: stopTrying });
  return {
    ...refused(message, { error: '403::Handshake denied', advice: stopTrying }),
    ext: { sfdc: { failureReason: reason }, replay: true },
  };
}

const listOf = ({ subscription = [] }: BayeuxMessage): readonly string[] => [subscription].flat();
