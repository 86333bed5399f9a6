import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, stat, symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

/** One instruction a line, as the file has them. */
interface Instruction {
  readonly name: string;
  readonly rest: string;
}

let instructions: Instruction[];
let allowed: string[];
let image: string;

beforeAll(async () => {
  const lines = (await readFile('middleware/Dockerfile', 'utf8')).split('\n');
  instructions = lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ name: line.split(' ')[0] ?? '', rest: line.slice(line.indexOf(' ') + 1) }));
  allowed = (await readFile('middleware/Dockerfile.dockerignore', 'utf8'))
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));

  // Both stages as one: what is installed is that of this checkout.
  image = await mkdtemp(join(tmpdir(), 'property-sync-image-'));
  for (const { sources, target } of copies()) {
    for (const source of sources) {
      const to = target.endsWith('/')
        ? join(image, target, source.split('/').at(-1) ?? '')
        : join(image, target);
      await mkdir(join(to, '..'), { recursive: true });
      await cp(source, to, { recursive: true });
    }
  }
  await symlink(resolve('node_modules'), join(image, 'node_modules'));
});
afterAll(() => rm(image, { recursive: true, force: true }));

/** What is copied from the checkout; `./` is the directory of the image. */
const copies = (): { sources: string[]; target: string }[] =>
  instructions
    .filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--from'))
    .map(({ rest }) => {
      const paths = rest.split(' ');
      return { sources: paths.slice(0, -1), target: paths.at(-1) ?? '' };
    });
const command = (name: string): string[] => {
  const { rest = '' } = instructions.find((each) => each.name === name) ?? {};
  return JSON.parse(rest.slice(rest.indexOf('['))) as string[];
};

async function execute(
  [, ...flags]: string[],
  environment: Record<string, string>,
): Promise<{ exitCode: number; stderr: string }> {
  const child = spawn(process.execPath, flags, {
    cwd: image,
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [stderr, [exitCode]] = (await Promise.all([text(child.stderr), once(child, 'exit')])) as [
    string,
    [number],
  ];
  return { exitCode, stderr };
}

describe('the image of the middleware', () => {
  it('copies what is there, and what the ignore file lets in, and lets in nothing else', async () => {
    const sources = copies().flatMap((copy) => copy.sources);
    for (const source of sources) await stat(source);
    expect([...sources].sort()).toEqual([...allowed].sort());
  });

  it('holds everything that its command and the commands of its store need', async () => {
    const started = await execute(command('CMD'), {});
    expect(started.exitCode).toBe(2);
    expect(started.stderr).toContain('SALESFORCE_LOGIN_URL');
    for (const script of ['scripts/backup.ts', 'scripts/restore.ts']) {
      expect(await execute(['node', script, '--help'], {})).toEqual({ exitCode: 0, stderr: '' });
    }
  });

  it('installs no package that is for development only, and needs none', async () => {
    const { dependencies } = JSON.parse(await readFile('middleware/package.json', 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const install = instructions.find(({ name, rest }) => name === 'RUN' && rest.startsWith('npm ci'));
    expect(install?.rest).toContain('--omit=dev --workspace middleware');
    const imported = new Set<string>();
    for (const file of await sourceFiles()) {
      for (const [, from = ''] of file.matchAll(/^(?:import|export) (?!type\b)[^;]*?from '([^'.][^']*)'/gm)) {
        if (!from.startsWith('node:')) imported.add(/^(?:@[^/]+\/)?[^/]+/.exec(from)?.[0] ?? '');
      }
    }
    expect(imported.size).toBeGreaterThan(10);
    expect([...imported].filter((name) => !(name in dependencies))).toEqual([]);
  });

  it('does not run as root', () => {
    const user = instructions.findIndex(({ name }) => name === 'USER');
    expect(instructions[user]?.rest).toBe('node');
    expect(user).toBeLessThan(instructions.findIndex(({ name }) => name === 'CMD'));
  });

  it.each([
    [200, 0],
    [503, 1],
  ])('calls a service that answers %d healthy with code %d', async (status, exitCode) => {
    const paths: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      paths.push(request.url);
      response.writeHead(status).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await execute(command('HEALTHCHECK'), { PORT: String(port) })).toMatchObject({ exitCode });
    expect(paths).toEqual(['/healthz']);
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    expect(await execute(command('HEALTHCHECK'), { PORT: String(port) })).toMatchObject({ exitCode: 1 });
  });
});

async function sourceFiles(): Promise<string[]> {
  const files = globSync('middleware/src/**/*.ts').concat('scripts/backup.ts', 'scripts/restore.ts');
  return Promise.all(files.map((file) => readFile(file, 'utf8')));
}
