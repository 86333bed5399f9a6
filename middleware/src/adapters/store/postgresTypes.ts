import pg from 'pg';

type TypeId = Parameters<typeof pg.types.getTypeParser>[0];

const { builtins } = pg.types;
const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  [builtins.INT8]: (text) => (Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text)),
  [builtins.DATE]: (text) => new Date(`${text}T00:00:00.000Z`),
  [builtins.BYTEA]: (text) => new Uint8Array(Buffer.from(text.slice('\\x'.length), 'hex')),
};

/**
 * Type parsers that make node-postgres give the values that PGlite gives: int8 as number (bigint beyond 2^53)
 * rather than text, date as midnight in UTC rather than of this machine, bytea as Uint8Array.
 */
export const postgresTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: TypeId, format: 'text' | 'binary' = 'text') =>
    parsers[oid] ?? (pg.types.getTypeParser(oid, format) as (text: string) => unknown),
};
