/** Rows that travel in one statement: enough to make the round trip small, few enough to bound the memory. */
const chunkSize = 1000;

export function* inChunks<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < rows.length; start += chunkSize) yield rows.slice(start, start + chunkSize);
}
