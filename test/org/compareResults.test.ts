import { describe, expect, it } from '@jest/globals';
import { compareResults } from '../../src/org/compareResults.ts';
import { deployRows } from '../../src/org/deployRows.ts';
import { findProblems } from '../../src/org/findProblems.ts';
import { aComponent } from './samplePackage.ts';

const field = { type: 'CustomField', fullName: 'Product_Property__c.City__c' };
const apex = { type: 'ApexClass', fullName: 'PropertyRollupHandler' };
const row = (component: { type: string; fullName: string }, change: Record<string, unknown> = {}) => ({
  componentType: component.type,
  fullName: component.fullName,
  success: 'true',
  created: 'false',
  changed: 'false',
  deleted: 'false',
  ...change,
});
const succeeded: Parameters<typeof findProblems>[1] = {
  isSuccess: true,
  status: 'Succeeded',
  message: null,
  tests: { run: 0, failures: [], coverage: [] },
};
const failed = { ...succeeded, isSuccess: false, status: 'Failed' };
const problemsOf = (rows: ReturnType<typeof deployRows>, outcome = succeeded) =>
  findProblems([aComponent(apex.type, apex.fullName)], outcome, compareResults([field, apex], rows));

describe('compareResults', () => {
  it('accepts a row of success for each component', () => {
    const rows = deployRows({
      componentSuccesses: [
        { ...row({ type: '', fullName: 'package.xml' }), componentType: undefined },
        row(field, { created: 'true' }),
        row(apex, { changed: true }),
        row({ type: 'CustomObject', fullName: 'Product_Property__c' }),
      ],
    });
    expect(compareResults([field, apex], rows).accepted.map(({ state }) => state)).toEqual([
      'Created',
      'Changed',
    ]);
    expect(problemsOf(rows)).toEqual([]);
  });

  it('never trusts a bare status', () => {
    expect(problemsOf(deployRows(undefined)).map(({ fullName, problem }) => [fullName, problem])).toEqual([
      [field.fullName, 'It was sent, and the org reports nothing of it.'],
      [apex.fullName, 'It was sent, and the org reports nothing of it.'],
    ]);
  });

  it('reports a component that was never sent', () => {
    const other = { type: 'ApexClass', fullName: 'SomebodyElse' };
    const rows = deployRows({ componentSuccesses: [row(field), row(apex), row(other)] });
    expect(problemsOf(rows)).toMatchObject([
      { fullName: 'SomebodyElse', problem: 'The org reports it, and it was not sent.' },
    ]);
  });

  it('says of a failure which file, line and column, and what to do; a single row needs no list', () => {
    const rows = deployRows({
      componentFailures: row(apex, {
        success: 'false',
        problem: 'Variable does not exist: rows',
        problemType: 'Error',
        lineNumber: '12',
        columnNumber: '5',
      }),
    });
    expect(problemsOf(rows, failed)).toEqual([
      {
        ...apex,
        problem: 'Variable does not exist: rows',
        action: expect.stringContaining('lacks'),
        file: 'force-app/PropertyRollupHandler.xml',
        line: 12,
        column: 5,
      },
    ]);
  });

  it('finds the place of a Lightning component in the text', () => {
    const bundle = { type: 'LightningComponentBundle', fullName: 'syncBadge' };
    const problem = '[Line: 3, Col: 19] LWC1503: no such thing';
    const rows = deployRows({
      componentFailures: row(bundle, { success: 'false', problem, lineNumber: '1', columnNumber: '1' }),
    });
    expect(rows).toMatchObject([{ problem: 'LWC1503: no such thing', line: 3, column: 19 }]);
  });

  it('takes a warning about something that is not there for no failure', () => {
    const rows = deployRows({
      componentSuccesses: [
        row(field),
        row(apex, { problem: 'No ApexClass named: X found', problemType: 'Warning' }),
      ],
    });
    expect(problemsOf(rows)).toEqual([]);
  });

  it('tells the place in a test that failed', () => {
    const tests = {
      run: 1,
      coverage: [],
      failures: [
        {
          className: apex.fullName,
          method: 'links',
          message: 'Expected 1',
          stack: 'Class.A.links: line 30, column 1',
        },
      ],
    };
    expect(problemsOf([], { ...failed, tests })).toMatchObject([
      { fullName: 'PropertyRollupHandler.links', line: 30, column: 1 },
    ]);
  });

  it('has a word for a deploy that fails without one', () => {
    expect(problemsOf([], { ...failed, status: 'Canceled' })).toMatchObject([
      { problem: expect.stringContaining('Canceled') },
    ]);
  });
});
