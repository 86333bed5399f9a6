import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Row, TableDefinition, Warehouse } from '../../../middleware/src/ports/warehouse.ts';

/** A table with every column type. */
const samples: TableDefinition = {
  name: 'contract_samples',
  keyColumn: 'sample_id',
  columns: {
    sample_id: 'string',
    text: 'string',
    is_on: 'boolean',
    small: 'integer',
    large: 'bigint',
    day: 'date',
    happened_at: 'timestamp',
  },
};

const full: Row = {
  sample_id: 's1',
  text: `it's "quoted", ünïcode 🙂\nand \\ two lines`,
  is_on: false,
  small: 0,
  large: 9_007_199_254_740_993n,
  day: new Date('2025-11-10T00:00:00.000Z'),
  happened_at: new Date('2025-11-10T23:59:59.123Z'),
};
const empty: Row = {
  sample_id: 's2',
  text: null,
  is_on: null,
  small: null,
  large: null,
  day: null,
  happened_at: null,
};

async function* batches(...parts: readonly (readonly Row[])[]): AsyncIterable<readonly Row[]> {
  for (const part of parts) yield await Promise.resolve(part);
}

/** What every warehouse adapter must do; `open` returns one with nothing in it. */
export function describeWarehouse(name: string, open: () => Promise<Warehouse>): void {
  describe(`the warehouse ${name}`, () => {
    let warehouse: Warehouse;
    const table = (): string => warehouse.name(samples.name);
    const ids = async (): Promise<unknown[]> =>
      (await warehouse.query(`select sample_id from ${table()} order by sample_id`)).map(
        (row) => row['sample_id'],
      );

    beforeAll(async () => {
      warehouse = await open();
      await warehouse.createTable(samples);
    });
    beforeEach(() => warehouse.mergeRows(samples, batches(), { replaceAll: true }));
    afterAll(() => warehouse.close());

    it('returns the values it was given, and NULL for what a row leaves out', async () => {
      await warehouse.mergeRows(samples, batches([full, { sample_id: 's2' }]));
      expect(await warehouse.query(`select * from ${table()} order by sample_id`)).toEqual([full, empty]);
    });

    it('takes dates and timestamps as Salesforce writes them', async () => {
      const row = { sample_id: 's1', day: '2025-11-10', happened_at: '2025-11-11T00:59:59.123+0100' };
      await warehouse.mergeRows(samples, batches([row]));
      expect(await warehouse.query(`select day, happened_at from ${table()}`)).toEqual([
        { day: full['day'], happened_at: full['happened_at'] },
      ]);
    });

    it.each([
      { day: 'tomorrow' },
      { small: 1.5 },
      { is_on: 'true' },
      { happened_at: '2025-11-10T23:59:59' },
    ] satisfies Row[])('refuses a value that is not of the type of its column: %j', async (wrong) => {
      await expect(warehouse.mergeRows(samples, batches([full, { ...wrong }]))).rejects.toMatchObject({
        code: 'WAREHOUSE_QUERY_FAILED',
      });
      expect(await ids()).toEqual([]);
    });

    it('returns decimals as text and wide integers as bigints', async () => {
      const rows = await warehouse.query(
        'select cast(1.50 as decimal(10, 2)) as price, cast(7 as bigint) as wide, cast(7 as int) as narrow',
      );
      expect(rows).toEqual([{ price: '1.50', wide: 7n, narrow: 7 }]);
    });

    it('takes named parameters of every type, and leaves colons in text, comments and casts alone', async () => {
      const rows = await warehouse.query(
        `select :text as text, :flag as flag, :number as number, cast(:at as timestamp) as at_time,
                :nothing as nothing, ':text' as literal, '1'::int as one -- :comment`,
        { text: "o'clock", flag: true, number: 42, at: full['happened_at'] as Date, nothing: null },
      );
      expect(rows).toEqual([
        {
          text: "o'clock",
          flag: true,
          number: 42,
          at_time: full['happened_at'],
          nothing: null,
          literal: ':text',
          one: 1,
        },
      ]);
    });

    it('replaces rows by key, the last one of a key counting, and keeps the others', async () => {
      await warehouse.mergeRows(samples, batches([full, { sample_id: 's3', text: 'kept' }]));
      const count = await warehouse.mergeRows(
        samples,
        batches([{ sample_id: 's1', text: 'first' }], [{ sample_id: 's1', text: 'last' }, empty]),
      );
      expect(count).toBe(3);
      expect(
        await warehouse.query(`select sample_id, text, small from ${table()} order by sample_id`),
      ).toEqual([
        { sample_id: 's1', text: 'last', small: null },
        { sample_id: 's2', text: null, small: null },
        { sample_id: 's3', text: 'kept', small: null },
      ]);
    });

    it('drops the rows that are not given when it replaces all', async () => {
      await warehouse.mergeRows(samples, batches([full, empty]));
      await warehouse.mergeRows(samples, batches([{ sample_id: 's9' }]), { replaceAll: true });
      expect(await ids()).toEqual(['s9']);
    });

    it('keeps the old rows when the new ones break off', async () => {
      await warehouse.mergeRows(samples, batches([full]));
      const breaking = async function* (): AsyncIterable<Row[]> {
        yield await Promise.resolve([{ sample_id: 's8' }]);
        throw new Error('the answer broke off');
      };
      await expect(warehouse.mergeRows(samples, breaking(), { replaceAll: true })).rejects.toThrow(
        'the answer broke off',
      );
      expect(await ids()).toEqual(['s1']);
    });

    it('appends only rows whose key is new, however often it is told', async () => {
      await warehouse.appendRows(samples, [full]);
      await warehouse.appendRows(samples, [{ ...full, text: 'changed' }, empty, empty]);
      await warehouse.appendRows(samples, []);
      expect(await warehouse.query(`select sample_id, text from ${table()} order by sample_id`)).toEqual([
        { sample_id: 's1', text: full['text'] },
        { sample_id: 's2', text: null },
      ]);
    });

    it('merges from several callers at once', async () => {
      await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          warehouse.mergeRows(
            samples,
            batches([{ sample_id: 's1', small: index }, { sample_id: `t${index}` }]),
          ),
        ),
      );
      expect(await ids()).toEqual(['s1', 't0', 't1', 't2', 't3', 't4', 't5', 't6', 't7']);
    });

    it('streams in chunks, from one snapshot, while others write', async () => {
      const rows = Array.from({ length: 10_000 }, (_, index) => ({ sample_id: `s${index}`, small: index }));
      await warehouse.mergeRows(samples, batches(rows));
      const seen: unknown[] = [];
      let chunks = 0;
      for await (const chunk of warehouse.stream(`select small from ${table()} where small >= :from`, {
        from: 100,
      })) {
        if (chunks === 0) await warehouse.mergeRows(samples, batches([empty]), { replaceAll: true });
        chunks += 1;
        seen.push(...chunk.map((row) => row['small']));
      }
      expect(chunks).toBeGreaterThan(1);
      expect(new Set(seen).size).toBe(9_900);
    });

    it('lets a reader leave a stream early', async () => {
      await warehouse.mergeRows(
        samples,
        batches(Array.from({ length: 5_000 }, (_, i) => ({ sample_id: `s${i}` }))),
      );
      for await (const chunk of warehouse.stream(`select * from ${table()}`)) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      expect(await warehouse.query('select 1 as one')).toEqual([{ one: 1 }]);
    });

    it('swaps a table under a reader', async () => {
      await warehouse.replaceTable('contract_swap', 'select 1 as version');
      const reader = warehouse.stream(`select version from ${warehouse.name('contract_swap')}`);
      await warehouse.replaceTable('contract_swap', 'select 2 as version');
      const chunks: Row[][] = [];
      for await (const chunk of reader) chunks.push(chunk);
      expect(chunks.flat()).toEqual([{ version: 2 }]);
    });

    it('keeps a table when the query that should replace it fails', async () => {
      await warehouse.replaceTable('contract_swap', 'select 1 as version');
      await expect(warehouse.replaceTable('contract_swap', 'select no_such_column')).rejects.toMatchObject({
        code: 'WAREHOUSE_QUERY_FAILED',
      });
      expect(await warehouse.query(`select version from ${warehouse.name('contract_swap')}`)).toEqual([
        { version: 1 },
      ]);
    });

    it('keeps an existing table and its rows when it is created again', async () => {
      await warehouse.mergeRows(samples, batches([full]));
      await warehouse.createTable(samples);
      expect(await ids()).toEqual(['s1']);
    });

    it.each(['x; drop table y', 'a b', '', 'a"b', "a'b", 'ä', '1a'])('refuses %j as a name', (name) => {
      expect(() => warehouse.name(name)).toThrow('is not a name');
    });

    it('names the refused statement in its error', async () => {
      await expect(warehouse.query('select nothing from nowhere')).rejects.toMatchObject({
        code: 'WAREHOUSE_QUERY_FAILED',
        details: ['select nothing from nowhere'],
      });
    });

    it('says that it is ready, and after closing that it is not', async () => {
      expect(await warehouse.health()).toMatchObject({ isReady: true });
      const closing = await open();
      await closing.close();
      await closing.close();
      expect(await closing.health()).toMatchObject({ isReady: false });
      await expect(closing.query('select 1 as one')).rejects.toMatchObject({ code: 'WAREHOUSE_UNAVAILABLE' });
    });
  });
}
