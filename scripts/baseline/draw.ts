import { januaryProperties, quotas, type Quota } from './january.ts';
import { createRandom, type Random } from './random.ts';

/** Draws exact numbers of things out of pools; the seed decides which, the January numbers how many. */
export interface Draw {
  readonly seed: number;
  /** A January count at the size of this baseline. */
  scaled(count: number): number;
  quota(name: Quota): number;
  random(stream: string): Random;
  /**
   * Takes `count` different items of the pool. Where a smaller baseline's pool holds fewer, all of it; at the
   * January size that is a bug in the numbers and throws.
   */
  pick<T>(stream: string, pool: readonly T[], count: number): T[];
}

export function createDraw(seed: number, liveProperties: number): Draw {
  const scaled = (count: number): number => Math.round((count * liveProperties) / januaryProperties);
  const random = (stream: string): Random => createRandom(seed, stream);
  return {
    seed,
    scaled,
    random,
    quota: (name) => scaled(quotas[name]),
    pick: (stream, pool, count) => {
      if (pool.length < count && liveProperties === januaryProperties) {
        throw new Error(`The pool "${stream}" holds ${pool.length}, not ${count}.`);
      }
      return random(stream).shuffle(pool.slice()).slice(0, count);
    },
  };
}
