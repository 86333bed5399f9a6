import { Readable } from 'node:stream';
import JSZip from 'jszip';
import { ApiError } from '../errors.ts';

/** Metadata API Developer Guide, "Metadata Limits": 10,000 files, 39 MB zipped, 400 MB unzipped [documented]. */
export const ZIP_LIMITS = { files: 10_000, zippedBytes: 39 * 1024 * 1024, bytes: 400 * 1024 * 1024 };

/** A package: its files by path, without directories. */
export type PackageFiles = ReadonlyMap<string, Buffer>;

/**
 * Unzips a package. What it really holds is counted while it is read, since a zip may lie about its sizes. Throws
 * INVALID_ZIP or LIMIT_EXCEEDED [codes believed].
 */
export async function readZip(data: Buffer, limits = ZIP_LIMITS): Promise<PackageFiles> {
  if (data.length > limits.zippedBytes) throw tooLarge(`zip file is larger than ${limits.zippedBytes} bytes`);
  const zip = await JSZip.loadAsync(data).catch((error: unknown) => {
    throw new ApiError(400, 'INVALID_ZIP', `The zip cannot be read: ${(error as Error).message}`);
  });
  const entries = Object.values(zip.files).filter((entry) => !entry.dir);
  if (entries.length > limits.files) throw tooLarge(`zip file holds more than ${limits.files} files`);
  const files = new Map<string, Buffer>();
  let bytes = 0;
  for (const entry of entries) {
    const chunks: Buffer[] = [];
    // jszip's streams are of an older kind, which cannot be iterated.
    for await (const chunk of new Readable().wrap(entry.nodeStream()) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > limits.bytes) throw tooLarge(`zip file holds more than ${limits.bytes} bytes`);
      chunks.push(chunk);
    }
    files.set(entry.name, Buffer.concat(chunks));
  }
  return files;
}

const tooLarge = (message: string) => new ApiError(400, 'LIMIT_EXCEEDED', message);
