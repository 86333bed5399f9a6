import { describe, expect, it } from '@jest/globals';
import type { FieldExplanation, Finding } from '../../middleware/src/contracts/index.ts';
import { createProgress, formatShare } from '../../src/formatters/createProgress.ts';
import { formatExplanation } from '../../src/formatters/formatExplanation.ts';
import { formatFindings } from '../../src/formatters/formatFindings.ts';
import { formatPlan } from '../../src/formatters/formatPlan.ts';
import { formatResync } from '../../src/formatters/formatResync.ts';
import { formatFailedItems, formatRuns, formatSchedules } from '../../src/formatters/formatRuns.ts';
import { formatTable } from '../../src/formatters/formatTable.ts';
import { formatDuration, formatTime, formatValue, toPlainText } from '../../src/formatters/formatValue.ts';
import {
  anExplanation,
  aPlan,
  aResync,
  aRun,
  aRunItem,
  aSchedule,
  propertyId,
  runId,
} from '../commands/results.ts';

const widthOf = (text: string): number => Math.max(...text.split('\n').map(({ length }) => length));
/** The cells of the row that begins with this text. */
const rowOf = (text: string, first: string): string[] | undefined =>
  text
    .split('\n')
    .map((line) =>
      line
        .split('│')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
    .find(([cell]) => cell === first);

describe('values', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1_000, '1.0 s'],
    [59_949, '59.9 s'],
    [59_950, '1 min 00 s'],
    [245_000, '4 min 05 s'],
    [3_599_499, '59 min 59 s'],
    [7_380_000, '2 h 03 min'],
  ])('%d ms are %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('name their zone, group their digits and show what is empty', () => {
    expect(formatTime('2026-01-05T12:00:03.999Z')).toBe('2026-01-05 12:00:03 UTC');
    expect(formatTime(null)).toBe('–');
    expect([null, '', 0, 1_234_567, false].map(formatValue)).toEqual(['–', '', '0', '1,234,567', 'false']);
  });

  it('cannot steer the terminal', () => {
    expect(toPlainText('a\u001b[31mb\u0007c\u202ed\u2028e\tf')).toBe('a [31mb c d e f');
  });
});

describe('a table', () => {
  const id = { name: 'Id', isWhole: true };

  it('fits, breaks texts at words and ids never, and keeps numbers on the right', () => {
    const text = formatTable(
      'T',
      [id, 'Text', { name: 'N', isNumber: true }],
      [[propertyId, 'word '.repeat(60).trim(), '1,081']],
    );
    expect(widthOf(text)).toBe(120);
    expect(text).toContain(`│ ${propertyId} │`);
    expect(text).toContain('│ 1,081 │');
    expect(text.match(/word/g)).toHaveLength(60);
  });

  it('fits where a terminal does not know its width', () => {
    const { isTTY, columns } = process.stdout;
    try {
      Object.assign(process.stdout, { isTTY: true, columns: 0 });
      expect(widthOf(formatTable('T', ['Text'], [['word '.repeat(60).trim()]]))).toBe(120);
    } finally {
      Object.assign(process.stdout, { isTTY, columns });
    }
  });

  it('narrows texts rather than ids, though they are shorter', () => {
    const texts = Array<string>(4).fill('of thirty characters, or so, it is');
    const text = formatTable('', [id, 'A', 'B', 'C', 'D'], [[propertyId, ...texts]]);
    expect(widthOf(text)).toBe(120);
    expect(text).toContain(`│ ${propertyId} │`);
  });

  it('is nothing without rows, and leaves out an optional column that is empty', () => {
    expect(formatTable('T', ['A'], [])).toBe('');
    const columns = ['A', { name: 'B', isOptional: true }];
    expect(formatTable('', columns, [['1', '']])).not.toContain('B');
    expect(
      formatTable('', columns, [
        ['1', ''],
        ['2', 'x'],
      ]),
    ).toContain('B');
  });
});

