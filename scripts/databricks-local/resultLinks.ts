import { randomUUID } from 'node:crypto';
import { arrowFile } from './arrowMessages.ts';
import type { StatementResult } from './statementResult.ts';

/** A part of a result that a client downloads apart from the service. */
export interface ResultPart {
  readonly result: StatementResult;
  readonly startRow: number;
  readonly rowCount: number;
}

/** The links to parts of results, of which none is good for ever. */
export interface ResultLinks {
  /** A path that is good until `expiresAt`. */
  create(part: ResultPart, expiresAt: number): string;
  /** The Arrow file behind the path; undefined if there is none, or none any more. */
  read(path: string): Buffer | undefined;
}

export const resultsPath = '/results/';

/** Each one holds a result; beyond so many the oldest goes, though its time is not over. */
const maxLinks = 200;

export function createResultLinks(): ResultLinks {
  const links = new Map<string, { part: ResultPart; expiresAt: number }>();
  return {
    create: (part, expiresAt) => {
      for (const [id, link] of links) {
        if (link.expiresAt <= Date.now() || links.size >= maxLinks) links.delete(id);
      }
      const id = randomUUID();
      links.set(id, { part, expiresAt });
      return `${resultsPath}${id}`;
    },
    read: (path) => {
      const link = links.get(path.slice(resultsPath.length));
      if (link === undefined || link.expiresAt <= Date.now()) return undefined;
      const { result, startRow, rowCount } = link.part;
      return arrowFile(result.columns, result.read(startRow, startRow + rowCount));
    },
  };
}
