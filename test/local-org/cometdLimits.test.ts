import { describe, expect, it } from '@jest/globals';
import { createClock } from '../../local-org/src/clock.ts';
import { createEventBus } from '../../local-org/src/events/createEventBus.ts';
import { createStreams, streamLimits } from '../../local-org/src/events/createStreams.ts';
import { loadSource } from '../../local-org/src/metadata/loadSource.ts';
import { objectSchemas } from '../../local-org/src/metadata/objectSchemas.ts';
import { productSchema, until } from './startOrg.ts';

const newBus = () => createEventBus(objectSchemas(loadSource(productSchema)).events, createClock());
const open = (limits: Partial<typeof streamLimits>, bus = newBus()) =>
  createStreams(bus, { ...streamLimits, ...limits });
const nobodyLeaves = new AbortController().signal;

describe('the limits of a stream', () => {
  it('are those of Streaming API', () => {
    expect(streamLimits).toMatchObject({ holdMs: 110_000, reconnectMs: 40_000 });
  });

  it('let a connect without events end in time', async () => {
    const streams = open({ holdMs: 5 });
    const client = streams.open('token');
    if (client === undefined) throw new Error('no client');
    expect(await streams.take(client, 110_000, nobodyLeaves)).toEqual([]);
    expect(streams.find(client.id, 'token')).toBe(client);
  });

  it('forget a client that does not come back, and keep one that waits', async () => {
    const streams = open({ reconnectMs: 5 });
    const [silent, patient] = [streams.open('token'), streams.open('token')];
    if (silent === undefined || patient === undefined) throw new Error('no client');
    // Its earlier connect is answered and counts for nothing.
    const earlier = streams.take(patient, 60_000, nobodyLeaves);
    const held = streams.take(patient, 60_000, nobodyLeaves);
    expect(await earlier).toEqual([]);
    const later = streams.open('token');
    await until(() => streams.find(later?.id ?? '', 'token') === undefined);
    await until(() => streams.find(silent.id, 'token') === undefined);
    expect(streams.find(patient.id, 'token')).toBe(patient);
    streams.close(patient);
    expect(await held).toEqual([]);
    expect(streams.size).toBe(0);
  });

  it('keep the events of a client that left before it had them', async () => {
    const bus = newBus();
    const streams = open({}, bus);
    const client = streams.open('token');
    const [object] = bus.objects;
    if (client === undefined || object === undefined) throw new Error('no client');
    streams.listen(client, '/event/Property_Sync__e', 0);
    const event = { Group_Key__c: 'g', Resync_ID__c: 'r', State__c: 'running' };
    bus.publish(object, { ...event, Occurred_At__c: '2026-01-05T12:00:00Z' }, '005');
    expect(await streams.take(client, 60_000, AbortSignal.abort())).toEqual([]);
    expect(await streams.take(client, 60_000, nobodyLeaves)).toHaveLength(1);
  });

  it('take no more clients than they say', () => {
    const streams = open({ maxClients: 2 });
    const first = streams.open('token');
    streams.open('token');
    expect(streams.open('token')).toBeUndefined();
    if (first !== undefined) streams.close(first);
    expect(streams.open('token')).toBeDefined();
  });
});
