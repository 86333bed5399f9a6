import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalOrg } from '../../local-org/src/createLocalOrg.ts';
import { sampleSchema, startOrg } from './startOrg.ts';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'local-org-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const write = (...lines: string[]) =>
  writeFileSync(join(dir, 'Sample__c.csv'), lines.map((line) => `${line}\n`).join(''));
const stamp = '2026-01-05T12:00:00.000Z';

describe('a seed', () => {
  it('is read value by value: empty cells and empty strings are null', async () => {
    write(
      'Id,IsDeleted,Name,Code__c,Amount__c,Is_Open__c,Day__c,Moment__c,CreatedById,SystemModstamp',
      `a00ZZ0000000001,false,"Tab, ""quoted""",,,,2026-01-05,2026-01-05T12:00:00.999Z,005ZZ000000AdmnYAC,${stamp}`,
      `a00ZZ0000000002,true,gone,"",1.5,false,,,005ZZ000000AdmnYAC,${stamp}`,
    );
    const org = await startOrg({ seedDir: dir });
    const fields = 'Id, Name, Code__c, Amount__c, Is_Open__c, Day__c, Moment__c, Owner.Name, SystemModstamp';
    expect(await org.select(`SELECT ${fields} FROM Sample__c`)).toEqual([
      {
        Id: 'a00ZZ0000000001YAA',
        Name: 'Tab, "quoted"',
        Code__c: null,
        Amount__c: null,
        Is_Open__c: true,
        Day__c: '2026-01-05',
        Moment__c: '2026-01-05T12:00:00.000+0000',
        Owner: expect.objectContaining({ Name: 'Ada Admin' }) as unknown,
        SystemModstamp: '2026-01-05T12:00:00.000+0000',
      },
    ]);
    const all = await org.api<{ totalSize: number }>('GET', '/queryAll?q=SELECT+Id+FROM+Sample__c');
    expect(all.body.totalSize).toBe(2);
    await org.stop();
  });

  it.each([
    [['Id,IsDeleted,SystemModstamp,Nope__c'], 'Sample__c has no field Nope__c'],
    [['Id,IsDeleted'], 'the column SystemModstamp is missing'],
    [
      ['Id,IsDeleted,SystemModstamp,Day__c', `a00ZZ0000000001,false,${stamp},soon`],
      "record 1: Day__c cannot hold 'soon'",
    ],
    [
      ['Id,IsDeleted,SystemModstamp', `a00ZZ0000000001YAC,false,${stamp}`],
      "Id cannot hold 'a00ZZ0000000001YAC'",
    ],
  ])('that does not fit stops the start: %j', async (lines, message) => {
    write(...lines);
    await expect(createLocalOrg({ schemaDir: sampleSchema, seedDir: dir }).start()).rejects.toThrow(message);
  });

  it('of no known object stops the start', async () => {
    const org = createLocalOrg({ schemaDir: sampleSchema, seedDir: dir });
    await expect(org.start()).rejects.toThrow('holds no <Object>.csv');
  });
});

describe('a schema', () => {
  it.each([
    [{ schemaDir: '/nowhere' }, '/nowhere'],
    [
      { schemaDir: sampleSchema, fieldOverlays: { 'Sample__c.Nope__c': { unique: false } } },
      'has no field Sample__c.Nope__c',
    ],
  ])('that is not there stops the start: %j', async (options, message) => {
    await expect(createLocalOrg(options).start()).rejects.toThrow(message);
  });
});
