import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createSamples } from './samples.ts';
import { startOrg, type RunningOrg } from './startOrg.ts';

let org: RunningOrg;
let ids: string[];

beforeAll(async () => {
  org = await startOrg();
  ids = await createSamples(org, [
    {
      Name: 'alpha',
      Code__c: 'A1',
      Amount__c: 10,
      Kind__c: 'RED',
      Day__c: '2026-01-05',
      Moment__c: '2026-01-05T00:00:00Z',
    },
    {
      Name: 'Beta',
      Code__c: 'a2',
      Amount__c: 2.5,
      Kind__c: 'BLUE',
      Day__c: '2026-01-04',
      Moment__c: '2026-01-04T23:59:59Z',
    },
    { Name: 'gamma%', Code__c: 'B_1', Amount__c: -1, Is_Open__c: false, Day__c: '2025-12-31' },
    { Name: "O'Hara", Kind__c: 'RED', Note__c: 'long', Moment__c: '2024-06-01T10:00:00+02:00' },
    { Name: 'delta', Code__c: 'D' },
  ]);
  await org.api('PATCH', `/sobjects/Sample__c/${ids[1] ?? ''}`, { Parent__c: ids[0] });
  await org.api('DELETE', `/sobjects/Sample__c/${ids[4] ?? ''}`);
});

afterAll(() => org.stop());

const names = async (where: string) =>
  (await org.select(`SELECT Name FROM Sample__c WHERE ${where} ORDER BY Name`)).map(
    (record) => record['Name'],
  );

describe('a condition', () => {
  it.each([
    [`Name = 'ALPHA'`, ['alpha']],
    [`Name != 'alpha'`, ['Beta', 'gamma%', "O'Hara"]],
    [`Code__c = 'a1'`, ['alpha']],
    [`Code__c != 'A1'`, ['Beta', 'gamma%', "O'Hara"]],
    [`Code__c = null`, ["O'Hara"]],
    [`Code__c = ''`, ["O'Hara"]],
    [`Code__c != NULL`, ['alpha', 'Beta', 'gamma%']],
    [`Code__c IN ('A1', 'A2', 'none')`, ['alpha', 'Beta']],
    [`Code__c NOT IN ('A1', 'A2')`, ['gamma%', "O'Hara"]],
    [`Name > 'beta'`, ['gamma%', "O'Hara"]],
    [`Name <= 'BETA'`, ['alpha', 'Beta']],
    [`Name LIKE '%A%'`, ['alpha', 'Beta', 'gamma%', "O'Hara"]],
    [`Name LIKE '_eta'`, ['Beta']],
    [`Name LIKE '%\\%'`, ['gamma%']],
    [`Code__c LIKE 'B\\_1'`, ['gamma%']],
    [`(NOT Code__c LIKE 'A%')`, ['gamma%', "O'Hara"]],
    [`Name = 'O\\'Hara'`, ["O'Hara"]],
    [`Amount__c > 2`, ['alpha', 'Beta']],
    [`Amount__c = 2.5`, ['Beta']],
    [`Amount__c < 100`, ['alpha', 'Beta', 'gamma%']],
    [`Is_Open__c = FALSE`, ['gamma%']],
    [`Is_Open__c != false`, ['alpha', 'Beta', "O'Hara"]],
    [`Kind__c = 'RED'`, ['alpha', "O'Hara"]],
    [`Day__c = 2026-01-05`, ['alpha']],
    [`Day__c >= 2026-01-04`, ['alpha', 'Beta']],
    [`Day__c = TODAY`, ['alpha']],
    [`Day__c = YESTERDAY`, ['Beta']],
    [`Day__c < TODAY`, ['Beta', 'gamma%']],
    [`Day__c >= TODAY`, ['alpha']],
    [`Day__c != THIS_YEAR`, ['gamma%', "O'Hara"]],
    [`Day__c = LAST_YEAR`, ['gamma%']],
    [`Day__c = LAST_N_DAYS:5`, ['alpha', 'Beta', 'gamma%']],
    [`Day__c = LAST_N_DAYS:4`, ['alpha', 'Beta']],
    [`Day__c = N_DAYS_AGO:1`, ['Beta']],
    [`Moment__c = TODAY`, ['alpha']],
    [`Moment__c < 2026-01-05T00:00:00Z`, ['Beta', "O'Hara"]],
    [`Moment__c = 2024-06-01T08:00:00Z`, ["O'Hara"]],
    [`Parent__r.Name = 'alpha'`, ['Beta']],
    [`Parent__r.Code__c != null`, ['Beta']],
    [`LastModifiedBy.Name = 'Property Sync' AND Code__c = 'A1'`, ['alpha']],
    [`Id IN (SELECT Parent__c FROM Sample__c)`, ['alpha']],
    [`Code__c = 'A1' OR (Amount__c < 0 AND Is_Open__c = false)`, ['alpha', 'gamma%']],
    [`Sample__c.Name = 'beta'`, ['Beta']],
    [`IsDeleted = true`, []],
  ])('%s', async (where, expected) => {
    expect(await names(where)).toEqual(expected);
  });

  it('compares ids in both lengths and finds lookups by either', async () => {
    const [id = ''] = ids;
    expect(await names(`Id = '${id.slice(0, 15)}'`)).toEqual(['alpha']);
    expect(await names(`Id IN ('${id}', '${id.slice(0, 15)}')`)).toEqual(['alpha']);
    expect(await names(`Parent__c = '${id.slice(0, 15)}'`)).toEqual(['Beta']);
  });
});

