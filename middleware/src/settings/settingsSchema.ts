import { z } from 'zod';
import { features, intervalMinutes } from '../contracts/index.ts';
import { sourceTables, type SourceName } from '../planning/sourceContract.ts';
import { duration, share } from './units.ts';

const group = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape);

const whole = z.int({ error: 'must be a whole number' });

const intervalNames = intervalMinutes.map((minutes) =>
  minutes < 60 ? `${String(minutes)}m` : `${String(minutes / 60)}h`,
);
const intervalRule = `must be off or one of ${intervalNames.join(', ')}: what divides an hour or a day evenly`;
/** Milliseconds between two ticks; null is "off". */
const interval = z.string({ error: intervalRule }).transform((text, context) => {
  if (text === 'off') return null;
  const parsed = duration.safeParse(text);
  if (parsed.success && intervalMinutes.includes(parsed.data / 60_000)) return parsed.data;
  context.addIssue({ code: 'custom', message: intervalRule });
  return z.NEVER;
});

const ramp = z
  .array(whole.min(1).max(200, 'must be 200 at most: one call carries no more records'))
  .min(1, 'needs at least one size')
  .refine(
    (sizes) => sizes.every((size, index) => index === 0 || size >= (sizes[index - 1] ?? 0)),
    'must not become smaller from one batch to the next',
  );

/** A table or column: `identifier` of the generated views says the same where the names are used. */
const name = z.string().regex(/^\w+$/, 'must be a plain identifier');
const table = (sourceName: keyof typeof sourceTables) =>
  z
    .string()
    .regex(/^\w+\.\w+\.\w+$/, 'must read catalog.schema.table')
    .default(sourceTables[sourceName].table);
/** A table that the views read, and columns that are called otherwise there: name of the contract to name there. */
const source = (sourceName: SourceName) =>
  group({ table: table(sourceName), columns: z.record(name, name).default({}) }).prefault({});

/** Every setting (docs/domain.md §19), with its default. Addresses and secrets are no settings: config.ts has them. */
export const settingsSchema = group({
  sync: group({
    a: group({ interval: interval.prefault('15m') }).prefault({}),
    b: group({ interval: interval.prefault('30m') }).prefault({}),
  }).prefault({}),
  exclude: group({
    placeholder: z.boolean().default(true),
    testNames: z.boolean().default(true),
    testAllowList: z.array(z.string()).default([]),
  }).prefault({}),
  features: group({
    paid: z.array(z.enum(features)).default(['idv', 'bank_linking', 'payroll', 'income_insights']),
  }).prefault({}),
  freshness: group({ max: duration.prefault('50m') }).prefault({}),
  guard: group({
    sourceDrop: share.prefault('5 %'),
    maxCreates: whole.min(0).default(200),
    maxUpdates: whole.min(0).default(1_000),
    companyEqualsName: share.prefault('5 %'),
    textChurn: share.prefault('5 %'),
    maxNullOverValue: share.prefault('2 %'),
  }).prefault({}),
  error: group({
    autoPause: share.prefault('10 %'),
    minAttempts: whole.min(1).default(20),
  }).prefault({}),
  retry: group({
    max: whole.min(0).max(10).default(3),
    lostAnswer: duration.prefault('2m'),
  }).prefault({}),
  batch: group({
    ramp: ramp.default([50, 100, 200]),
    rampPause: duration.prefault('2m'),
  }).prefault({}),
  api: group({ reserve: share.prefault('20 %') }).prefault({}),
  key: group({ requireUnique: z.boolean().default(true) }).prefault({}),
  http: group({
    rateLimit: group({
      perKeyPerMinute: whole.min(1).default(600),
      resyncsPerUserPerMinute: whole.min(1).default(20),
      failuresPerAddressPerMinute: whole.min(1).default(60),
      perAddressPerMinute: whole.min(1).default(600),
    }).prefault({}),
  }).prefault({}),
  source: group({
    properties: source('properties'),
    companies: source('companies'),
    wideFeatures: source('wideFeatures'),
    propertyFeatureEvents: group({ table: table('propertyFeatureEvents') }).prefault({}),
  }).prefault({}),
});

export type Settings = z.output<typeof settingsSchema>;

/** Settings of docs/domain.md §19 whose value is fixed in this version: what it is. */
export const fixedSettings: Readonly<Record<string, string>> = {
  'features.adapter': 'wide',
  'features.enabledStates': 'enabled',
  mirror: 'self',
  'quarantine.expiry': 'never',
  'rollout.apiFree': 'not checked',
  'audit.retention': 'for ever',
  ownership: 'source',
  'timezone.dates': 'UTC',
};
