/** One measured thing beside the named baseline of the same run; `ratio` is value / baselineValue. */
export interface Measurement {
  readonly benchmark: string;
  readonly what: string;
  readonly value: number;
  readonly baseline: string;
  readonly baselineValue: number;
  readonly ratio: number;
  readonly unit: string;
  /** Further figures of the same case, by name with unit: memory, stages, percentiles. */
  readonly also: Readonly<Record<string, number | string>>;
}

export function measurement(values: Omit<Measurement, 'ratio'>): Measurement {
  return { ...values, ratio: values.value / values.baselineValue };
}

/** The value below which this share of the values lies: the nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('There is no percentile of nothing.');
  return value;
}
