import { describe, expect, it } from '@jest/globals';
import { readOptions } from '../../local-org/src/readOptions.ts';

describe('the arguments', () => {
  it('may all be left out', () => {
    expect(readOptions([])).toMatchObject({ port: 0, schemaDir: 'force-app', fieldOverlays: {} });
  });

  it('set clock, seed, key and credentials', () => {
    const args =
      '--now 2026-01-05T12:00:00Z --seed-dir seed --key-unique false --client-id one --client-secret two';
    expect(readOptions([...args.split(' '), '--link-delay-ms', '5'])).toMatchObject({
      startMs: Date.parse('2026-01-05T12:00:00Z'),
      seedDir: 'seed',
      fieldOverlays: { 'Product_Property__c.RDS_Property_ID__c': { unique: false } },
      credentials: { clientId: 'one', clientSecret: 'two' },
      automation: { linkDelayMs: 5 },
    });
  });

  it.each<[string[], string | RegExp]>([
    [['--port', 'many'], "--port must be a whole number from 0 to 65535, not 'many'."],
    [['--port', '70000'], "--port must be a whole number from 0 to 65535, not '70000'."],
    [['--link-delay-ms', '-1'], /link-delay-ms/],
    [['--now', 'soon'], "--now must be an ISO date and time, not 'soon'."],
    [['--key-unique', 'maybe'], '--key-unique must be true or false.'],
    [['--client-id', 'one'], '--client-id and --client-secret come together.'],
    [['--colour', 'red'], "Unknown option '--colour'"],
  ])('refuse %j', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});
