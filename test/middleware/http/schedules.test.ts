import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express, { type Express } from 'express';
import { pino } from 'pino';
import request from 'supertest';
import { createSystemClock } from '../../../middleware/src/adapters/clock/systemClock.ts';
import { openStore, type Store } from '../../../middleware/src/adapters/store/openStore.ts';
import { scheduleListSchema, scheduleSchema } from '../../../middleware/src/contracts/index.ts';
import { authenticate } from '../../../middleware/src/http/authenticate.ts';
import { createGuessLimit } from '../../../middleware/src/http/guessLimit.ts';
import { problemDetails } from '../../../middleware/src/http/problemDetails.ts';
import { schedulesRouter } from '../../../middleware/src/http/schedulesRouter.ts';
import { freshLocation } from '../adapters/storeLocations.ts';

const log = { warn: () => undefined, error: () => undefined };
const clock = createSystemClock({ startAt: null });
const keyOf = (scope: 'read' | 'operate') => ({
  name: scope,
  scopes: [scope],
  sha256: createHash('sha256').update(scope).digest('hex'),
});
const as = (scope: 'read' | 'operate') => ({ authorization: `Bearer ${scope}` });
const quarterHourMs = 15 * 60_000;

let store: Store;
let remove: () => Promise<void>;
let app: Express;

beforeAll(async () => {
  const fresh = await freshLocation();
  remove = fresh.remove;
  store = await openStore(fresh.location, { log, clock });
  await store.scheduleStore.schedule('A', quarterHourMs);
  app = express();
  app.use(authenticate([keyOf('read'), keyOf('operate')], createGuessLimit(100)));
  app.use(express.json());
  app.use(
    '/v1/schedules',
    schedulesRouter({
      scheduleStore: store.scheduleStore,
      clock,
      settings: { intervalsMs: { A: quarterHourMs, B: 2 * quarterHourMs } },
    }),
  );
  app.use(problemDetails(pino({ level: 'silent' })));
});
afterAll(async () => {
  await store.close();
  await remove();
});

describe('/v1/schedules', () => {
  it('shows both syncs as they are in force, and what the settings say', async () => {
    const response = await request(app).get('/v1/schedules').set(as('read')).expect(200);
    expect(scheduleListSchema.parse(response.body).items).toMatchObject([
      { sync: 'A', intervalMs: quarterHourMs, isAsDeclared: true, pause: null, lastTick: null },
      {
        sync: 'B',
        intervalMs: null,
        declaredIntervalMs: 2 * quarterHourMs,
        isAsDeclared: false,
        nextAt: null,
      },
    ]);
  });

  it('pauses and resumes a sync for a reason, by a key that may', async () => {
    const reason = 'The org is being moved.';
    const paused = await request(app)
      .post('/v1/schedules/A/pause')
      .set(as('operate'))
      .send({ reason })
      .expect(200);
    expect(scheduleSchema.parse(paused.body)).toMatchObject({
      sync: 'A',
      nextAt: null,
      pause: { by: 'operate', reason },
    });
    const resumed = await request(app)
      .post('/v1/schedules/A/resume')
      .set(as('operate'))
      .send({ reason: 'It is moved.' })
      .expect(200);
    expect(scheduleSchema.parse(resumed.body)).toMatchObject({ pause: null });
    expect(scheduleSchema.parse(resumed.body).nextAt).not.toBeNull();
  });

  it.each([
    ['/v1/schedules/A/pause', 'read', { reason: 'No scope.' }, 403],
    ['/v1/schedules/C/pause', 'operate', { reason: 'No sync.' }, 400],
    ['/v1/schedules/A/pause', 'operate', {}, 400],
    ['/v1/schedules/A/resume', 'operate', { reason: ' ' }, 400],
    ['/v1/schedules/A/pause', 'operate', { reason: 'Good.', by: 'somebody else' }, 400],
  ] as const)('refuses POST %s of a key with %s and %j with %d', async (path, scope, body, status) => {
    await request(app).post(path).set(as(scope)).send(body).expect(status);
    expect((await store.scheduleStore.readSchedules())[0]?.pause).toBeNull();
  });
});
