import { SyncError } from '../errors.ts';

/**
 * Returns the dotted name unchanged if each part is a plain identifier, which needs no quotes in any dialect.
 * Throws WAREHOUSE_QUERY_FAILED otherwise, so that no text from outside becomes SQL.
 */
export function validName(name: string): string {
  if (!/^[A-Za-z_]\w{0,127}(\.[A-Za-z_]\w{0,127}){0,2}$/.test(name)) {
    throw new SyncError('WAREHOUSE_QUERY_FAILED', `"${name}" is not a name of a table, view or column.`);
  }
  return name;
}

/** A text literal, for the few statements that take no parameters. */
export function textLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
