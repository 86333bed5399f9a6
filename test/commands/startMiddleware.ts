import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { januaryNow, leastProperties } from '../../scripts/baseline/january.ts';
import { writeBaseline } from '../../scripts/baseline/writeBaseline.ts';
import { copyEmptyStore } from '../../scripts/demo/copyEmptyStore.ts';
import { startProgram } from '../../scripts/demo/startProgram.ts';
import { productSchema, startOrg, type RunningOrg } from '../local-org/startOrg.ts';

/** A middleware as a process of its own, an org on localhost and the smallest January baseline. */
export interface RunningMiddleware {
  readonly url: string;
  /** Keys by what they may do. */
  readonly keys: { readonly admin: string; readonly read: string };
  readonly org: RunningOrg;
  stop(): Promise<void>;
}

export async function startMiddleware({
  port = 0,
  properties = leastProperties,
}: { port?: number; properties?: number } = {}): Promise<RunningMiddleware> {
  const directory = await mkdtemp(join(tmpdir(), 'property-sync-verbs-'));
  const baseline = join(directory, 'baseline');
  await writeBaseline({ outDir: baseline, properties });
  await copyEmptyStore(join(directory, 'data', 'store'));
  const org = await startOrg({
    schemaDir: productSchema,
    seedDir: baseline,
    startMs: Date.parse(januaryNow),
    fieldOverlays: { 'Product_Property__c.RDS_Property_ID__c': { unique: false } },
  });
  const keys = { admin: 'key-of-an-admin-for-verbs', read: 'key-of-a-reader-for-verbs' };
  const entry = (name: keyof typeof keys): string =>
    `${name}:${name}:${createHash('sha256').update(keys[name]).digest('hex')}`;
  const program = await startProgram<{ url: string }>('The middleware', 'middleware/src/server.ts', {
    environment: {
      HOST: '127.0.0.1',
      PORT: String(port),
      LOG_LEVEL: 'warn',
      DATA_DIR: join(directory, 'data'),
      DATABASE_URL: '',
      PROPERTY_SYNC_API_KEYS: `${entry('admin')},${entry('read')}`,
      SALESFORCE_LOGIN_URL: org.url,
      SALESFORCE_CLIENT_ID: org.clientId,
      SALESFORCE_CLIENT_SECRET: org.clientSecret,
      SALESFORCE_POLL_INTERVAL_MS: '100',
      WAREHOUSE_SOURCE_DIR: baseline,
      BUSINESS_CLOCK_START: januaryNow,
      PROPERTY_SYNC_SETTINGS: 'scripts/demo/settings.yaml',
    },
  });
  return {
    url: program.ready.url.replace(/\/$/, ''),
    keys,
    org,
    async stop() {
      await program.stop();
      await org.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
