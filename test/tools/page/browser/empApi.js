/* global location */
import { CometD } from 'cometd';

/**
 * `lightning/empApi` on the org's own CometD, by the library that Salesforce uses too. One connection for the page; after
 * a loss it shakes hands anew by itself, and every subscription goes on behind the last event it has seen.
 */
const cometd = new CometD();
const subscriptions = new Set();
const errorListeners = new Set();
let connecting;

const channelsSeen = new Map();

cometd.registerExtension('replay', {
  outgoing(message) {
    if (message.channel === '/meta/subscribe') {
      const replay = channelsSeen.get(message.subscription) ?? -1;
      message.ext = { ...message.ext, replay: { [message.subscription]: replay } };
    }
    return message;
  },
  incoming(message) {
    const replayId = message.data?.event?.replayId;
    if (replayId !== undefined) channelsSeen.set(message.channel, replayId);
    return message;
  },
});
cometd.configure({
  url: `${location.origin}/cometd/66.0`,
  appendMessageTypeToURL: false,
  logLevel: 'error',
  // Its timers would run in a worker made of a text, which the page's policy forbids.
  useWorkerScheduler: false,
  backoffIncrement: 500,
  maxBackoff: 5_000,
});
cometd.unregisterTransport('websocket');
cometd.unregisterTransport('callback-polling');
cometd.addListener('/meta/unsuccessful', (message) => {
  // A position that is not kept any more: from here on, as if newly asked.
  if (message.channel === '/meta/subscribe') channelsSeen.delete(message.subscription);
  for (const listener of errorListeners) listener(message);
});
cometd.addListener('/meta/handshake', ({ successful }) => {
  if (successful)
    for (const each of subscriptions) each.handle = cometd.subscribe(each.channel, each.onMessage);
});

function connect() {
  connecting ??= new Promise((resolve) => cometd.handshake(() => resolve()));
  return connecting;
}

export const isEmpEnabled = async () => true;
export const setDebugFlag = () => {};
export const onError = (listener) => void errorListeners.add(listener);

export async function subscribe(channel, replayId, onMessage) {
  await connect();
  if (!channelsSeen.has(channel)) channelsSeen.set(channel, replayId);
  const subscription = { id: String(Math.random()), channel, replayId, onMessage, handle: undefined };
  await new Promise((resolve, reject) => {
    subscription.handle = cometd.subscribe(channel, onMessage, (answer) =>
      answer.successful ? resolve() : reject(new Error(answer.error ?? 'The event stream is away.')),
    );
  });
  subscriptions.add(subscription);
  return subscription;
}

export async function unsubscribe(subscription, callback) {
  subscriptions.delete(subscription);
  if (subscription.handle !== undefined) cometd.unsubscribe(subscription.handle);
  callback?.({ successful: true, channel: '/meta/unsubscribe', subscription: subscription.channel });
  return {};
}
