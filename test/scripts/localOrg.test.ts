import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { OrgClient, type LocalOrg } from '../../scripts/demo/orgClient.ts';

const started: ChildProcess[] = [];

afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit');
  }
});

function start(...args: string[]): { child: ChildProcess; lines: string[]; ready: Promise<LocalOrg> } {
  const child = spawn(process.execPath, ['scripts/local-org.ts', ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  return { child, lines, ready: once(reader, 'line').then(([line]) => JSON.parse(String(line)) as LocalOrg) };
}

const seedDirectories = async (): Promise<string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith('property-sync-org-'));

describe('npm run local-org', () => {
  it('starts an empty org and says in one line where it is', async () => {
    const { child, lines, ready } = start('--port', '0');
    const access = await ready;
    expect(Object.keys(access).sort()).toEqual([
      'accessToken',
      'clientId',
      'clientSecret',
      'orgId',
      'url',
      'username',
    ]);
    expect(await new OrgClient(access).count('Product_Property__c')).toBe(0);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(lines).toHaveLength(1);
  });

  // Twenty thousand properties are generated and read.
  it('holds the January rows at their business time, and leaves nothing behind', async () => {
    const before = await seedDirectories();
    const { child, ready } = start('--seed=january', '--port', '0');
    const access = await ready;
    const org = new OrgClient(access);
    expect(await org.count('Product_Property__c')).toBe(18_022);
    expect(await org.count('Property__c')).toBe(13_615);
    const clock = (await (await fetch(`${access.url}/__local/clock`)).json()) as { now: string };
    expect(clock.now).toMatch(/^2026-01-05T12:0/);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect((await seedDirectories()).filter((name) => !before.includes(name))).toEqual([]);
  });

  it.each([
    [['--seed', 'february'], "--seed must be january, empty or blank, not 'february'.\n"],
    [['--port', 'many'], "local-org: --port must be a whole number from 0 to 65535, not 'many'.\n"],
  ])('refuses %j with a sentence and exit code 2', async (args, sentence) => {
    const child = spawn(process.execPath, ['scripts/local-org.ts', ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [said] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect({ said, code: child.exitCode }).toEqual({ said: sentence, code: 2 });
  });
});
