import { describe, expect, it } from '@jest/globals';
import { createIdSequence, normalizeId, to18 } from '../../local-org/src/ids.ts';

describe('an id', () => {
  it.each([
    ['001000000000001', '001000000000001AAA'],
    ['005ZZ000000Sync', '005ZZ000000SyncYAC'],
    ['a13AbCdEfGhIjKl', 'a13AbCdEfGhIjKlIVK'],
    ['AAAAAAAAAAAAAAA', 'AAAAAAAAAAAAAAA555'],
  ])('of 15 characters gets its checksum: %s', (id15, id18) => {
    expect(to18(id15)).toBe(id18);
    expect(normalizeId(id15)).toBe(id18);
    expect(normalizeId(id18)).toBe(id18);
  });

  it.each(['', 'x', '005ZZ000000SyncYAA', '005ZZ000000Syn-', '005ZZ000000SyncY'])('is not %j', (text) => {
    expect(normalizeId(text)).toBeUndefined();
  });

  it('is new each time, of the prefix and in order', () => {
    const next = createIdSequence('a13');
    const ids = Array.from({ length: 200 }, next);
    expect(new Set(ids).size).toBe(200);
    expect(ids.slice(0, 2)).toEqual(['a13ZZ0000000001YAA', 'a13ZZ0000000002YAA']);
    expect(ids.every((id) => normalizeId(id) === id)).toBe(true);
  });
});
