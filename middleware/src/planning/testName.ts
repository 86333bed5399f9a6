const testWords = [
  'test',
  'demo',
  'sample',
  'staging',
  'qa',
  'dev',
  'sandbox',
  'training',
  'dummy',
  'fake',
  'temp',
  'do not',
  'delete',
  'remove',
  'duplicate',
];
// A word ends at anything but a letter or a digit: "QA_2" has one, "Devon Court" and "Test2" have none.
const testWordPattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${testWords.join('|')})(?![\\p{L}\\p{N}])`, 'u');

/** Whether a name, normalised but not cut, holds a test word as a whole word (docs/domain.md §3.5, D19). */
export function isTestName(name: string | null): boolean {
  return name !== null && testWordPattern.test(name.toLowerCase());
}
