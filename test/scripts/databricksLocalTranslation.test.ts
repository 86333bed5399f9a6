import { describe, expect, it } from '@jest/globals';
import { translateStatement } from '../../scripts/databricks-local/translateStatement.ts';

describe('what the local Databricks endpoint makes of a statement', () => {
  it.each([
    ['select 1;', 'select 1'],
    ['select 1 -- cast(x as timestamp)\n', 'select 1'],
    ['cast(x as timestamp)', 'cast(x as timestamptz)'],
    ['cast(x as TIMESTAMP_NTZ)', 'cast(x as timestamp)'],
    ["timestamp '1900-01-01 00:00:00'", "timestamptz '1900-01-01 00:00:00'"],
    [
      "select 'a timestamp', t.timestamp, sync_timestamp",
      "select 'a timestamp', t.timestamp, sync_timestamp",
    ],
    ['select `a ``b` from `t`', 'select "a `b" from "t"'],
    ["select \"text\", 'it\\'s', 'a\\\\b', 'it''s'", "select 'text', 'it''s', 'a\\b', 'it''s'"],
    ["create table t (a string comment 'k') using delta", 'create table t (a string ) '],
    ["create table t (a string) tblproperties ('a' = 'b') cluster by (a)", 'create table t (a string)  '],
    ["select comment 'x'", "select comment 'x'"],
    [
      'update set t.a = s.a, t.b = f(s.b) when not matched',
      'update set a = s.a, b = f(s.b) when not matched',
    ],
    ['select raise_error(x), current_timestamp()', 'select error(x), now()'],
    ['from system.information_schema.columns', 'from memory.main.columns'],
    ['select 1 / 0.5, 10 / 05', 'select 1 / 0.5, 10 / 05'],
    [
      "from_json(:rows, 'array<struct<a: string, b: array<bigint>, c struct<d: timestamp>>>')",
      `from_json(:rows, '[{"a":"VARCHAR","b":["BIGINT"],"c":{"d":"TIMESTAMPTZ"}}]')`,
    ],
  ])('%s', (databricks, duckDb) => {
    expect(translateStatement(databricks)).toBe(duckDb);
  });

  it('divides by no literal zero', () => {
    expect(() => translateStatement('select 1 / 0')).toThrow('[DIVIDE_BY_ZERO]');
    expect(translateStatement("select '1 / 0'")).toBe("select '1 / 0'");
  });
});
