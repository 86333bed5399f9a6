import { absoluteTime, featureTexts, fieldLabel, fill, relativeTime, valueText } from 'c/syncText';

const nowMs = Date.parse('2026-01-05T12:00:00.000Z');
const at = (seconds: number) => new Date(nowMs + seconds * 1_000).toISOString();

describe('relativeTime', () => {
  const cases: [number, string][] = [
    [0, 'now'],
    [29, 'now'],
    [-29, 'now'],
    [-30, 'now'],
    [-31, '1 minute ago'],
    [12 * 60, 'in 12 minutes'],
    [59.6 * 60, 'in 1 hour'],
    [-2 * 3_600, '2 hours ago'],
    [-24 * 3_600, 'yesterday'],
    [-59 * 86_400, '59 days ago'],
    [-90 * 86_400, '3 months ago'],
  ];
  it.each(cases)('%d s is %s', (seconds, text) => expect(relativeTime(at(seconds), nowMs)).toBe(text));
});

it('gives the moment in full, in the time zone of the user', () => {
  expect(absoluteTime('2026-01-05T12:00:00.000Z')).toBe('Monday, January 5, 2026 at 4:00:00 AM PST');
});

it('fills a label', () => {
  expect(fill('{0} of {1}, {2}', 1, 2)).toBe('1 of 2, {2}');
  expect(fill('{0} since {1}', 'IDV {1}', 'May')).toBe('IDV {1} since May');
});

it('reads the name of a field', () =>
  expect(fieldLabel('ID_Verification_Enabled__c')).toBe('ID Verification Enabled'));

describe('valueText', () => {
  const cases: [Parameters<typeof valueText>[0], string][] = [
    [null, 'empty'],
    ['', 'empty'],
    [true, 'Yes'],
    [false, 'No'],
    [0, '0'],
    ['02110-1234', '02110-1234'],
    ['2025-11-10', 'Nov 10, 2025'],
  ];
  it.each(cases)('%p is %s', (value, text) => expect(valueText(value)).toBe(text));
});

it('names the features that are on, a new one by its code', () => {
  const features = ['idv', 'bank_linking', 'payroll', 'income_insights', 'document_fraud', 'newest'];
  const on = features.map((feature) => ({ feature, isEnabled: true, startDate: null }));
  expect(featureTexts([...on, { feature: 'idv', isEnabled: false, startDate: '2025-01-01' }])).toEqual([
    'ID Verification',
    'Bank Linking',
    'Connected Payroll',
    'Income Verification',
    'Fraud Detection',
    'newest',
  ]);
});
