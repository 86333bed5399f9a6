import { execFile } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startOrg, type RunningOrg } from '../../local-org/startOrg.ts';
import { openSf, pluginRoot, type Sf } from './sf.ts';

// What a customer gets: the packed plugin, installed by the CLI from a registry into a home that knows nothing of us.
/** How this machine reaches a registry. */
const way = [
  'NODE_EXTRA_CA_CERTS',
  'HTTPS_PROXY',
  'https_proxy',
  'NO_PROXY',
  'no_proxy',
  'npm_config_registry',
];
const network = Object.fromEntries(
  way.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }),
);

let sf: Sf;
let org: RunningOrg;

beforeAll(async () => {
  [sf, org] = await Promise.all([openSf({ isLinked: false }), startOrg({ schemaDir: null })]);
  await sf.login({ url: org.url, accessToken: await org.tokenOf('admin') }, 'empty');
});
afterAll(() => Promise.all([sf.remove(), org.stop()]));

it('installs on a clean home without a server or a warehouse driver, and deploys what it brings', async () => {
  const { stdout } = await promisify(execFile)(
    'npm',
    ['pack', '--ignore-scripts', '--silent', '--pack-destination', sf.home],
    { cwd: pluginRoot },
  );
  const spec = `file:${path.join(sf.home, stdout.trim())}`;
  const allowList = path.join(sf.home, '.config/sf/unsignedPluginAllowList.json');
  await mkdir(path.dirname(allowList), { recursive: true });
  await writeFile(allowList, JSON.stringify([spec]));
  const installed = await sf.run(['plugins', 'install', spec], { env: network, timeoutMs: 240_000 });
  expect(installed).toMatchObject({ exitCode: 0 });

  const modules = path.join(sf.home, '.local/share/sf/node_modules');
  const names = [...(await readdir(modules)), ...(await readdir(path.join(modules, '@salesforce')))];
  expect(names).toContain('source-deploy-retrieve');
  const servers = ['express', 'jsforce', 'pg', 'pg-boss', '@duckdb', '@databricks', '@electric-sql'];
  expect(names.filter((name) => servers.includes(name))).toEqual([]);

  const deployed = await sf.run(['sync', 'deploy', '--with-objects', '--json']);
  expect(deployed.json()).toMatchObject({
    status: expect.any(Number),
    result: { status: 'Succeeded', problems: [] },
  });
  expect((await org.api('GET', '/sobjects/Product_Property__c/describe')).status).toBe(200);
}, 300_000);
