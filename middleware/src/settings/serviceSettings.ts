import { defaultFieldMap, type Sync } from '../contracts/index.ts';
import { defaultDeliveryLimits, type DeliverySettings } from '../delivery/deliveryDeps.ts';
import { defaultMirrorSettings } from '../mirror/refreshMirror.ts';
import { defaultGuardSettings } from '../planning/guards.ts';
import type { SourceNames } from '../planning/sourceContract.ts';
import type { RateLimitSettings } from '../http/rateLimit.ts';
import type { Settings } from './settingsSchema.ts';

/** The settings as the parts of the service take them. */
export interface ServiceSettings extends DeliverySettings {
  /** How often each sync starts by itself; null is "off". */
  readonly intervalsMs: Readonly<Record<Sync, number | null>>;
  readonly isKeyUniqueRequired: boolean;
  readonly sourceNames: SourceNames;
  readonly rateLimits: RateLimitSettings;
}

export function serviceSettings(
  { sync, key, exclude, features, freshness, guard, error, retry, batch, api, http, source }: Settings,
  { pollIntervalMs }: { readonly pollIntervalMs: number },
): ServiceSettings {
  return {
    intervalsMs: { A: sync.a.interval, B: sync.b.interval },
    isKeyUniqueRequired: key.requireUnique,
    sourceNames: {
      properties: source.properties,
      companies: source.companies,
      wideFeatures: source.wideFeatures,
    },
    rateLimits: {
      requestsPerKey: http.rateLimit.perKeyPerMinute,
      resyncsPerUser: http.rateLimit.resyncsPerUserPerMinute,
      failuresPerAddress: http.rateLimit.failuresPerAddressPerMinute,
      openRequestsPerAddress: http.rateLimit.perAddressPerMinute,
    },
    fieldMap: defaultFieldMap,
    views: {
      isPlaceholderExcluded: exclude.placeholder,
      isTestNameExcluded: exclude.testNames,
      testNameAllowList: exclude.testAllowList,
      paidFeatures: features.paid,
    },
    guards: {
      ...defaultGuardSettings,
      maxCompanyEqualsNameShare: guard.companyEqualsName,
      maxTextChurnShare: guard.textChurn,
      maxNullOverValueShare: guard.maxNullOverValue,
      maxUnattendedCreates: guard.maxCreates,
      maxUnattendedUpdates: guard.maxUpdates,
    },
    mirror: defaultMirrorSettings,
    sourceMaxAgeMs: freshness.max,
    maxSourceDropShare: guard.sourceDrop,
    sourceTables: boundNames(source),
    brakes: { maxErrorShare: error.autoPause, minAttempts: error.minAttempts },
    ...defaultDeliveryLimits,
    apiReserveShare: api.reserve,
    // The first attempt is none of the retries.
    maxAttempts: retry.max + 1,
    lostAnswerSettleMs: retry.lostAnswer,
    ramp: {
      // Updates fire fewer automations than creates: they begin one step up (docs/domain.md §11.1).
      sizes: { create: batch.ramp, update: batch.ramp.length > 1 ? batch.ramp.slice(1) : batch.ramp },
      pauseMs: batch.rampPause,
    },
    pollIntervalMs,
  };
}

/** Tables and renamed columns of the source, by name: reading others is another configuration. */
function boundNames(source: Settings['source']): Record<string, string> {
  const names: Record<string, string> = {};
  for (const [name, location] of Object.entries(source)) {
    names[name] = location.table;
    if (!('columns' in location)) continue;
    for (const [column, own] of Object.entries(location.columns)) names[`${name}.${column}`] = own;
  }
  return names;
}
