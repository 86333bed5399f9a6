import { randomInt } from 'node:crypto';
import { to18 } from '../ids.ts';

/** The rest of a query's result, rendered page by page. */
export interface QueryCursor {
  readonly totalSize: number;
  readonly pageSize: number;
  render(from: number, to: number): unknown[];
}

/** Open query cursors by id. */
export interface QueryCursors {
  open(cursor: QueryCursor): string;
  find(id: string): QueryCursor | undefined;
  clear(): void;
}

/**
 * Cursors kept at once; opening another releases the oldest. A real org keeps 10 per user and any for 2 days
 * (SOQL and SOSL Reference, "Limits").
 */
const MAX_CURSORS = 10;

export function createQueryCursors(): QueryCursors {
  const cursors = new Map<string, QueryCursor>();
  return {
    open: (cursor) => {
      const [oldest] = cursors.keys();
      if (cursors.size >= MAX_CURSORS && oldest !== undefined) cursors.delete(oldest);
      const id = to18(
        `01g${String(randomInt(2 ** 47))
          .padStart(12, '0')
          .slice(-12)}`,
      );
      cursors.set(id, cursor);
      return id;
    },
    find: (id) => cursors.get(id),
    clear: () => cursors.clear(),
  };
}
