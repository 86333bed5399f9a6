import { describe, expect, it } from '@jest/globals';
import { createResultLinks, type ResultPart } from '../../scripts/databricks-local/resultLinks.ts';
import { noResult } from '../../scripts/databricks-local/statementResult.ts';

describe('links to the parts of a result', () => {
  const part: ResultPart = { result: noResult, startRow: 0, rowCount: 0 };
  const inAnHour = (): number => Date.now() + 3_600_000;

  it('end with their time, whatever the client thinks of it', () => {
    const links = createResultLinks();
    expect(links.read(links.create(part, inAnHour()))).toBeInstanceOf(Buffer);
    expect(links.read(links.create(part, Date.now() - 1))).toBeUndefined();
    expect(links.read('/results/none')).toBeUndefined();
  });

  it('are not kept without end', () => {
    const links = createResultLinks();
    const paths = Array.from({ length: 300 }, () => links.create(part, inAnHour()));
    expect(paths.filter((path) => links.read(path) !== undefined)).toEqual(paths.slice(100));
  });
});
