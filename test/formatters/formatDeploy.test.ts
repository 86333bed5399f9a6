import { describe, expect, it } from '@jest/globals';
import {
  formatDeploy,
  formatLeftToDo,
  formatProblems,
  type ShownDeploy,
} from '../../src/formatters/formatDeploy.ts';
import { formatUndeploy } from '../../src/formatters/formatUndeploy.ts';

const deploy = (change: Partial<ShownDeploy> = {}): ShownDeploy => ({
  status: 'Succeeded',
  isDryRun: false,
  components: [
    { type: 'CustomField', fullName: 'Product_Property__c.City__c', state: 'Left', reason: 'the org has it' },
    { type: 'CustomField', fullName: 'Product_Property__c.Street__c', state: 'Created', reason: null },
  ],
  problems: [],
  testsRun: 0,
  remarks: [],
  key: { isUnique: true, surplus: { keys: 0, rows: 0, examples: [], isBounded: false } },
  ...change,
});
const problem = {
  type: 'PermissionSet',
  problem: 'You cannot deploy to a required field: X__c',
  action: 'Make it optional.',
  line: 2,
  column: 1,
};

describe('formatDeploy', () => {
  it('counts by type and says what was left and why', () => {
    const text = formatDeploy(deploy({ testsRun: 3, remarks: ['Little is covered.'] }));
    expect(text).toMatch(/What happened/);
    expect(text).toMatch(/│ CustomField +│ +1 │ +│ +│ +1 │/);
    expect(text).toContain('3 Apex tests passed.\nLittle is covered.');
    expect(text).toContain('Left as it is (the org has it): Product_Property__c.City__c.');
  });

  it('says of a dry run that it only would', () => {
    expect(formatDeploy(deploy({ isDryRun: true }))).toContain('What would happen');
  });

  it('counts nothing of a deploy that failed', () => {
    expect(formatDeploy(deploy({ status: 'Failed' }))).toBe('');
  });

  it('says how many rows keep the key from being unique', () => {
    const surplus = { keys: 2, rows: 3, examples: ['k-1', 'k-2'], isBounded: true };
    expect(formatDeploy(deploy({ key: { isUnique: false, surplus } }))).toContain(
      'The key cannot be Unique yet: at least 3 rows too many, on 2 keys, such as\n  k-1\n  k-2',
    );
  });
});

describe('formatProblems', () => {
  it('says once what several components share, each with its place', () => {
    const text = formatProblems([
      { ...problem, fullName: 'Property_Sync_Viewer' },
      { ...problem, fullName: 'Property_Sync_Operator', column: null },
    ]);
    expect(text).toContain('Problems [2]');
    expect(text.match(/Make it optional/g)).toHaveLength(1);
    expect(text).toMatch(/Property_Sync_Viewer[^]*line 2, column 1[^]*Property_Sync_Operator[^]*line 2 +│/);
  });

  it('keeps problems of several lines apart, and places below their names', () => {
    const text = formatProblems([
      { ...problem, fullName: 'One' },
      { ...problem, fullName: 'Two', problem: 'Another.' },
    ]);
    expect(text).toMatch(/│ One +│[^\n]*\n│ +│ ↳ line 2, column 1 +│[^\n]*\n│ +│ +│ +│ +│\n│ \w+ +│ Two /);
    expect(text).toMatch(/column 1 +│[^\n]*\n└/);
  });

  it('is nothing without problems', () => {
    expect(formatProblems([])).toBe('');
  });
});

describe('formatLeftToDo', () => {
  it('puts errors before warnings and leaves out what is well', () => {
    const text = formatLeftToDo([
      { check: 'org.a', level: 'ok', finding: 'Fine.', action: null, details: [] },
      { check: 'org.b', level: 'warning', finding: 'Odd.', action: 'Look.', details: ['this one'] },
      { check: 'org.c', level: 'error', finding: 'Broken.', action: 'Mend.', details: [] },
    ]);
    expect(text).toMatch(/Broken\.[^]*Mend\.[^]*Odd\.[^]*Look\.[^]*• this one/);
    expect(text).not.toContain('Fine.');
  });
});

describe('formatUndeploy', () => {
  it('groups what goes by type and what stays by reason, and does not list hundreds', () => {
    const labels = Array.from({ length: 60 }, (_, index) => ({
      type: 'CustomLabel',
      fullName: `Label_${index}`,
    }));
    const text = formatUndeploy({
      removed: [...labels, { type: 'CustomObject', fullName: 'Property__c' }],
      kept: [{ type: 'CustomField', fullName: 'Product_Property__c.City__c', reason: '2 rows hold a value' }],
      users: 1,
    });
    expect(text).toContain('and 57 more');
    expect(text).toContain('Property__c and all that is on it');
    expect(text).toMatch(/Product_Property__c\.City__c +│ 2 rows hold a value/);
    expect(text).toContain('1 assignment of these permission sets will be taken from users.');
  });
});
