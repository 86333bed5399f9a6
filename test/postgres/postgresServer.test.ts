import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { findPostgres } from './findPostgres.ts';

describe('the server of the tests', () => {
  it('goes away with whoever started it, even when that is killed', async () => {
    const program = `
      import { startPostgres } from './test/postgres/postgresServer.ts';
      console.log((await startPostgres()).url);
    `;
    const starter = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [url] = (await once(createInterface({ input: starter.stdout }), 'line')) as [string];
    const client = new pg.Client({ connectionString: url });
    const lost = new Promise((resolve) => client.once('error', resolve));
    await client.connect();
    const { rows } = await client.query<{ version: string }>(
      `select current_setting('server_version_num') as version`,
    );
    expect(Number(rows[0]?.version)).toBeGreaterThanOrEqual(150_000);

    starter.kill('SIGKILL');
    await lost;
    await expect(new pg.Client({ connectionString: url }).connect()).rejects.toThrow();
  });
});

describe('a machine without a PostgreSQL that will do', () => {
  it('is told what to install', async () => {
    await expect(findPostgres('', [])).rejects.toThrow(
      /^No PostgreSQL is installed.*version 15 or later.*apt-get install postgresql.*TEST_DATABASE_URL/,
    );
  });

  it('is told that its PostgreSQL is too old, unless there is a newer one beside it', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'property-sync-old-postgres-'));
    try {
      for (const name of ['initdb', 'pg_ctl', 'postgres']) {
        await writeFile(join(directory, name), '#!/bin/sh\necho "postgres (PostgreSQL) 14.11"\n');
        await chmod(join(directory, name), 0o755);
      }
      await expect(findPostgres(directory, [])).rejects.toThrow(/^PostgreSQL 14 is too old/);
      if ((process.env['TEST_DATABASE_URL'] ?? '') === '') {
        expect(await findPostgres(directory)).not.toBe(directory);
      }
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});
