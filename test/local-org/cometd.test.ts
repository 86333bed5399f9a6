import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import jsforce from 'jsforce';
import streaming from 'jsforce/lib/api/streaming.js';
import { productSchema, startOrg, type RunningOrg } from './startOrg.ts';

const channel = '/event/Property_Sync__e';
const event = {
  Group_Key__c: 'a01ZZ000001PKndYAG',
  Resync_ID__c: '019b8e5c-0000-7000-8000-000000000000',
  State__c: 'running',
  Occurred_At__c: '2026-01-05T12:00:01.000Z',
};

interface Message {
  readonly channel: string;
  readonly id?: string;
  readonly clientId?: string;
  readonly successful?: boolean;
  readonly error?: string;
  readonly advice?: { reconnect: string; interval: number; timeout?: number };
  readonly ext?: object;
  readonly data?: { payload: Record<string, unknown>; event: { replayId: number; EventUuid: string } };
}

let org: RunningOrg;
beforeAll(async () => {
  org = await startOrg({ schemaDir: productSchema });
});
beforeEach(() => org.control('POST', '/reset'));
afterAll(() => org.stop());

const publish = (more: object = {}) => org.api('POST', '/sobjects/Property_Sync__e', { ...event, ...more });

async function post(
  message: unknown,
  { token = org.accessToken, signal }: { token?: string | null; signal?: AbortSignal } = {},
): Promise<Message[]> {
  const response = await fetch(`${org.url}/cometd/66.0`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(message),
    ...(signal && { signal }),
  });
  return (await response.json()) as Message[];
}

async function shakeHands(token = org.accessToken): Promise<string> {
  const message = { channel: '/meta/handshake', version: '1.0', supportedConnectionTypes: ['long-polling'] };
  const [answer] = await post([message], { token });
  if (answer?.clientId === undefined) throw new Error(JSON.stringify(answer));
  return answer.clientId;
}

/** A client that listens from a place of the stream on. */
async function listen(replayFrom = -1): Promise<string> {
  const clientId = await shakeHands();
  const ext = { replay: { [channel]: replayFrom } };
  const [answer] = await post([{ channel: '/meta/subscribe', clientId, subscription: channel, ext }]);
  expect(answer).toMatchObject({ successful: true, subscription: channel });
  return clientId;
}

const connect = (
  clientId: string,
  more: object = {},
  options: { token?: string; signal?: AbortSignal } = {},
) =>
  post([{ channel: '/meta/connect', clientId, connectionType: 'long-polling', id: '7', ...more }], options);
/** A connect that waits for nothing. */
const poll = (clientId: string) => connect(clientId, { advice: { timeout: 0 } });
const states = (messages: readonly Message[]) =>
  messages.flatMap(({ data }) => (data === undefined ? [] : [data.payload['State__c']]));

/** Faye has no types. */
const leave = (client: unknown): void => (client as { disconnect(): void }).disconnect();

describe('the real streaming client of jsforce', () => {
  it('hears every event, from the place it asks for, and says goodbye', async () => {
    await publish({ State__c: 'before' });
    const connection = await org.connect();
    const client = new streaming.Streaming(connection).createClient([
      new streaming.StreamingExtension.Replay(channel, -2),
    ]);
    const heard: unknown[] = [];
    const three = Promise.withResolvers<undefined>();
    await client.subscribe(channel, ({ payload }: { payload: Record<string, unknown> }) => {
      heard.push(payload['State__c']);
      if (heard.length === 3) three.resolve(undefined);
    });
    await publish({ State__c: 'running' });
    await publish({ State__c: 'succeeded' });
    await three.promise;
    expect(heard).toEqual(['before', 'running', 'succeeded']);
    leave(client);
  });

  it('is told that its session has ended', async () => {
    const connection = new jsforce.Connection({
      instanceUrl: org.url,
      accessToken: 'ended',
      version: '66.0',
    });
    const failure = Promise.withResolvers<unknown>();
    const client = new streaming.Streaming(connection).createClient([
      new streaming.StreamingExtension.AuthFailure(failure.resolve),
    ]);
    void client.subscribe(channel, () => undefined);
    expect(await failure.promise).toMatchObject({
      channel: '/meta/handshake',
      error: '403::Handshake denied',
      ext: { sfdc: { failureReason: '401::Authentication invalid' } },
    });
    leave(client);
  });
});

