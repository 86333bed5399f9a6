/**
 * Seeded randomness: sfc32 for draws (C. Doty-Humphrey, PractRand, public domain) and MurmurHash3's 32-bit
 * finaliser for values that belong to one thing and must not depend on the order of the draws.
 */

/** Integer draws that depend only on the seed and the name of the stream. */
export interface Random {
  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number;
  /** Shuffles in place and returns the same array. */
  shuffle<T>(items: T[]): T[];
}

/** A whole number from 0 to 2^32 - 1. For one topic, different numbers always give different results. */
export type Hash = (topic: number, number: number) => number;

function mix32(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function seedKey(seed: number): number {
  return mix32(mix32(seed >>> 0) ^ Math.floor(seed / 2 ** 32));
}

function textKey(text: string): number {
  let key = 0;
  for (const character of text) key = mix32(key ^ (character.codePointAt(0) ?? 0));
  return key;
}

/** One independent stream per name, so that a new draw in one place moves nothing in another. */
export function createRandom(seed: number, stream: string): Random {
  let a = seedKey(seed);
  let b = textKey(stream);
  let c = mix32(a ^ b);
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round += 1) next();

  const below = (limit: number): number => Math.floor((next() / 2 ** 32) * limit);
  const shuffle = <T>(items: T[]): T[] => {
    for (let last = items.length - 1; last > 0; last -= 1) {
      const other = below(last + 1);
      [items[last], items[other]] = [items[other] as T, items[last] as T];
    }
    return items;
  };
  return { below, shuffle };
}

/** The hash of a seed. A bijection in `number` for a given topic, so ids made of it are unique. */
export function createHash(seed: number): Hash {
  const key = seedKey(seed);
  return (topic, number) => mix32(number ^ mix32(key ^ Math.imul(topic, 0x9e3779b1)));
}
