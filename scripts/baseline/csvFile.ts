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

const special = /[",\r\n]/;

/**
 * One CSV line with LF. NULL is an empty field and the empty string is `""`: of the CSV libraries here none writes
 * both without quoting every other text as well.
 */
export function csvLine(row: Row): string {
  let line = '';
  for (const cell of row) line += ',' + csvField(cell);
  return line.slice(1) + '\n';
}

function csvField(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  // Empty, or with outer space: some readers would take it for NULL or trim it if it stood bare.
  const isBare = cell !== '' && cell.trim().length === cell.length && !special.test(cell);
  return isBare ? cell : `"${cell.replaceAll('"', '""')}"`;
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
      const bytes = Buffer.from(chunk);
      hash.update(bytes);
      await file.writeFile(bytes);
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