describe('a plan', () => {
  const nothing = { items: [], hasMoreItems: false };

  it('shows each class, reasons and fields by number, and what was measured', () => {
    const text = formatPlan(aPlan(), { syncs: ['A', 'B'], ...nothing });
    expect(rowOf(text, 'create (Sync A)')).toEqual(['create (Sync A)', '1,081', '507 with a paid feature']);
    expect(rowOf(text, 'update (Sync B)')).toEqual([
      'update (Sync B)',
      '1,843',
      '12 in computed fields alone; 1 value emptied',
    ]);
    expect(rowOf(text, 'excluded')?.[1]).toBe('1,066');
    expect(rowOf(text, 'NO_COMPANY')).toEqual(['NO_COMPANY', '5', 'has no company']);
    expect(text.indexOf('Status__c')).toBeLessThan(text.indexOf('│ Name '));
    expect(text).not.toMatch(/TEST_NAME|City__c/);
    expect(rowOf(text, 'volume')).toEqual(['volume', 'passed', 'Few enough.']);
    expect(text).toContain('Built 2026-01-05 12:00:03 UTC in 12.7 s');
  });

  it('of one sync shows that one', () => {
    expect(formatPlan(aPlan(), { syncs: ['A'], ...nothing })).not.toMatch(/Sync B|Fields that would change/);
    expect(formatPlan(aPlan(), { syncs: ['B'], ...nothing })).not.toMatch(/Sync A/);
  });

  it('that cannot be run says why, and what to do', () => {
    const blocked = aPlan({
      state: 'blocked',
      isSourceStale: true,
      guards: [
        {
          guard: 'picklist',
          isTripped: true,
          isReleasable: false,
          measured: 1,
          limit: 0,
          detail: 'Unknown value.',
        },
      ],
    });
    const text = formatPlan(blocked, { syncs: ['A', 'B'], ...nothing });
    expect(text).toContain('is blocked.');
    expect(text).toContain('(STALE)');
    expect(rowOf(text, 'picklist')).toEqual(['picklist', 'TRIPPED', 'Unknown value.']);
    const failed = aPlan({
      state: 'failed',
      summary: null,
      guards: [],
      builtAt: null,
      error: {
        code: 'VIEW_CHANGED',
        message: 'A view is another.',
        action: 'Apply it.',
        details: ['view x'],
      },
    });
    expect(
      formatPlan(failed, { syncs: ['A'], ...nothing })
        .split('\n')
        .slice(2),
    ).toEqual(['  VIEW_CHANGED: A view is another.', '    • view x', '  Apply it.']);
  });

  it('shows its rows: a create by what people know it by, an update field by field', () => {
    const row = { stagingId: null, groupKey: 'g', priority: null, warnings: [], rowHash: 'h', ordinal: 0 };
    const text = formatPlan(aPlan(), {
      syncs: ['A', 'B'],
      hasMoreItems: true,
      items: [
        {
          ...row,
          rdsPropertyId: propertyId,
          operation: 'create',
          expected: { Name: 'Park Kennedy' },
          changes: [],
        },
        {
          ...row,
          rdsPropertyId: 'b0000000-0000-4000-8000-000000000002',
          operation: 'update',
          expected: {},
          changes: [
            { field: 'Name', from: 'Old', to: 'New' },
            { field: 'City__c', from: null, to: 'Amberham' },
          ],
        },
      ],
    });
    expect(rowOf(text, propertyId)).toEqual([propertyId, 'Park Kennedy', '–', '–']);
    expect(rowOf(text, 'b0000000-0000-4000-8000-000000000002')?.slice(1)).toEqual(['Name', 'Old', 'New']);
    expect(rowOf(text, '')).toEqual(['', 'City__c', '–', 'Amberham']);
    expect(text).toContain('To create (the first ones; --items shows more)');
  });
});