describe('a query that Salesforce refuses', () => {
  it.each([
    [`SELECT Id FROM Nothing__c`, 'INVALID_TYPE'],
    [`SELECT Nope__c FROM Sample__c`, 'INVALID_FIELD'],
    [`SELECT Nope__r.Name FROM Sample__c`, 'INVALID_FIELD'],
    [`SELECT Id, Id FROM Sample__c`, 'INVALID_FIELD'],
    [`SELECT Id FROM Sample__c WHERE Nope__c = 1`, 'INVALID_FIELD'],
    [`SELECT Id FROM Sample__c WHERE Name = 5`, 'INVALID_FIELD'],
    [`SELECT Id FROM Sample__c WHERE Amount__c = '5'`, 'INVALID_FIELD'],
    [`SELECT Id FROM Sample__c WHERE Is_Open__c = 'true'`, 'INVALID_FIELD'],
    [`SELECT Id FROM Sample__c WHERE Moment__c = 2026-01-05`, 'INVALID_FIELD'],
    [`SELECT Id FROM Sample__c WHERE Day__c = 2026-01-05T00:00:00Z`, 'INVALID_FIELD'],
    [`SELECT Id FROM Sample__c WHERE Note__c = 'x'`, 'INVALID_FIELD'],
    [`SELECT Id FROM Sample__c ORDER BY Note__c`, 'INVALID_FIELD'],
    [`SELECT Id FROM Sample__c WHERE Id = 'nonsense'`, 'INVALID_QUERY_FILTER_OPERATOR'],
    [`SELECT Id FROM Sample__c WHERE Amount__c LIKE '1%'`, 'INVALID_FIELD'],
    [`SELECT Id FROM Sample__c WHERE Is_Open__c > true`, 'MALFORMED_QUERY'],
    [`SELECT Id FROM Sample__c WHERE Name = 'a' AND Name = 'b' OR Name = 'c'`, 'MALFORMED_QUERY'],
    [`SELECT Id FROM Sample__c WHERE Name = 'a' AND NOT Name = 'b'`, 'MALFORMED_QUERY'],
    [`SELECT Id FROM Sample__c WHERE NOT Name = 'b' AND Name = 'a'`, 'MALFORMED_QUERY'],
    [`SELECT Id FROM Sample__c WHERE Code__c IN ()`, 'MALFORMED_QUERY'],
    [`SELECT Id FROMM Sample__c`, 'MALFORMED_QUERY'],
    [`SELECT Name FROM Sample__c GROUP BY Region__c`, 'MALFORMED_QUERY'],
    [`SELECT SUM(Name) FROM Sample__c`, 'MALFORMED_QUERY'],
    [`SELECT Name n FROM Sample__c`, 'MALFORMED_QUERY'],
    [`SELECT Id FROM Sample__c OFFSET 2001`, 'NUMBER_OUTSIDE_VALID_RANGE'],
    [`SELECT Id FROM Sample__c WHERE Day__c = THIS_FISCAL_YEAR`, 'MALFORMED_QUERY'],
  ])('%s', async (query, code) => {
    expect(await org.soql(query)).toMatchObject({ status: 400, body: [{ errorCode: code }] });
  });

  it.each(['FIELDS(ALL)', 'toLabel(Kind__c)', '(SELECT Id FROM Children__r)'])(
    'says plainly that it does not emulate %s',
    async (item) => {
      const { status, text } = await org.soql(`SELECT ${item} FROM Sample__c`);
      expect(status).toBe(400);
      expect(text).toContain('not emulated by local-org');
    },
  );

  it('refuses a URI of more than 16,384 bytes', async () => {
    const list = Array.from({ length: 1200 }, (_, index) => `'code-${index}'`).join();
    expect(await org.soql(`SELECT Id FROM Sample__c WHERE Code__c IN (${list})`)).toMatchObject({
      status: 414,
    });
  });
});

