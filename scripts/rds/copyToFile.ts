import { createWriteStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { TableCopy } from './planCopies.ts';

/**
 * Streams the rows of a statement into a new CSV file: a header, NULL as an empty field, the empty text as `""`.
 * `onBytes` hears how much is written so far. Returns the number of rows once the file is on the disk.
 */
export async function copyToFile(
  client: Client,
  { select }: TableCopy,
  path: string,
  onBytes: (bytes: number) => void,
): Promise<number> {
  const rows = client.query(copyTo(`copy (${select}) to stdout with (format csv, header true)`));
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      onBytes(bytes);
      done(null, chunk);
    },
  });
  await pipeline(rows, counted, createWriteStream(path, { flags: 'wx', flush: true }));
  // The stream ends before the server has said how many rows there were: its next answer comes after that.
  await client.query('select');
  return rows.rowCount;
}
