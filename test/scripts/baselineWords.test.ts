import { describe, expect, it } from '@jest/globals';
import { createHash } from '../../scripts/baseline/random.ts';
import { idTopic, salesforceId, toId18, uuid } from '../../scripts/baseline/ids.ts';
import { normalizeName } from '../../scripts/baseline/propertyText.ts';
import * as words from '../../scripts/baseline/words.ts';
import { isRight18, testSubstrings } from './deriveBaseline.ts';

describe('the invented words', () => {
  const stems = words.stemStarts.flatMap((start) => words.stemEnds.map((end) => start + end));

  it('never hold a test word, whole or as a part', () => {
    const parts = [
      ...stems,
      ...words.namePrefixes,
      ...words.propertyKinds,
      ...words.companyKinds,
      'Phase',
      'at',
    ];
    expect(parts.filter((part) => testSubstrings.test(part))).toEqual([]);
  });

  it('hold a test word as a part in every decoy, and whole in every test name', () => {
    const wholeWord =
      /\b(test|demo|sample|staging|qa|dev|sandbox|training|dummy|fake|temp|do not|delete|remove|duplicate)\b/i;
    expect(words.decoyNames.filter((name) => !testSubstrings.test(name) || wholeWord.test(name))).toEqual([]);
    expect(words.testNames.filter((name) => !wholeWord.test(name))).toEqual([]);
  });
});

describe('the ids', () => {
  it('carry the suffix of the examples in the specification', () => {
    expect(toId18('a01ZZ000001PKnd')).toBe('a01ZZ000001PKndYAG');
    expect(toId18('a13ZZ000003PKgu')).toBe('a13ZZ000003PKguYAG');
  });

  it('are distinct and well formed for many numbers', () => {
    const hash = createHash(4);
    const numbers = Array.from({ length: 20_000 }, (_, number) => number);
    const production = numbers.map((number) => salesforceId(hash, idTopic.production, 'a01', number));
    const uuids = numbers.map((number) => uuid(hash, idTopic.property, number));
    expect(new Set(production).size).toBe(numbers.length);
    expect(new Set(uuids.map((id) => id.slice(0, 8))).size).toBe(numbers.length);
    expect(production.every(isRight18)).toBe(true);
  });
});

describe('the normal form of a name', () => {
  it.each([
    [' a\tb \n c ', 'a b c'],
    ['x'.repeat(81), 'x'.repeat(80)],
    ['\u0007bell', 'bell'],
  ])('of %j is %j', (raw, normal) => {
    expect(normalizeName(raw)).toBe(normal);
  });
});
