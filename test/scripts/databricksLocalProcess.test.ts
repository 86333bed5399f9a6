import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { json, text } from 'node:stream/consumers';
import { afterEach, beforeAll, afterAll, describe, expect, it } from '@jest/globals';
import { writeBaseline } from '../../scripts/baseline/writeBaseline.ts';
import type { DatabricksLocal } from '../../scripts/databricks-local/startDatabricksLocal.ts';
import { connect, query } from './databricksLocalClient.ts';

const program = 'scripts/databricks-local/main.ts';
const started: ChildProcess[] = [];
let baseline: string;

beforeAll(async () => {
  baseline = await mkdtemp(join(tmpdir(), 'property-sync-test-'));
  await writeBaseline({ outDir: baseline, properties: 1_000 });
});
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit');
  }
});
afterAll(() => rm(baseline, { recursive: true }));

type Access = Pick<DatabricksLocal, 'host' | 'port' | 'path' | 'token' | 'clientId' | 'clientSecret'> & {
  readonly caFile: string;
};

async function start(
  ...args: string[]
): Promise<{ child: ChildProcess; access: Access; warehouse: DatabricksLocal }> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const access = JSON.parse(line) as Access;
  const caPem = await readFile(access.caFile, 'utf8');
  return { child, access, warehouse: { ...access, caPem } as unknown as DatabricksLocal };
}

async function control(
  { host, port, caPem: ca }: DatabricksLocal,
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number | undefined; body: unknown }> {
  const outgoing = request({ host, port, ca, method, path: `/__local/${path}` });
  outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(outgoing, 'response')) as [import('node:http').IncomingMessage];
  return {
    status: response.statusCode,
    body: response.statusCode === 404 ? undefined : await json(response),
  };
}

describe('databricks-local as a process', () => {
  it('says in one line where it is, holds the baseline, and leaves nothing behind', async () => {
    const { child, access, warehouse } = await start('--source-dir', baseline);
    expect(Object.keys(access)).toEqual([
      'host',
      'port',
      'path',
      'token',
      'clientId',
      'clientSecret',
      'caFile',
    ]);
    const session = await (await connect(warehouse)).openSession();
    expect(await query(session, 'select count(*) as n from rds.pg_rds_public.properties')).toEqual([
      { n: 1_000n },
    ]);
    expect(
      await query(session, 'select count(*) > 0 as is_there from crm.sfdc_dbx.product_property_w_features'),
    ).toEqual([{ is_there: true }]);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(existsSync(access.caFile)).toBe(false);
  });

  it('is told what goes wrong, and tells what was called', async () => {
    const { warehouse } = await start();
    const faults = [{ call: 'ExecuteStatement', kind: 'unavailable' }];
    expect((await control(warehouse, 'PUT', 'faults', { faults })).status).toBe(200);
    const client = await connect(warehouse);
    const session = await client.openSession();
    await expect(query(session, 'select 1 as x')).rejects.toMatchObject({ statusCode: 503 });
    expect(await query(session, 'select 1 as x')).toEqual([{ x: 1 }]);
    expect(await control(warehouse, 'GET', 'state')).toMatchObject({
      body: {
        calls: { OpenSession: 1, ExecuteStatement: 2 },
        faults: [{ hits: 1, fault: { kind: 'unavailable' } }],
        statements: ['select 1 as x', 'select 1 as x'],
        openSessions: 1,
        openOperations: 0,
      },
    });
    expect(await control(warehouse, 'POST', 'lose-sessions')).toMatchObject({ body: { openSessions: 0 } });
    expect((await control(warehouse, 'POST', 'stop', { startMs: 20 })).status).toBe(200);
    expect(await query(await client.openSession(), 'select 1 as x')).toEqual([{ x: 1 }]);
    expect((await control(warehouse, 'POST', 'revoke-tokens')).status).toBe(200);
    expect((await control(warehouse, 'PUT', 'faults', { faults: [{ call: 'x', kind: 'odd' }] })).status).toBe(
      400,
    );
    expect((await control(warehouse, 'GET', 'nothing')).status).toBe(404);
  });

  it.each([
    [['--port', 'many'], "databricks-local: --port must be a whole number from 0 to 65535, not 'many'.\n"],
    [['--source-dir', '/nowhere'], expect.stringMatching(/^databricks-local: There is neither .*\n$/)],
  ])('refuses %j with a sentence and exit code 2', async (args, sentence) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    const [said] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect({ said, code: child.exitCode }).toEqual({ said: sentence, code: 2 });
  });
});