describe('Streaming API', () => {
  it('answers handshake and connect with what a client needs to know', async () => {
    const handshake = { channel: '/meta/handshake', supportedConnectionTypes: ['long-polling'], id: '1' };
    const [answer] = await post([handshake]);
    expect(answer).toMatchObject({
      channel: '/meta/handshake',
      id: '1',
      successful: true,
      version: '1.0',
      supportedConnectionTypes: ['long-polling'],
      ext: { replay: true },
      clientId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(await poll(answer?.clientId ?? '')).toEqual([
      {
        channel: '/meta/connect',
        id: '7',
        clientId: answer?.clientId,
        successful: true,
        advice: { reconnect: 'retry', interval: 0, timeout: 110_000 },
      },
    ]);
  });

  it('delivers an event to a connect that is held, whole, with its position', async () => {
    const clientId = await listen();
    const held = connect(clientId);
    await publish();
    const [message, answer] = await held;
    expect(message).toMatchObject({
      channel,
      data: { payload: event, event: { replayId: expect.any(Number), EventUuid: expect.any(String) } },
    });
    expect(answer).toMatchObject({ channel: '/meta/connect', successful: true });
    expect(await poll(clientId)).toHaveLength(1);
  });

  it('begins where the subscriber asks: new events, all that are kept, or after one it has seen', async () => {
    for (const State__c of ['a', 'b', 'c']) await publish({ State__c });
    expect(states(await poll(await listen(-1)))).toEqual([]);
    const all = await poll(await listen(-2));
    expect(states(all)).toEqual(['a', 'b', 'c']);
    expect(states(await poll(await listen(all[0]?.data?.event.replayId)))).toEqual(['b', 'c']);
  });

  it('delivers what is kept to a connect that is held already', async () => {
    await publish();
    const clientId = await shakeHands();
    const held = connect(clientId);
    const ext = { replay: { [channel]: -2 } };
    await post([{ channel: '/meta/subscribe', clientId, subscription: channel, ext }]);
    expect(states(await held)).toEqual(['running']);
  });

  it('keeps for the next connect what nobody was there to take', async () => {
    const clientId = await listen();
    const left = new AbortController();
    const held = connect(clientId, {}, { signal: left.signal });
    left.abort();
    await expect(held).rejects.toThrow();
    await publish();
    expect(states(await poll(clientId))).toEqual(['running']);
  });

  it('answers an earlier connect of the same client and delivers to the newest alone', async () => {
    const clientId = await listen();
    const earlier = connect(clientId);
    const newer = connect(clientId, { id: '8' });
    // Whichever of the two arrives second is held.
    const first = await Promise.race([earlier, newer]);
    expect(states(first)).toEqual([]);
    await publish();
    expect([...states(await earlier), ...states(await newer)]).toEqual(['running']);
  });

  it.each([
    [
      '/event/Nothing__e',
      -1,
      '400::The channel you requested to subscribe to does not exist {/event/Nothing__e}',
    ],
    [
      '/topic/Properties',
      -1,
      '400::The channel you requested to subscribe to does not exist {/topic/Properties}',
    ],
    [channel, 4711, expect.stringMatching(/^400::The replayId \{4711\} you provided was invalid/)],
  ])('refuses a subscription to %s from %d', async (subscription, replayFrom, error) => {
    const clientId = await shakeHands();
    const ext = { replay: { [subscription]: replayFrom } };
    expect(await post([{ channel: '/meta/subscribe', clientId, subscription, ext }])).toMatchObject([
      { successful: false, error },
    ]);
  });

  it('delivers nothing after unsubscribe', async () => {
    const clientId = await listen();
    await post([{ channel: '/meta/unsubscribe', clientId, subscription: channel }]);
    await publish();
    expect(states(await poll(clientId))).toEqual([]);
  });

  it('knows no client after its disconnect, and ends its connect that is held', async () => {
    const clientId = await listen();
    const held = connect(clientId);
    expect(await post([{ channel: '/meta/disconnect', clientId }])).toMatchObject([{ successful: true }]);
    expect(await held).toMatchObject([{ successful: false, advice: { reconnect: 'none' } }]);
    expect(await poll(clientId)).toMatchObject([
      { successful: false, error: '403::Unknown client', advice: { reconnect: 'handshake' } },
    ]);
  });

  it('knows a client in the session alone that made it', async () => {
    const clientId = await listen();
    const token = await org.tokenOf('admin');
    expect(await connect(clientId, {}, { token })).toMatchObject([{ error: '403::Unknown client' }]);
  });

  it('tells a client whose session has ended to try no more', async () => {
    const token = await org.tokenOf('admin');
    const clientId = await shakeHands(token);
    await org.control('DELETE', '/tokens');
    expect(await connect(clientId, {}, { token })).toMatchObject([
      { channel: '/meta/connect', error: '401::Authentication invalid', advice: { reconnect: 'none' } },
    ]);
    expect(await post({ channel: '/meta/handshake' }, { token: null })).toMatchObject([
      { ext: { sfdc: { failureReason: '401::Request requires authentication' } } },
    ]);
    await org.stop();
    org = await startOrg({ schemaDir: productSchema });
  });

  it('publishes nothing that a client sends', async () => {
    const clientId = await listen();
    expect(await post([{ channel, clientId, data: event }])).toMatchObject([{ successful: false }]);
    expect(states(await poll(clientId))).toEqual([]);
  });

  it.each(['web socket', 'no message', 'version'])('refuses what it cannot read: %s', async (what) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${org.accessToken}` };
    const send = (path: string, body: unknown) =>
      fetch(`${org.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (what === 'web socket') {
      const message = { channel: '/meta/handshake', supportedConnectionTypes: ['websocket'] };
      expect(await post([message])).toMatchObject([
        { successful: false, error: '400::Invalid connection type websocket' },
      ]);
    } else if (what === 'no message')
      expect((await send('/cometd/66.0', [{ no: 'channel' }])).status).toBe(400);
    else expect((await send('/cometd/1.0', [])).status).toBe(400);
  });

  it('meets the faults that are planted', async () => {
    await org.control('PUT', '/faults', {
      rules: [{ kind: 'unavailable', match: { path: '^/cometd/' }, times: 1 }],
    });
    await expect(shakeHands()).rejects.toThrow('SERVER_UNAVAILABLE');
    expect(await shakeHands()).toEqual(expect.any(String));
  });

  it('lets nobody wait when the org stops', async () => {
    const other = await startOrg({ schemaDir: productSchema });
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${other.accessToken}` };
    const send = (message: object) =>
      fetch(`${other.url}/cometd/66.0`, { method: 'POST', headers, body: JSON.stringify(message) });
    const [answer] = (await (
      await send({ channel: '/meta/handshake', supportedConnectionTypes: ['long-polling'] })
    ).json()) as Message[];
    const held = send({ channel: '/meta/connect', clientId: answer?.clientId });
    const ended = expect(held).rejects.toThrow();
    await other.stop();
    await ended;
  });
});
