import type { Client } from 'pg';
import pg from 'pg';
import { SyncError } from '../../middleware/src/errors.ts';
import { compareTables, type ExpectedTable } from './compareTables.ts';
import { deriveWideTable, featureCodes } from './deriveWideTable.ts';
import { rdsTables, wideTable } from './rdsTables.ts';
import { qualified, tableSelect } from './tableSelect.ts';

/** One file to write and the statement whose rows it holds, every column of it text. */
export interface TableCopy {
  readonly file: string;
  readonly select: string;
}

/** Where the tables are; without a wide table it is derived, without document fraud. */
export interface RdsSource {
  readonly schema: string;
  readonly wide: { readonly schema: string; readonly table: string } | null;
}

/** What is copied, after all of it was found as expected. Throws SOURCE_INVALID with a line for each difference. */
export async function planCopies(client: Client, { schema, wide }: RdsSource): Promise<TableCopy[]> {
  await refuseMissingSchema(client, schema);
  const expected: ExpectedTable[] = rdsTables.map((table) => ({ schema, table }));
  if (wide !== null) {
    expected.push({ schema: wide.schema, table: { ...wideTable, file: wide.table } });
  }
  const findings = await compareTables(client, expected);
  if (findings.length === 0 && wide === null) findings.push(...(await missingCodes(client, schema)));
  if (findings.length > 0) {
    throw new SyncError('SOURCE_INVALID', 'The tables are not as they must be.', {
      details: findings,
      action: 'Correct them, or give views of these names and types in a schema of their own: --schema NAME.',
    });
  }
  return [
    ...rdsTables.map((table) => ({
      file: table.file,
      select: tableSelect(table, qualified(schema, table.file), { isReplicated: true }),
    })),
    {
      file: wideTable.file,
      select:
        wide === null
          ? deriveWideTable(schema)
          : tableSelect(wideTable, qualified(wide.schema, wide.table), { isReplicated: false }),
    },
  ];
}

async function refuseMissingSchema(client: Client, schema: string): Promise<void> {
  const { rows } = await client.query<{ name: string; has_properties: boolean }>(
    `select nspname as name,
       exists (select from pg_class where relnamespace = pg_namespace.oid and relname = 'properties') as has_properties
     from pg_namespace
     where nspname !~ '^pg_' and nspname <> 'information_schema'
     order by nspname`,
  );
  if (rows.some(({ name }) => name === schema)) return;
  const candidates = rows.filter(({ has_properties: hasProperties }) => hasProperties);
  const known = (candidates.length > 0 ? candidates : rows).map(({ name }) => name).join(', ');
  throw new SyncError('SOURCE_INVALID', `There is no schema "${schema}" in this database.`, {
    action: `Name one with --schema NAME; ${candidates.length > 0 ? 'a table "properties" is in' : 'there are'}: ${known}.`,
  });
}

/** A code that the catalogue does not know has no rows either: its flag would be off on every property. */
async function missingCodes(client: Client, schema: string): Promise<string[]> {
  const { rows } = await client.query<{ code: string }>(
    `select wanted.code
     from unnest($1::text[]) as wanted (code)
     where not exists (
       select from ${qualified(schema, 'features')} as features where features.code::text = wanted.code
     )`,
    [Object.values(featureCodes)],
  );
  return rows.map(
    ({ code }) =>
      `${schema}.features has no row with the code ${pg.escapeLiteral(code)}; its flag would be off everywhere.`,
  );
}
