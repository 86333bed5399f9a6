import { globSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { errorTable, SyncError, type ErrorCode } from '../../middleware/src/errors.ts';

const codes = Object.keys(errorTable) as ErrorCode[];

it('knows no code that nothing throws', () => {
  const sources = globSync('middleware/src/**/*.ts')
    .filter((path) => !path.endsWith('src/errors.ts'))
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');
  expect(codes.filter((code) => !sources.includes(`'${code}'`))).toEqual([]);
});

it.each(codes)('says what to do about %s', (code) => {
  const error = new SyncError(code, 'It went wrong.');
  expect(error).toMatchObject({ action: errorTable[code].action, isRetryable: errorTable[code].isRetryable });
  expect(error.action).toMatch(/^[A-Z].*\.$/);
});
