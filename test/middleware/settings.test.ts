import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { defaultBrakeSettings } from '../../middleware/src/delivery/brakes.ts';
import { defaultRampSettings } from '../../middleware/src/delivery/batchSize.ts';
import { defaultDeliveryLimits } from '../../middleware/src/delivery/deliveryDeps.ts';
import { defaultRateLimits } from '../../middleware/src/http/rateLimit.ts';
import { defaultGuardSettings } from '../../middleware/src/planning/guards.ts';
import { defaultSourceNames } from '../../middleware/src/planning/sourceContract.ts';
import { defaultViewSettings } from '../../middleware/src/planning/writeSyncContext.ts';
import { parseSettings, settingNames } from '../../middleware/src/settings/parseSettings.ts';
import { readSettings } from '../../middleware/src/settings/readSettings.ts';
import { serviceSettings } from '../../middleware/src/settings/serviceSettings.ts';

const example = readFileSync('middleware/settings.example.yaml', 'utf8');

const refusal = (text: string): { code: string; details: string[] } => {
  try {
    parseSettings(text);
  } catch (error) {
    return error as { code: string; details: string[] };
  }
  throw new Error('The settings were taken.');
};

describe('settings', () => {
  it('are all listed with their defaults in the example, and nothing else is', () => {
    expect(settingNames(parse(example) as object).sort()).toEqual(settingNames().sort());
    expect(parseSettings(example)).toEqual(parseSettings(''));
  });

  it('have the defaults that the parts of the service have', () => {
    const { productionKeyPrefix: _, ...views } = defaultViewSettings;
    expect(serviceSettings(parseSettings(''), { pollIntervalMs: 2_000 })).toMatchObject({
      ...defaultDeliveryLimits,
      views,
      guards: defaultGuardSettings,
      brakes: defaultBrakeSettings,
      ramp: defaultRampSettings,
      sourceMaxAgeMs: 50 * 60_000,
      maxSourceDropShare: 0.05,
      rateLimits: defaultRateLimits,
      sourceNames: defaultSourceNames,
      intervalsMs: { A: 15 * 60_000, B: 30 * 60_000 },
    });
  });

  it('read durations and shares with their units, and keep what is not named', () => {
    const settings = parseSettings(`
sync: { a: { interval: 24h }, b: { interval: off } }
freshness: { max: 90 m }
guard: { sourceDrop: 2.5% }
batch: { rampPause: 500ms, ramp: [10] }
`);
    expect(settings).toMatchObject({
      sync: { a: { interval: 24 * 3_600_000 }, b: { interval: null } },
      freshness: { max: 90 * 60_000 },
      guard: { sourceDrop: 0.025, maxCreates: 200 },
      batch: { rampPause: 500, ramp: [10] },
    });
    const service = serviceSettings(settings, { pollIntervalMs: 1 });
    expect(service.ramp.sizes).toEqual({ create: [10], update: [10] });
  });

  it('bind a source under other names', () => {
    const { sourceTables } = serviceSettings(
      parseSettings('source: { companies: { table: a.b.c, columns: { name: title } } }'),
      { pollIntervalMs: 1 },
    );
    expect(sourceTables).toMatchObject({ companies: 'a.b.c', 'companies.name': 'title' });
  });

  it.each([
    ['sync:\n  a:\n    interval: 7m', 'sync.a.interval (line 3): must be off or one of 1m'],
    ['sync: { b: { interval: 15 } }', 'sync.b.interval (line 1): must be off or one of 1m'],
    ['sync: { b: { interval: never } }', 'sync.b.interval (line 1): must be off'],
    ['freshness: { max: 50 }', 'freshness.max (line 1): must be a duration with its unit'],
    ['guard: { sourceDrop: 0.05 }', 'guard.sourceDrop (line 1): must be a share in percent'],
    ['guard: { sourceDrop: 101 % }', 'guard.sourceDrop (line 1): must be 100 % at most'],
    ['guard: { maxCreates: many }', 'guard.maxCreates (line 1): must be a whole number'],
    ['guard: { maxCreates: 1.5 }', 'guard.maxCreates (line 1)'],
    ['batch: { ramp: [200, 50] }', 'batch.ramp (line 1): must not become smaller'],
    ['batch: { ramp: [201] }', 'batch.ramp.0 (line 1): must be 200 at most'],
    ['batch: { ramp: [] }', 'batch.ramp (line 1): needs at least one size'],
    ['features: { paid: [idv_only] }', 'features.paid.0 (line 1)'],
    [
      'source: { companies: { table: companies } }',
      'source.companies.table (line 1): must read catalog.schema.table',
    ],
    ['exclude: { placeholder: yes }', 'exclude.placeholder (line 1)'],
    ['# a comment\n\nretry: { max: -1 }', 'retry.max (line 3)'],
    ['- a\n- b', ': must be a list of settings'],
    ['retry: { max: 1', 'at line 1'],
    ['retry: { max: 1 }\nretry: { max: 2 }', 'Map keys must be unique'],
  ])('refuse %j', (text, finding) => {
    const error = refusal(text);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
    expect(error.details.join('\n')).toContain(finding);
  });

  it.each([
    [
      'guard: { maxCreate: 5 }',
      'guard.maxCreate (line 1): is no setting; nearest: guard.maxCreates, guard.maxUpdates',
    ],
    ['\nguards:\n  maxCreates: 5', 'guards.maxCreates (line 3): is no setting; nearest: guard.maxCreates'],
    ['zzzzzzzzzzzzzzzzzzzzzz: 5', 'zzzzzzzzzzzzzzzzzzzzzz (line 1): is no setting'],
    [
      'ownership: { Name: salesforce }',
      'ownership.Name (line 1): cannot be set in this version (it is: source)',
    ],
    ['features: { adapter: tall }', 'features.adapter (line 1): cannot be set in this version (it is: wide)'],
  ])('name what is no setting: %j', (text, finding) => {
    expect(refusal(text).details.join('\n')).toContain(finding);
  });

  it('name the file that cannot be read, and the one that is wrong', async () => {
    await expect(readSettings('nowhere.yaml')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('nowhere.yaml'),
    });
    await expect(readSettings('middleware/.env.example')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('middleware/.env.example'),
    });
    expect(await readSettings(undefined)).toEqual(parseSettings(''));
  });
});
