import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { productSchema } from './startOrg.ts';

const main = new URL('../../local-org/src/main.ts', import.meta.url).pathname;
const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

function start(...args: string[]) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => (stdout += String(data)));
  child.stderr.on('data', (data) => (stderr += String(data)));
  const exited = once(child, 'close').then(([code]) => ({ code: code as number, stdout, stderr }));
  const ready = new Promise<Record<string, string>>((resolve, reject) => {
    child.stdout.on('data', () => {
      if (stdout.includes('\n')) resolve(JSON.parse(stdout) as Record<string, string>);
    });
    child.once('close', () => reject(new Error(stderr)));
  });
  ready.catch(() => undefined);
  return { child, ready, exited };
}

describe('the program', () => {
  it('prints where it is and stops on SIGTERM', async () => {
    const { child, ready, exited } = start('--schema', productSchema, '--now', '2026-01-05T12:00:00Z');
    const access = await ready;
    expect(Object.keys(access).sort()).toEqual([
      'accessToken',
      'clientId',
      'clientSecret',
      'orgId',
      'url',
      'username',
    ]);
    const headers = { authorization: `Bearer ${access['accessToken'] ?? ''}` };
    const reply = await fetch(`${access['url'] ?? ''}/services/data/v66.0/sobjects`, { headers });
    const { sobjects } = (await reply.json()) as { sobjects: { name: string; keyPrefix: string }[] };
    const ofData = sobjects.filter(({ name }) => /__[ce]$|^(?:User|Organization)$/.test(name));
    expect(ofData.map(({ name, keyPrefix }) => [name, keyPrefix])).toEqual([
      ['Product_Property__c', 'a13'],
      ['Property__c', 'a01'],
      ['User', '005'],
      ['Organization', '00D'],
      ['Property_Sync__e', 'e00'],
    ]);
    const clock = (await (await fetch(`${access['url'] ?? ''}/__local/clock`)).json()) as { now: string };
    expect(clock.now).toMatch(/^2026-01-05T12:0/);
    child.kill('SIGTERM');
    expect((await exited).code).toBe(0);
  });

  it('refuses to start with a sentence and exit code 2', async () => {
    const { code, stdout, stderr } = await start('--port', 'many').exited;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe("local-org: --port must be a whole number from 0 to 65535, not 'many'.\n");
  });
});
