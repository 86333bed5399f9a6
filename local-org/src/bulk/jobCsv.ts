import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';

/** Delimiters by the names a job gives them (Bulk API 2.0, "Prepare CSV Files"). */
const DELIMITERS = { COMMA: ',', TAB: '\t', PIPE: '|', SEMICOLON: ';', CARET: '^', BACKQUOTE: '`' } as const;
const LINE_ENDINGS = { LF: '\n', CRLF: '\r\n' } as const;

/** How a job writes CSV, as its creation says. */
export const csvFormat = {
  columnDelimiter: z.enum(['COMMA', 'TAB', 'PIPE', 'SEMICOLON', 'CARET', 'BACKQUOTE']).default('COMMA'),
  lineEnding: z.enum(['LF', 'CRLF']).default('LF'),
  contentType: z.literal('CSV').default('CSV'),
};

export interface CsvFormat {
  readonly columnDelimiter: keyof typeof DELIMITERS;
  readonly lineEnding: keyof typeof LINE_ENDINGS;
}

/** Data that fails the whole job; the message is the job's `errorMessage`. */
export class BadJobData extends Error {}

/** Most characters of one value (Bulk API 2.0 limits). */
const MAX_FIELD_LENGTH = 32_000;

/** Reads job data: the header's columns and the cells of each row. Throws {@link BadJobData}. */
export function parseJobData(data: Buffer, format: CsvFormat): { columns: string[]; rows: string[][] } {
  assertLineEnding(data, format);
  const [columns = [], ...rows] = parseLines(data, format);
  if (rows.some((row) => row.some((cell) => cell.length > MAX_FIELD_LENGTH))) {
    throw new BadJobData(`InvalidBatch : A field value is longer than ${MAX_FIELD_LENGTH} characters`);
  }
  return { columns, rows };
}

function parseLines(data: Buffer, format: CsvFormat): string[][] {
  try {
    return parse(data, {
      bom: true,
      delimiter: DELIMITERS[format.columnDelimiter],
      record_delimiter: LINE_ENDINGS[format.lineEnding],
      skip_empty_lines: true,
    });
  } catch (error) {
    throw new BadJobData(`InvalidBatch : ${(error as Error).message}`);
  }
}

/** The first line must end as the job says; the message is quoted in public reports of this mistake. */
function assertLineEnding(data: Buffer, { lineEnding }: CsvFormat): void {
  const end = data.indexOf('\n');
  if (end < 0) return;
  const actual = data[end - 1] === 0x0d ? 'CRLF' : 'LF';
  if (actual === lineEnding) return;
  throw new BadJobData(
    `ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is ${lineEnding}`,
  );
}

/** Writes rows with every value in quotes, as Salesforce does in results. */
export function formatCsv(rows: readonly (readonly string[])[], format: CsvFormat): string {
  return stringify(rows as string[][], {
    delimiter: DELIMITERS[format.columnDelimiter],
    record_delimiter: LINE_ENDINGS[format.lineEnding],
    quoted: true,
    quoted_empty: true,
  });
}
