import { describe, expect, it } from '@jest/globals';
import {
  canonicalJson,
  cohortHash,
  createPlanHash,
  type JsonValue,
  rowHash,
} from '../../../middleware/src/planning/hashPlan.ts';

const planHash = (...rows: readonly JsonValue[]): string => {
  const hash = createPlanHash();
  for (const row of rows) hash.add(row);
  return hash.digest();
};

describe('canonicalJson', () => {
  it('sorts members at every depth and keeps the order of lists', () =>
    expect(canonicalJson({ b: [2, 1, { d: null, c: '' }], a: { z: 0, y: false } })).toBe(
      '{"a":{"y":false,"z":0},"b":[2,1,{"c":"","d":null}]}',
    ));

  it('leaves out what is undefined', () => expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}'));
});

describe('rowHash', () => {
  it('is the SHA-256 of the canonical text', () =>
    // printf '{"a":1}' | sha256sum
    expect(rowHash({ a: 1 })).toBe('015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862'));

  it('does not depend on the order of members', () =>
    expect(rowHash({ a: 1, b: 2 })).toBe(rowHash({ b: 2, a: 1 })));

  it.each([
    ['null and the empty text', { a: null }, { a: '' }],
    ['null and 0', { a: null }, { a: 0 }],
    ['0 and false', { a: 0 }, { a: false }],
    ['0 and its text', { a: 0 }, { a: '0' }],
  ])('tells %s apart', (_title, left, right) => expect(rowHash(left)).not.toBe(rowHash(right)));
});

describe('cohortHash', () => {
  it('is that of a set: order, case and repetition do not matter', () =>
    expect(cohortHash(['b', 'A', 'b'])).toBe(cohortHash(['a', 'B'])));

  it('tells cohorts apart', () => {
    expect(cohortHash(['a', 'b'])).not.toBe(cohortHash(['ab']));
    expect(cohortHash(['a'])).not.toBe(cohortHash([]));
  });
});

describe('createPlanHash', () => {
  it('gives the same hash to the same rows in the same order', () =>
    expect(planHash({ a: 1, b: 2 })).toBe(planHash({ b: 2, a: 1 })));

  it('sees a changed, a missing, an added and a moved row', () => {
    const hashes = [
      planHash({ a: 1 }, { a: 2 }),
      planHash({ a: 1 }, { a: 3 }),
      planHash({ a: 1 }),
      planHash({ a: 1 }, { a: 2 }, { a: 3 }),
      planHash({ a: 2 }, { a: 1 }),
      planHash(),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
