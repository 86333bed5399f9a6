import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { textLiteral } from '../../middleware/src/ports/identifiers.ts';
import { unmaskLiterals, type MaskedStatement } from './maskLiterals.ts';
import { runSql, type SqlContext } from './runSql.ts';
import type { StatementPlace } from './statementPlace.ts';
import { StatementError } from './statementError.ts';
import type { StatementResult } from './statementResult.ts';

const form =
  /^copy\s+into\s+([\w."]+)\s+from\s+(?:⟦(\d+)⟧|\(\s*(select\b[\s\S]*?)\bfrom\s+⟦(\d+)⟧\s*\))\s+fileformat\s*=\s*json\b/i;

/**
 * `COPY INTO t FROM '/Volumes/…' FILEFORMAT = JSON`, of a file or a directory, with a select around the path or without.
 * Columns go by name. A file that the table has taken in is skipped, also after it has changed.
 */
export async function copyInto(
  { files, copied }: Pick<StatementPlace, 'files' | 'copied'>,
  context: SqlContext,
  masked: MaskedStatement,
): Promise<StatementResult> {
  const match = form.exec(masked.code);
  if (match === null) {
    throw new StatementError('42601', 'PARSE_SYNTAX_ERROR', `Not understood: ${unmaskLiterals(masked)}`);
  }
  const [, table = '', plainPath, select, selectPath] = match;
  const volumePath = masked.texts[Number(plainPath ?? selectPath)] ?? '';
  if (!files.has(volumePath)) {
    throw new StatementError('42K03', 'PATH_NOT_FOUND', `Path does not exist: ${volumePath}.`);
  }
  const fresh = list(files.locate(volumePath)).filter((file) => !copied.has(`${table}\n${file}`));
  const source =
    fresh.length === 0
      ? `(select * from ${table} where false)`
      : `read_json([${fresh.map(textLiteral).join(', ')}], union_by_name = true)`;
  const chosen = select === undefined ? 'select *' : unmaskLiterals({ ...masked, code: select });
  const result = await runSql(context, `insert into ${table} by name ${chosen} from ${source}`);
  for (const file of fresh) copied.add(`${table}\n${file}`);
  return result;
}

function list(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
