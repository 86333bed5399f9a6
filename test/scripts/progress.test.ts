import { spawnSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';

/** Two steps, of which the second fails, as they are told on this stderr. */
function told(terminal: { isTTY: boolean; columns?: number }): { stderr: string; signal: string | null } {
  const program = `
    Object.assign(process.stderr, ${JSON.stringify(terminal)});
    const { step } = await import('./scripts/demo/progress.ts');
    await step('Plan', async (say) => say('reading'), () => '3 to create');
    await step('Write', async () => { throw new Error('Salesforce is away.'); }, () => '').catch(() => undefined);
  `;
  const { stderr, signal } = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', program], {
    encoding: 'utf8',
    env: { TERM: 'xterm' },
    timeout: 60_000,
    maxBuffer: 1_000_000,
  });
  return { stderr, signal };
}

describe('the steps of a demo', () => {
  const lines = [
    '- Plan',
    `✔ ${'Plan'.padEnd(30)} 3 to create (0.0 s)`,
    '- Write',
    `✖ ${'Write'.padEnd(30)} Salesforce is away.`,
    '',
  ];
  const timeless = (text: string): string[] => text.replaceAll(/\(\d+\.\d s\)/g, '(0.0 s)').split('\n');

  it('are plain lines in a file', () => {
    expect(timeless(told({ isTTY: false }).stderr)).toEqual(lines);
  });

  it('are lines in a terminal that does not know its width', () => {
    const { stderr, signal } = told({ isTTY: true, columns: 0 });
    expect(signal).toBeNull();
    expect(timeless(stripVTControlCharacters(stderr))).toEqual(lines);
  });
});
