import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';

async function startMiddleware(
  environment: Record<string, string>,
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ['middleware/src/server.ts'], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [exitCode]] = (await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])) as [string, string, [number]];
  return { exitCode, stdout, stderr };
}

describe('npm run middleware', () => {
  it('names every variable that is missing, says what to do, and changes nothing', async () => {
    const { exitCode, stdout, stderr } = await startMiddleware({ PORT: 'none' });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    for (const name of [
      'PORT',
      'PROPERTY_SYNC_API_KEYS',
      'SALESFORCE_LOGIN_URL',
      'SALESFORCE_CLIENT_ID',
      'SALESFORCE_CLIENT_SECRET',
      'DATA_DIR',
    ]) {
      expect(stderr).toContain(name);
    }
    expect(stderr).toContain('start again');
  });
});
