import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import type { AppDeps } from '../../../middleware/src/app.ts';
import { scopes, type Scope } from '../../../middleware/src/contracts/index.ts';
import { defaultSourceNames } from '../../../middleware/src/planning/sourceContract.ts';
import type { Bench, Engine } from '../../integration/engine.ts';

export const hash = (key: string): string => createHash('sha256').update(key).digest('hex');
/** The key whose only scope this is. */
export const keyOf = (scope: Scope): string => `${scope}-key-for-tests`;
export const bearer = (key: string): { authorization: string } => ({ authorization: `Bearer ${key}` });
/** The headers of a caller with this scope and no other. */
export const as = (scope: Scope): { authorization: string } => bearer(keyOf(scope));
/** A new Idempotency-Key, as a header. */
export const newKey = (): { 'idempotency-key': string } => ({ 'idempotency-key': uuidv7() });

/** What an app has logged as an error. */
export interface ErrorLog {
  readonly lines: string[];
}

const many = 1_000_000;

/** What the app of a service is made of: one key of each scope, named as its scope, and no limit in the way. */
export function appDeps(
  bench: Bench,
  engine: Engine,
  overrides: Partial<AppDeps> = {},
): AppDeps & { errorLog: ErrorLog } {
  const errorLog: ErrorLog = { lines: [] };
  const log = new Writable({
    write(line: Buffer, _encoding, done) {
      errorLog.lines.push(line.toString());
      done();
    },
  });
  return {
    ...engine.deps,
    settings: {
      ...engine.deps.settings,
      sourceNames: defaultSourceNames,
      isKeyUniqueRequired: false,
      intervalsMs: { A: 900_000, B: 1_800_000 },
    },
    resyncStore: bench.resyncStore,
    scheduleStore: bench.scheduleStore,
    logger: pino({ level: 'error' }, log),
    apiKeys: scopes.map((scope) => ({ name: scope, scopes: [scope], sha256: hash(keyOf(scope)) })),
    rateLimits: {
      requestsPerKey: many,
      resyncsPerUser: many,
      failuresPerAddress: many,
      openRequestsPerAddress: many,
    },
    trustedProxyHops: 0,
    memoryPeaks: () => ({ heapMb: 1, rssMb: 2 }),
    errorLog,
    ...overrides,
  };
}
