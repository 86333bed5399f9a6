import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Cell, Row } from './tables.ts';

export interface WrittenFile {
  readonly rows: number;
  /** Of the bytes written, in hexadecimal. */
  readonly sha256: string;
}

/** Characters collected before they are written. */
const chunkLength = 1 << 18;

/** What would be read back differently if it stood bare. */
const needsQuotes = /^$|^\s|\s$|[",\r\n]/;

/**
 * One CSV line with LF. NULL is an empty field and the empty string is `""`: of the CSV libraries here none writes
 * both without quoting every other text as well.
 */
export function csvLine(row: Row): string {
  return row.map(csvField).join(',') + '\n';
}

function csvField(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  return needsQuotes.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** Streams rows into a new file under a header; `onRows` hears the number of rows at every chunk. */
export async function writeCsv(
  path: string,
  columns: readonly string[],
  rows: Iterable<Row>,
  onRows: (rows: number) => void = () => undefined,
): Promise<WrittenFile> {
  const file = await open(path, 'wx');
  try {
    const hash = createHash('sha256');
    let chunk = csvLine(columns);
    let count = 0;
    const flush = async (): Promise<void> => {
      hash.update(chunk);
      await file.writeFile(chunk);
      chunk = '';
      onRows(count);
    };
    for (const row of rows) {
      if (row.length !== columns.length) throw new Error(`A row of ${path} has ${row.length} cells.`);
      chunk += csvLine(row);
      count += 1;
      if (chunk.length >= chunkLength) await flush();
    }
    await flush();
    return { rows: count, sha256: hash.digest('hex') };
  } finally {
    await file.close();
  }
}