describe('a result', () => {
  it('orders without case, nulls first unless told otherwise', async () => {
    const ordered = async (by: string) =>
      (await org.select(`SELECT Code__c FROM Sample__c ORDER BY ${by}`)).map((record) => record['Code__c']);
    expect(await ordered('Code__c')).toEqual([null, 'A1', 'a2', 'B_1']);
    expect(await ordered('Code__c DESC')).toEqual([null, 'B_1', 'a2', 'A1']);
    expect(await ordered('Code__c ASC NULLS LAST')).toEqual(['A1', 'a2', 'B_1', null]);
    expect(await ordered('Is_Open__c, Amount__c DESC NULLS LAST')).toEqual(['B_1', 'A1', 'a2', null]);
    expect(await ordered('Parent__r.Name NULLS LAST, Code__c NULLS LAST LIMIT 2')).toEqual(['a2', 'A1']);
    expect(await ordered('Code__c LIMIT 2 OFFSET 1')).toEqual(['A1', 'a2']);
  });

  it('nests parents, writes times as REST does and spells names as the schema does', async () => {
    const { body } = await org.soql(
      `select id, parent__r.name, parent__r.lastmodifiedby.name, moment__c from sample__c where code__c = 'a2'`,
    );
    expect(body).toEqual({
      totalSize: 1,
      done: true,
      records: [
        {
          attributes: { type: 'Sample__c', url: `/services/data/v66.0/sobjects/Sample__c/${ids[1] ?? ''}` },
          Id: ids[1],
          Parent__r: {
            attributes: { type: 'Sample__c', url: `/services/data/v66.0/sobjects/Sample__c/${ids[0] ?? ''}` },
            Name: 'alpha',
            LastModifiedBy: { attributes: expect.objectContaining({ type: 'User' }), Name: 'Property Sync' },
          },
          Moment__c: '2026-01-04T23:59:59.000+0000',
        },
      ],
    });
    expect(await org.select(`SELECT Parent__r.Name FROM Sample__c WHERE Code__c = 'A1'`)).toEqual([
      { Parent__r: null },
    ]);
  });

  it.each([
    [`SELECT COUNT(Id) FROM Sample__c`, [{ expr0: 4 }]],
    [`SELECT COUNT(Code__c) codes, COUNT_DISTINCT(Kind__c) FROM Sample__c`, [{ codes: 3, expr0: 2 }]],
    [
      `SELECT MIN(Amount__c), MAX(Amount__c), SUM(Amount__c), AVG(Amount__c) FROM Sample__c`,
      [{ expr0: -1, expr1: 10, expr2: 11.5, expr3: 11.5 / 3 }],
    ],
    [`SELECT MAX(Moment__c) FROM Sample__c`, [{ expr0: '2026-01-05T00:00:00.000+0000' }]],
    [`SELECT SUM(Amount__c) FROM Sample__c WHERE Name = 'none'`, [{ expr0: null }]],
    [
      `SELECT Kind__c, COUNT(Id) n FROM Sample__c GROUP BY Kind__c ORDER BY COUNT(Id) DESC, Kind__c`,
      [
        { Kind__c: 'RED', n: 2 },
        { Kind__c: null, n: 1 },
        { Kind__c: 'BLUE', n: 1 },
      ],
    ],
    [`SELECT Kind__c FROM Sample__c GROUP BY Kind__c HAVING COUNT(Id) > 1`, [{ Kind__c: 'RED' }]],
    [
      `SELECT Parent__r.Name parent FROM Sample__c WHERE Parent__c != null GROUP BY Parent__r.Name`,
      [{ parent: 'alpha' }],
    ],
  ])('%s', async (query, expected) => {
    expect(await org.select(query)).toEqual(expected);
  });

  it('counts with COUNT() in totalSize alone', async () => {
    expect((await org.soql('SELECT COUNT() FROM Sample__c')).body).toEqual({
      totalSize: 4,
      done: true,
      records: [],
    });
  });

  it('shows the recycle bin to queryAll only', async () => {
    const path = `/queryAll?q=${encodeURIComponent('SELECT Name FROM Sample__c WHERE IsDeleted = true')}`;
    const { body } = await org.api<{ records: { Name: string }[] }>('GET', path);
    expect(body.records.map((record) => record.Name)).toEqual(['delta']);
    expect((await org.soql('SELECT Id FROM Sample__c')).body.totalSize).toBe(4);
  });
});