describe('runs', () => {
  it('stand with their counts and their time', () => {
    const text = formatRuns([aRun()]);
    expect(rowOf(text, 'Sync A (create)')).toEqual([
      'Sync A (create)',
      'succeeded',
      '1,081',
      '1,081',
      '1,081',
      '0',
      '0',
      '4 min 05 s',
    ]);
    expect(text).toContain(`Run ${runId}, Sync A (create), of plan`);
  });

  it('that are not green say why', () => {
    const text = formatRuns([
      aRun({
        sync: 'B',
        kind: 'update',
        state: 'paused',
        endedAt: null,
        counts: { ...aRun().counts, verified: 900, failed: 2, quarantined: 3, unknown: 1 },
        pause: {
          cause: 'brake',
          at: '2026-01-05T12:01:00.000Z',
          by: 'middleware',
          reason: 'Too many failed.',
        },
        stopRequest: { kind: 'cancel', at: '2026-01-05T12:02:00.000Z', by: 'kim', reason: 'Wrong plan.' },
        error: { code: 'BRAKE_TRIPPED', message: 'Stopped.', action: 'Look.', details: ['5 of 1,081'] },
      }),
    ]);
    expect(rowOf(text, 'Sync B (update)')?.slice(1)).toEqual([
      'paused',
      '1,081',
      '1,081',
      '900',
      '5',
      '0',
      '–',
    ]);
    expect(
      text
        .split('\n')
        .slice(-8)
        .map((line) => line.trim()),
    ).toEqual([
      expect.stringContaining('Asked for by admin'),
      '3 records in quarantine: not sent again until mended.',
      '1 record whose outcome is not known yet.',
      'Paused (brake) by middleware at 2026-01-05 12:01:00 UTC: Too many failed.',
      'kim asked to cancel it at 2026-01-05 12:02:00 UTC: Wrong plan.',
      'BRAKE_TRIPPED: Stopped.',
      '• 5 of 1,081',
      'Look.',
    ]);
  });

  it('list what was not verified, with the innermost cause', () => {
    const text = formatFailedItems([aRunItem(), aRunItem({ error: null, state: 'unknown' })], true);
    expect(rowOf(text, propertyId)).toEqual([propertyId, 'failed', 'STRING_TOO_LONG: Too long. (Name)']);
    expect(text).toContain('--items shows more');
    expect(formatFailedItems([], false)).toBe('');
  });

  it('show what failed alike together', () => {
    const alike = Array.from({ length: 7 }, (_, at) => aRunItem({ rdsPropertyId: `id-${String(at)}` }));
    const text = formatFailedItems([...alike, aRunItem({ error: null })], false);
    expect(text.match(/STRING_TOO_LONG/g)).toHaveLength(1);
    expect(rowOf(text, 'id-4')).toBeDefined();
    expect(rowOf(text, 'id-5')).toBeUndefined();
    expect(rowOf(text, 'and 2 more alike')).toBeDefined();
  });

  it('start by schedules, shown as they are in force', () => {
    const text = formatSchedules([
      aSchedule(),
      aSchedule({
        sync: 'B',
        intervalMs: null,
        isAsDeclared: false,
        nextAt: null,
        pause: { at: '2026-01-05T12:00:00.000Z', by: 'kim', reason: 'release' },
        lastTick: {
          at: '2026-01-05T12:00:00.000Z',
          outcome: 'blocked',
          planId: null,
          runId: null,
          detail: 'a guard',
        },
      }),
    ]);
    expect(rowOf(text, 'Sync A (create)')).toEqual([
      'Sync A (create)',
      'every 15 min',
      '2026-01-05 12:15:00 UTC',
      '–',
    ]);
    expect(rowOf(text, 'Sync B (update)')?.slice(1)).toEqual([
      'never',
      '–',
      '2026-01-05 12:00:00 UTC, blocked: a guard',
    ]);
    expect(text).toContain('NOT as the settings declare');
    expect(text).toContain('PAUSED by kim: release');
  });
});

describe('a resync', () => {
  it('says of each property what became of it', () => {
    const error = {
      class: 'permanentData',
      code: 'STRING_TOO_LONG',
      message: 'Too long.',
      fields: [],
    } as const;
    const [member] = aResync().members;
    if (member === undefined) throw new Error('There is none.');
    const text = formatResync(
      aResync({
        state: 'partiallySucceeded',
        members: [
          member,
          { ...member, rdsPropertyId: 'x', state: 'failed', error: { ...error, fields: [] } },
          {
            ...member,
            rdsPropertyId: 'y',
            classification: 'EXCLUDED',
            reasonCode: 'NO_COMPANY',
            state: null,
          },
        ],
      }),
    );
    expect(text).toContain('partially succeeded.');
    expect(rowOf(text, propertyId)?.at(-1)).toBe('verified');
    expect(rowOf(text, 'x')?.at(-1)).toBe('failed: STRING_TOO_LONG, Too long.');
    expect(rowOf(text, 'y')?.slice(2)).toEqual(['EXCLUDED (NO_COMPANY)', 'nothing to write']);
  });
});

