import { unmaskLiterals, type MaskedStatement } from './maskLiterals.ts';
import { runSql, type SqlContext } from './runSql.ts';
import type { StatementPlace } from './statementPlace.ts';
import { StatementError } from './statementError.ts';
import type { StatementResult } from './statementResult.ts';

/**
 * Answers `PUT 'local' INTO 'volume' [OVERWRITE]`, `GET 'volume' TO 'local'` and `REMOVE 'volume'` with the one row that
 * tells the driver which file to transfer to or from which address.
 */
export async function transferFile(
  { files, baseUrl }: Pick<StatementPlace, 'files' | 'baseUrl'>,
  context: SqlContext,
  masked: MaskedStatement,
): Promise<StatementResult> {
  const form = /^(?:(put)\s+⟦0⟧\s+into\s+⟦1⟧(\s+overwrite)?|(get)\s+⟦0⟧\s+to\s+⟦1⟧|(remove)\s+⟦0⟧)$/i;
  const match = form.exec(masked.code);
  if (match === null) {
    throw new StatementError('42601', 'PARSE_SYNTAX_ERROR', `Not understood: ${unmaskLiterals(masked)}`);
  }
  const [, put, overwrite, get] = match;
  const [first = '', second = ''] = masked.texts;
  const [operation, method, volumePath, localFile] = put
    ? (['PUT', 'PUT', second, first] as const)
    : get
      ? (['GET', 'GET', first, second] as const)
      : (['REMOVE', 'DELETE', first, undefined] as const);
  if (put && !overwrite && files.has(volumePath)) {
    throw new StatementError('42710', 'FILE_ALREADY_EXISTS', `There is a file at ${volumePath} already.`);
  }
  const result = await runSql(
    context,
    `select $operation as operation, $presignedUrl as presignedUrl,
       {'x-local-volume': 'yes'} as headers${localFile === undefined ? '' : ', $localFile as localFile'}`,
    {
      operation,
      presignedUrl: `${baseUrl()}${files.grant(method, volumePath)}`,
      ...(localFile === undefined ? {} : { localFile }),
    },
  );
  return { ...result, isTransfer: true };
}
