import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DatabricksWarehouse } from '../../../middleware/src/adapters/databricks/databricksWarehouse.ts';
import type { Row, TableDefinition } from '../../../middleware/src/ports/warehouse.ts';
import type { FaultInput } from '../../../scripts/databricks-local/faults.ts';
import {
  startDatabricksLocal,
  type DatabricksLocal,
} from '../../../scripts/databricks-local/startDatabricksLocal.ts';
import { describeWarehouse } from '../ports/warehouse.contract.ts';
import { openDatabricks } from './openDatabricks.ts';

let endpoint: DatabricksLocal;
beforeAll(async () => {
  endpoint = await startDatabricksLocal({ linksFromRows: 3_000 });
});
afterAll(() => endpoint.close());

describeWarehouse('Databricks, by its driver', () => Promise.resolve(openDatabricks(endpoint)));

const notes: TableDefinition = {
  name: 'fault_notes',
  keyColumn: 'note_id',
  columns: { note_id: 'string', text: 'string' },
};
const someNotes = (count: number, text = ''): Row[] =>
  Array.from({ length: count }, (_, index) => ({ note_id: `n${String(index)}`, text }));

async function* once(rows: readonly Row[]): AsyncIterable<readonly Row[]> {
  yield await Promise.resolve(rows);
}

describe('a warehouse of Databricks that fails', () => {
  let warehouse: DatabricksWarehouse;
  const countNotes = async (): Promise<unknown> =>
    (await warehouse.query(`select count(*) as n from ${warehouse.name(notes.name)}`))[0]?.['n'];

  beforeEach(async () => {
    warehouse = openDatabricks(endpoint);
    await warehouse.createTable(notes);
    await warehouse.mergeRows(notes, once([]), { replaceAll: true });
  });
  afterEach(async () => {
    endpoint.control.setFaults([]);
    await warehouse.close();
  });

  const passing = ['unavailable', 'rateLimited', 'reset', 'resetAfter', 'hang'] as const;
  const calls = ['OpenSession', 'ExecuteStatement', 'FetchResults', 'GetOperationStatus'] as const;

  it.each(calls.flatMap((call) => passing.map((kind) => [call, kind] as const)))(
    'outlives %s meeting: %s',
    async (call, kind) => {
      const faults: FaultInput[] = [{ call, kind, times: 2 }];
      endpoint.control.setFaults(faults);
      // Only an answer that never comes has to be given up soon.
      const fresh = openDatabricks(endpoint, kind === 'hang' ? { requestTimeoutMs: 1_500 } : {});
      await fresh.appendRows(notes, someNotes(2_000));
      await fresh.mergeRows(notes, once(someNotes(2_500)));
      expect(await fresh.query(`select count(*) as n from ${fresh.name(notes.name)}`)).toEqual([
        { n: 2_500n },
      ]);
      // Long enough to be fetched in parts, and to go by links.
      let rows = 0;
      const numbers = `select a.note_id from ${fresh.name(notes.name)} as a cross join (select 1 as x union all select 2) as b`;
      for await (const chunk of fresh.stream(numbers)) rows += chunk.length;
      expect(rows).toBe(5_000);
      await fresh.close();
      endpoint.control.setFaults([]);
      expect(await countNotes()).toBe(2_500n);
    },
  );

  it('adds nothing twice when the answer to an append is lost after it was done', async () => {
    endpoint.control.setFaults([{ call: 'ExecuteStatement', kind: 'resetAfter', statement: 'merge into' }]);
    await warehouse.appendRows(notes, someNotes(10));
    expect(endpoint.control.faults.map(({ hits }) => hits)).toEqual([1]);
    expect(await countNotes()).toBe(10n);
  });

  it('fills a stage once, though an answer on the way is lost', async () => {
    endpoint.control.setFaults([
      { call: 'ExecuteStatement', kind: 'resetAfter', statement: 'insert into', after: 1 },
    ]);
    const long = 'x'.repeat(400);
    expect(await warehouse.mergeRows(notes, once(someNotes(6_000, long)), { replaceAll: true })).toBe(6_000);
    expect(endpoint.control.faults.map(({ hits }) => hits)).toEqual([1]);
    expect(await countNotes()).toBe(6_000n);
  });

  it('opens a new session when the old one is lost', async () => {
    const before = endpoint.control.calls['OpenSession'] ?? 0;
    endpoint.control.loseSessions();
    expect(await countNotes()).toBe(0n);
    expect(endpoint.control.calls['OpenSession']).toBe(before + 1);
  });

  it.each(['expired', 'forbidden'] as const)(
    'reads anew when the links to the parts of a result are: %s',
    async (kind) => {
      await warehouse.mergeRows(notes, once(someNotes(5_000)));
      endpoint.control.setFaults([{ call: 'DownloadResult', kind }]);
      const rows = await warehouse.query(`select note_id from ${warehouse.name(notes.name)}`);
      expect(new Set(rows.map((row) => row['note_id'])).size).toBe(5_000);
      expect(endpoint.control.faults.map(({ hits }) => hits)).toEqual([1]);
    },
  );

  it('waits as long as Retry-After says', async () => {
    endpoint.control.setFaults([{ call: 'ExecuteStatement', kind: 'rateLimited', retryAfterS: 1 }]);
    const startedAt = performance.now();
    expect(await countNotes()).toBe(0n);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(1_000);
  });

  it('begins anew after a conflict with another writer', async () => {
    endpoint.control.setFaults([
      {
        call: 'ExecuteStatement',
        kind: 'failed',
        statement: 'merge into',
        sqlState: '2D521',
        message: '[DELTA_CONCURRENT_APPEND] Files were added by a concurrent update.',
      },
    ]);
    await warehouse.appendRows(notes, someNotes(3));
    expect(await countNotes()).toBe(3n);
  });

  it.each(['unauthorized', 'forbidden'] as const)('does not ask again after: %s', async (kind) => {
    const fresh = openDatabricks(endpoint);
    const before = endpoint.control.calls['OpenSession'] ?? 0;
    endpoint.control.setFaults([{ call: 'OpenSession', kind, times: 9 }]);
    await expect(fresh.query('select 1 as one')).rejects.toMatchObject({
      code: 'WAREHOUSE_UNAUTHORIZED',
      isRetryable: false,
    });
    expect(endpoint.control.calls['OpenSession']).toBe(before + 1);
    expect(await fresh.health()).toMatchObject({ isReady: false });
    await fresh.close();
  });

  it('says what the warehouse says of a statement that it refuses, and does not send it again', async () => {
    const before = endpoint.control.calls['ExecuteStatement'] ?? 0;
    await expect(warehouse.query('select missing from nowhere')).rejects.toMatchObject({
      code: 'WAREHOUSE_QUERY_FAILED',
      message: expect.stringMatching(/nowhere[\s\S]*SQLSTATE/) as unknown,
      details: ['select missing from nowhere'],
    });
    expect(endpoint.control.calls['ExecuteStatement']).toBe(before + 1);
  });

  it('gives up in the end, and says that waiting can help', async () => {
    endpoint.control.setFaults([{ call: 'ExecuteStatement', kind: 'unavailable', times: 99 }]);
    await expect(countNotes()).rejects.toMatchObject({ code: 'WAREHOUSE_UNAVAILABLE', isRetryable: true });
    expect(endpoint.control.faults[0]?.hits).toBe(6);
  });

  it('cancels what runs when it is closed', async () => {
    const running = warehouse.query(
      'select count(*) as n from range(100000) as a(i), range(100000) as b(j) where (a.i * b.j) % 7 = 1',
    );
    const refused = expect(running).rejects.toMatchObject({
      code: 'WAREHOUSE_UNAVAILABLE',
      message: 'The warehouse is closed.',
    });
    while (endpoint.control.openOperations === 0) await new Promise((resolve) => setImmediate(resolve));
    await warehouse.close();
    await refused;
    expect(endpoint.control.openOperations).toBe(0);
    expect(endpoint.control.openSessions).toBe(0);
  });

  it('sends what is large through a volume as one file, and leaves nothing there', async () => {
    const byFile = openDatabricks(endpoint, { volume: 'uploads' });
    const before = endpoint.control.statements.length;
    const nasty = `it's "quoted", ünïcode 🙂\nand \\ two lines ${'x'.repeat(300)}`;
    const rows = [...someNotes(6_000, nasty), { note_id: 'n0', text: null }];
    expect(await byFile.mergeRows(notes, once(rows))).toBe(6_001);
    const found = await byFile.query(
      `select note_id, text from ${byFile.name(notes.name)} where note_id in ('n0', 'n5999') order by note_id`,
    );
    expect(found).toEqual([
      { note_id: 'n0', text: null },
      { note_id: 'n5999', text: nasty },
    ]);
    const sent = endpoint.control.statements.slice(before).map((sql) => sql.split(/\s/)[0]);
    expect(sent).toEqual(['create', 'put', 'copy', 'remove', 'merge', 'drop', 'select']);
    await byFile.close();
  });
});