/** A random condition over two fields, written with full parentheses, and the same condition as a function. */
interface Rule {
  readonly text: string;
  readonly holds: (row: { code: string | null; amount: number | null }) => boolean;
}

const rule: fc.Arbitrary<Rule> = fc.letrec<{ rule: Rule }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Rule>(
      { text: `Code__c = 'A1'`, holds: ({ code }) => code?.toLowerCase() === 'a1' },
      { text: `Code__c != 'a2'`, holds: ({ code }) => code?.toLowerCase() !== 'a2' },
      { text: `Code__c = null`, holds: ({ code }) => code === null },
      { text: `Amount__c > 0`, holds: ({ amount }) => amount !== null && amount > 0 },
      { text: `Amount__c <= 2.5`, holds: ({ amount }) => amount !== null && amount <= 2.5 },
    ),
    tie('rule').map(({ text, holds }): Rule =>
      text.startsWith('(NOT') ? { text, holds } : { text: `(NOT ${text})`, holds: (row) => !holds(row) },
    ),
    fc
      .record({
        operator: fc.constantFrom('AND', 'OR'),
        operands: fc.array(tie('rule'), { minLength: 2, maxLength: 3 }),
      })
      .map(({ operator, operands }): Rule => ({
        text: `(${operands.map((operand) => operand.text).join(` ${operator} `)})`,
        holds: (row) =>
          operator === 'AND'
            ? operands.every((each) => each.holds(row))
            : operands.some((each) => each.holds(row)),
      })),
  ),
})).rule;

describe('any nesting of AND, OR and NOT', () => {
  const rows = [
    { code: 'A1', amount: 10 },
    { code: 'a2', amount: 2.5 },
    { code: 'B_1', amount: -1 },
    { code: null, amount: null },
  ];

  it('means what it says', async () => {
    await fc.assert(
      fc.asyncProperty(rule, async ({ text, holds }) => {
        const found = await org.select(`SELECT Code__c FROM Sample__c WHERE ${text} ORDER BY Code__c`);
        const expected = rows.filter(holds).map((row) => row.code);
        expect(found.map((record) => record['Code__c']).sort()).toEqual(expected.sort());
      }),
      { numRuns: 100 },
    );
  });
});
