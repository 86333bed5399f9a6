/** Salesforce's stub has no events: this one keeps who listens, and lets a test publish and break the stream. */
const subscribers = new Map();
let errorHandler;
let subscriptionCount = 0;

export const isEmpEnabled = jest.fn(async () => true);
export const onError = jest.fn((handler) => {
  errorHandler = handler;
});
export const subscribe = jest.fn(async (channel, replayId, onMessage) => {
  subscriptionCount += 1;
  const subscription = { id: `subscription-${subscriptionCount}`, channel, replayId };
  subscribers.set(subscription.id, { channel, onMessage });
  return subscription;
});
export const unsubscribe = jest.fn(async (subscription, callback) => {
  subscribers.delete(subscription.id);
  callback({});
  return {};
});

export const publish = (channel, payload) => {
  for (const subscriber of [...subscribers.values()])
    if (subscriber.channel === channel)
      subscriber.onMessage({ channel, data: { payload, event: { replayId: 1 } } });
};
export const breakStream = () => errorHandler?.({ error: 'the stream is lost' });
export const subscriberCount = () => subscribers.size;
export const forgetSubscribers = () => subscribers.clear();