describe('an explanation', () => {
  const field = (changes: Partial<FieldExplanation>): FieldExplanation => ({
    field: 'Name',
    column: 'name',
    source: 'New',
    view: 'New',
    expected: 'New',
    salesforce: 'New',
    doesDiffer: false,
    rule: 'Its own name.',
    contributorId: propertyId,
    ...changes,
  });
  const group = { contributorId: null, source: null };

  it.each<[string, Partial<FieldExplanation>, string[]]>([
    ['the same everywhere', {}, ['', 'Name', 'New', '=', 'its own']],
    ['other in Salesforce', { salesforce: 'Old', doesDiffer: true }, ['≠', 'Name', 'New', 'Old', 'its own']],
    ['missing there', { salesforce: null, doesDiffer: true }, ['≠', 'Name', 'New', '–', 'its own']],
    ['of the group', { ...group, contributorId: null }, ['', 'Name', 'New', '=', 'the group']],
    [
      'empty in both',
      { expected: null, view: null, source: null, salesforce: null },
      ['', 'Name', '–', '–', 'its own'],
    ],
  ])('of a value %s', (_name, changes, row) => {
    // The mark stands in a column of its own where any field differs.
    const text = formatExplanation(anExplanation([field(changes), field({ field: 'Z', doesDiffer: true })]));
    expect(rowOf(text, row[0] ?? '')).toBeDefined();
    expect(
      text.split('\n').map((line) =>
        line
          .split('│')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ),
    ).toContainEqual(row);
  });

  it('names view and source where they hold another value', () => {
    const text = formatExplanation(
      anExplanation([
        field({ source: '2025-11-10T09:30', view: '2025-11-11', expected: '2025-11-10', salesforce: null }),
      ]),
    );
    expect(text).toMatch(/│ 2025-11-10 .*\n.*│ view 2025-11-11 .*\n.*│ source 2025-11-10T09:30 /);
  });

  it('gives each rule once, and first what holds', () => {
    const text = formatExplanation(anExplanation([field({})]));
    expect(text.match(/Its own name\./g)).toHaveLength(1);
    expect(text.indexOf('Sync not running?')).toBeLessThan(text.indexOf('Ids mixed up?'));
    expect(rowOf(text, 'Sync not running?')?.slice(1)).toEqual([
      'YES',
      'Sync B is not scheduled.',
      'Schedule it.',
    ]);
  });
});

describe('findings', () => {
  const finding = (check: string, level: Finding['level'], details: string[] = []): Finding => ({
    check,
    level,
    finding: `Seen by ${check}.`,
    action: level === 'ok' ? null : 'Mend it.',
    details,
  });

  it('stand by part, the worst first, with their details only where something is wrong', () => {
    const many = Array.from({ length: 11 }, (_, at) => `detail ${String(at)}`);
    const text = formatFindings([
      finding('warehouse.views', 'ok', ['not shown']),
      finding('salesforce.fields', 'ok'),
      finding('salesforce.key', 'error', many),
      finding('salesforce.lengths', 'warning'),
      finding('novel.check', 'ok'),
    ]);
    const order = [
      'as the integration user',
      '│ ERROR ',
      '│ WARNING ',
      '│ ok ',
      '\nWarehouse\n',
      '\nnovel\n',
    ];
    const places = order.map((part) => text.indexOf(part));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(text).not.toContain('not shown');
    expect(text).toContain('•\u00a0detail 7');
    expect(text).toContain('•\u00a0and 3 more');
    expect(text).not.toContain('detail 8');
    expect(text.split('\n').at(-1)).toBe('5 checks: 1 error, 1 warning, 3 ok.');
  });
});

describe('progress', () => {
  function watch(isTerminal: boolean): {
    lines: string[];
    status: string[];
    tick: (ms: number) => void;
    progress: ReturnType<typeof createProgress>;
  } {
    const lines: string[] = [];
    const status: string[] = [];
    let now = 0;
    const spinner = {
      start: (title: string) => status.push(`start ${title}`),
      stop: (text: string) => status.push(`stop ${text}`),
      set status(text: string) {
        status.push(text);
      },
    };
    const command = { spinner, logToStderr: (line?: string) => lines.push(line ?? '') };
    const progress = createProgress(command as never, 'Sync A', { isTerminal, now: () => now });
    return { lines, status, progress, tick: (ms) => (now += ms) };
  }

  it('without a terminal is a line for each stage, and one each ten seconds', () => {
    const { lines, status, progress, tick } = watch(false);
    for (let at = 0; at < 25; at += 1) {
      progress.update('writing', `${String(at)} of 25`);
      tick(1_000);
    }
    progress.update('reading back');
    progress.end('succeeded');
    expect(lines).toEqual([
      'Sync A: writing, 0 of 25',
      'Sync A: writing, 10 of 25',
      'Sync A: writing, 20 of 25',
      'Sync A: reading back',
      'Sync A: succeeded',
    ]);
    expect(status).toEqual([]);
  });

  it('on a terminal is one line that moves', () => {
    const { lines, status, progress } = watch(true);
    progress.update('writing', '1/2');
    progress.end('succeeded');
    expect({ lines, status }).toEqual({
      lines: [],
      status: ['start Sync A', '1/2 writing', 'stop succeeded'],
    });
  });

  it.each([
    [0, 0, '█'.repeat(24) + ' 0/0'],
    [0, 4, '░'.repeat(24) + ' 0/4'],
    [600, 1_200, '█'.repeat(12) + '░'.repeat(12) + ' 600/1,200'],
    [9, 4, '█'.repeat(24) + ' 9/4'],
  ])('%d of %d is drawn in proportion', (done, total, text) => {
    expect(formatShare(done, total, true)).toBe(text);
  });
});
