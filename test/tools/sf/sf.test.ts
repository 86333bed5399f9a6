import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { productSchema, startOrg, type RunningOrg } from '../../local-org/startOrg.ts';
import { openSf, type Sf } from './sf.ts';

let sf: Sf;
let org: RunningOrg;

beforeAll(async () => {
  [sf, org] = await Promise.all([openSf(), startOrg({ schemaDir: productSchema })]);
});
afterAll(() => Promise.all([sf.remove(), org.stop()]));

it('logs in to the local org and lists the verbs of the plugin', async () => {
  await sf.login(org, 'local');
  const display = (await sf.run(['org', 'display', '--json'])).json<{
    username: string;
    connectedStatus: string;
  }>();
  expect(display.result).toMatchObject({ username: org.username, connectedStatus: 'Connected' });
  const help = await sf.run(['sync', '--help']);
  expect(help).toMatchObject({ exitCode: 0, stderr: '' });
  expect(help.stdout).toContain('sync status');
});
