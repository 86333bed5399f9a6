import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  startDatabricksLocal,
  type DatabricksLocal,
} from '../../scripts/databricks-local/startDatabricksLocal.ts';
import { connect, query, type Session } from './databricksLocalClient.ts';

const volume = '/Volumes/crm/property_sync/uploads';

describe('files of the local Databricks endpoint', () => {
  let warehouse: DatabricksLocal;
  let session: Session;
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'property-sync-test-'));
    warehouse = await startDatabricksLocal();
    session = await (await connect(warehouse)).openSession();
  });
  afterAll(async () => {
    await warehouse.close();
    await rm(directory, { recursive: true });
  });

  const transfer = async (sql: string, stagingAllowedLocalPath = directory): Promise<void> => {
    const operation = await session.executeStatement(sql, { stagingAllowedLocalPath });
    await operation.close();
  };
  /** Puts the text into the volume under the name. */
  const put = async (name: string, text: string): Promise<void> => {
    const file = join(directory, name);
    await writeFile(file, text);
    await transfer(`PUT '${file}' INTO '${volume}/${name}' OVERWRITE`);
  };
  const get = async (name: string): Promise<string> => {
    const file = join(directory, `back-${name}`);
    await transfer(`GET '${volume}/${name}' TO '${file}'`);
    return readFile(file, 'utf8');
  };

  it('go to a volume, come back and are removed', async () => {
    await put('a.txt', 'first');
    expect(await get('a.txt')).toBe('first');
    await put('a.txt', 'second');
    expect(await get('a.txt')).toBe('second');
    await transfer(`REMOVE '${volume}/a.txt'`);
    await expect(get('a.txt')).rejects.toThrow('404');
    // A second time is no error.
    await transfer(`REMOVE '${volume}/a.txt'`);
  });

  it('are not overwritten unless it is said', async () => {
    await put('kept.txt', 'first');
    const file = join(directory, 'kept.txt');
    await expect(transfer(`put '${file}' into '${volume}/kept.txt'`)).rejects.toMatchObject({
      response: { sqlState: '42710' },
    });
    await expect(transfer(`put '${file}' into '/Volumes/crm/property_sync/../x'`)).rejects.toMatchObject({
      response: { sqlState: '42000' },
    });
    await expect(transfer(`put '${file}' to '${volume}/kept.txt'`)).rejects.toMatchObject({
      response: { sqlState: '42601' },
    });
  });

  it('are not read by the driver from elsewhere', async () => {
    const elsewhere = join(directory, 'elsewhere');
    await expect(
      transfer(`put '${directory}/a.txt' into '${volume}/a.txt' overwrite`, elsewhere),
    ).rejects.toThrow('Staging path not a subset of allowed local paths.');
  });

  it('meet faults on their way', async () => {
    warehouse.control.setFaults([{ call: 'TransferFile', kind: 'forbidden' }]);
    await expect(put('late.txt', 'x')).rejects.toThrow('403');
    await put('late.txt', 'x');
    expect(await get('late.txt')).toBe('x');
  });

  it('are copied into a table once each, by the names of the columns', async () => {
    await query(session, 'create table notes (note_id string, written_at timestamp, size int)');
    await put(
      'notes-1.json',
      '{"written_at": "2026-01-05T12:00:00.000Z", "note_id": "a", "size": "7"}\n{"note_id": "b"}\n',
    );
    const copy = `copy into crm.property_sync.notes
      from (select cast(size as int) as size, cast(written_at as timestamp) as written_at,
              cast(note_id as string) as note_id from '${volume}/notes-1.json')
      fileformat = json`;
    expect(await query(session, copy)).toEqual([{ num_affected_rows: 2n }]);
    expect(await query(session, copy)).toEqual([{ num_affected_rows: 0n }]);
    expect(await query(session, 'select * from notes order by note_id')).toEqual([
      { note_id: 'a', written_at: new Date('2026-01-05T12:00:00.000Z'), size: 7 },
      { note_id: 'b', written_at: null, size: null },
    ]);
  });

  it('are copied from a directory, and a missing one is told', async () => {
    await query(session, 'create table names (name string)');
    await writeFile(join(directory, '2.json'), '{"name": "y"}\n');
    await transfer(`put '${join(directory, '2.json')}' into '${volume}/more/2.json' overwrite`);
    expect(await query(session, `copy into names from '${volume}/more' fileformat = json`)).toEqual([
      { num_affected_rows: 1n },
    ]);
    await expect(
      query(session, `copy into names from '${volume}/none' fileformat = json`),
    ).rejects.toMatchObject({
      response: { sqlState: '42K03' },
    });
  });
});