describe('a warehouse of Databricks that sleeps', () => {
  let sleeping: DatabricksLocal;
  afterEach(() => sleeping.close());

  it('is woken and waited for, and its health says meanwhile that it is starting', async () => {
    sleeping = await startDatabricksLocal({ coldStartMs: 3_000 });
    const seen: string[] = [];
    const warehouse = openDatabricks(sleeping, {
      log: { info: (message) => void seen.push(message), warn: () => undefined },
    });
    const rows = warehouse.query('select 1 as one');
    const meanwhile = await warehouse.health();
    expect(meanwhile).toEqual({
      isReady: false,
      detail: expect.stringContaining('The warehouse is starting') as unknown,
    });
    expect(await rows).toEqual([{ one: 1 }]);
    expect(await warehouse.health()).toMatchObject({ isReady: true });
    await warehouse.close();
  });

  it('is not waited for for ever', async () => {
    sleeping = await startDatabricksLocal();
    sleeping.control.setFaults([{ call: 'OpenSession', kind: 'unavailable', times: 9_999 }]);
    const warehouse = openDatabricks(sleeping, { startTimeoutMs: 300 });
    await expect(warehouse.query('select 1 as one')).rejects.toMatchObject({ code: 'WAREHOUSE_UNAVAILABLE' });
    await warehouse.close();
  });
});
