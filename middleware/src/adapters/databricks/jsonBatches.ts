import type { Row, TableDefinition } from '../../ports/warehouse.ts';
import { toJsonRow } from './databricksValues.ts';

/** Bytes of one JSON parameter; nothing larger has been tried (docs/warehouse.md §6). */
const maxBytes = 1_000_000;

/** Rows as JSON objects, and where the first stands among all that were given. */
export interface JsonBatch {
  readonly lines: readonly string[];
  readonly firstPosition: number;
}

/** A batch as the one parameter that `selectFromJson` reads. */
export const toJsonArray = ({ lines }: JsonBatch): string => `[${lines.join(',')}]`;

/** Packs rows into batches of bounded size, in order; a single row may exceed the bound. */
export async function* jsonBatches(
  rows: AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>,
  columns: TableDefinition['columns'],
): AsyncGenerator<JsonBatch, void> {
  let lines: string[] = [];
  let bytes = 0;
  let position = 0;
  const take = (): JsonBatch => {
    const batch = { lines, firstPosition: position - lines.length };
    [lines, bytes] = [[], 0];
    return batch;
  };
  for await (const part of rows) {
    for (const row of part) {
      const text = toJsonRow(row, columns, position);
      const size = Buffer.byteLength(text) + 1;
      if (lines.length > 0 && bytes + size > maxBytes) yield take();
      lines.push(text);
      bytes += size;
      position += 1;
    }
  }
  if (lines.length > 0) yield take();
}
