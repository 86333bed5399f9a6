import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { openDatabase } from '../../../middleware/src/adapters/store/openDatabase.ts';
import { storeLocations } from './storeLocations.ts';

const log = { warn: () => undefined, error: () => undefined };

describe.each(storeLocations)('values of %s', (_name, makeLocation) => {
  it('are the same as on every other store', async () => {
    const { location, remove } = await makeLocation();
    const database = await openDatabase(location, log);
    const { tables } = database;
    try {
      const { rows } = await sql<Record<string, unknown>>`
        select
          5::int8 as small, 9007199254740993::int8 as large, count(*) as counted, 7::int4 as int4,
          1.50::numeric as numeric, 0.5::float8 as float8, true as truth, null::text as nothing,
          timestamptz '2024-01-02 05:04:05.123456+02' as instant, date '2024-07-02' as day,
          '{"b": [1, null, "x"], "a": {"someKey": 1.50}}'::jsonb as document, '[]'::jsonb as empty,
          'null'::jsonb as json_null, array['x', 'y'] as texts, '\\x01ff'::bytea as bytes,
          '0198c0de-0000-7000-8000-000000000001'::uuid as uuid
      `.execute(tables);
      const [row] = rows;
      expect({ ...row, bytes: [...(row?.['bytes'] as Uint8Array)] }).toEqual({
        small: 5,
        large: 9007199254740993n,
        counted: 1,
        int4: 7,
        numeric: '1.50',
        float8: 0.5,
        truth: true,
        nothing: null,
        instant: '2024-01-02T03:04:05.123Z',
        day: '2024-07-02T00:00:00.000Z',
        document: { b: [1, null, 'x'], a: { someKey: 1.5 } },
        empty: [],
        jsonNull: null,
        texts: ['x', 'y'],
        bytes: [1, 255],
        uuid: '0198c0de-0000-7000-8000-000000000001',
      });
      expect(Object.prototype.toString.call(row?.['bytes'])).toBe('[object Uint8Array]');
      await expect(sql`select 1 / 0`.execute(tables)).rejects.toMatchObject({ code: '22012' });
    } finally {
      await database.close();
      await remove();
    }
  });
});
