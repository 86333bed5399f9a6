/** A kind of thing that comes in whole units, each of `size` properties. */
export interface Units {
  readonly count: number;
  readonly size: number;
}

/** Splits `total` in proportion to `weights`, in whole numbers, by largest remainder (ties: first wins). */
export function splitByLargestRemainder(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((left, right) => left + right, 0);
  if (sum === 0) return weights.map(() => 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const shares = exact.map(Math.floor);
  const rest = total - shares.reduce((left, right) => left + right, 0);
  for (const index of byRemainder(exact).slice(0, rest)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}

/**
 * Scales counts of units so that their properties add up to exactly `properties`, by largest remainder: a unit
 * that no longer fits is passed over, and units of one property fill what is left.
 */
export function scaleUnits(units: readonly Units[], properties: number): number[] {
  const whole = units.reduce((sum, { count, size }) => sum + count * size, 0);
  const exact = units.map(({ count }) => (count * properties) / whole);
  const counts = exact.map(Math.floor);
  let left = properties - units.reduce((sum, { size }, index) => sum + size * (counts[index] ?? 0), 0);
  const order = byRemainder(exact);
  const give = (index: number): void => {
    const size = units[index]?.size ?? 0;
    if (size > left) return;
    counts[index] = (counts[index] ?? 0) + 1;
    left -= size;
  };
  order.forEach(give);
  const ones = order.filter((index) => units[index]?.size === 1);
  for (let turn = 0; left > 0; turn += 1) give(ones[turn % ones.length] as number);
  return counts;
}

function byRemainder(exact: readonly number[]): number[] {
  const remainder = (index: number): number => (exact[index] ?? 0) % 1;
  return exact
    .map((_, index) => index)
    .sort((left, right) => remainder(right) - remainder(left) || left - right);
}
