import { once } from 'node:events';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Row } from '../../ports/warehouse.ts';

const lengthBytes = 4;

/** Chunks that have all arrived; to be read to the end or left, and removed then. */
export interface SpooledRows {
  readonly chunks: AsyncIterable<Row[]> | Iterable<Row[]>;
  remove(): Promise<void>;
}

/**
 * Reads chunks to their end at once, into a file, for somebody who reads them slowly: links to the parts of a large result
 * expire, and the driver does not renew them (docs/warehouse.md §6). One chunk needs no file.
 */
export async function spoolRows(chunks: AsyncIterable<Row[]>): Promise<SpooledRows> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  const second = first.done === true ? first : await iterator.next();
  if (second.done === true) {
    return { chunks: first.done === true ? [] : [first.value], remove: () => Promise.resolve() };
  }
  const directory = await mkdtemp(join(tmpdir(), 'property-sync-spool-'));
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  try {
    const file = join(directory, 'rows');
    const output = createWriteStream(file, { mode: 0o600 });
    await write(output, first.value as Row[]);
    await write(output, second.value);
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      await write(output, next.value);
    }
    output.end();
    await once(output, 'close');
    return { chunks: read(file), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function write(output: WriteStream, rows: Row[]): Promise<void> {
  const bytes = serialize(rows);
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32LE(bytes.length);
  output.write(length);
  if (!output.write(bytes)) await once(output, 'drain');
}

async function* read(file: string): AsyncIterable<Row[]> {
  let waiting = Buffer.alloc(0);
  for await (const part of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    waiting = Buffer.concat([waiting, part]);
    while (waiting.length >= lengthBytes) {
      const end = lengthBytes + waiting.readUInt32LE(0);
      if (waiting.length < end) break;
      yield deserialize(waiting.subarray(lengthBytes, end)) as Row[];
      waiting = waiting.subarray(end);
    }
  }
}
