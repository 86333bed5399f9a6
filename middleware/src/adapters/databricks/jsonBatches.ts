import type { Row, TableDefinition } from '../../ports/warehouse.ts';
import { toJsonRow } from './databricksValues.ts';

/** Bytes of one JSON parameter; nothing larger has been tried (docs/warehouse.md §6). */
const maxBytes = 1_000_000;

/** Rows as one JSON array, and where they stand among all that were given. */
export interface JsonBatch {
  readonly json: string;
  readonly firstPosition: number;
  readonly rowCount: number;
}

/** Packs rows into JSON arrays of bounded size, in order; a single row may exceed the bound. */
export async function* jsonBatches(
  rows: AsyncIterable<readonly Row[]> | Iterable<readonly Row[]>,
  columns: TableDefinition['columns'],
): AsyncGenerator<JsonBatch, void> {
  let texts: string[] = [];
  let bytes = 0;
  let position = 0;
  const take = (): JsonBatch => {
    const batch = {
      json: `[${texts.join(',')}]`,
      firstPosition: position - texts.length,
      rowCount: texts.length,
    };
    [texts, bytes] = [[], 0];
    return batch;
  };
  for await (const part of rows) {
    for (const row of part) {
      const text = toJsonRow(row, columns, position);
      const size = Buffer.byteLength(text) + 1;
      if (texts.length > 0 && bytes + size > maxBytes) yield take();
      texts.push(text);
      bytes += size;
      position += 1;
    }
  }
  if (texts.length > 0) yield take();
}
