import LOCALE from '@salesforce/i18n/locale';
import TIME_ZONE from '@salesforce/i18n/timeZone';
import BANK_LINKING from '@salesforce/label/c.PropertySync_Feature_BankLinking';
import DOCUMENT_FRAUD from '@salesforce/label/c.PropertySync_Feature_DocumentFraud';
import IDV from '@salesforce/label/c.PropertySync_Feature_Idv';
import INCOME_INSIGHTS from '@salesforce/label/c.PropertySync_Feature_IncomeInsights';
import PAYROLL from '@salesforce/label/c.PropertySync_Feature_Payroll';
import SINCE from '@salesforce/label/c.PropertySync_Feature_Since';
import EMPTY from '@salesforce/label/c.PropertySync_Value_Empty';
import NO from '@salesforce/label/c.PropertySync_Value_No';
import YES from '@salesforce/label/c.PropertySync_Value_Yes';
import type { FeatureState, FieldChange } from 'types/propertySync';

/** The label with `{0}`, `{1}`, … replaced. */
export function fill(label: string, ...values: (string | number)[]): string {
  return label.replace(/\{(\d)\}/g, (whole, index: string) => String(values[Number(index)] ?? whole));
}

/** A field as a person reads it: `ID_Verification_Enabled__c` is "ID Verification Enabled". */
export function fieldLabel(apiName: string): string {
  return apiName.replace(/__c$/, '').replaceAll('_', ' ');
}

/** A value as a person reads it; a day in the user's locale. */
export function valueText(value: FieldChange['to']): string {
  if (value === null || value === '') return EMPTY;
  if (typeof value === 'boolean') return value ? YES : NO;
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? dayText(value) : String(value);
}

const featureLabels: Readonly<Record<string, string>> = {
  idv: IDV,
  bank_linking: BANK_LINKING,
  payroll: PAYROLL,
  income_insights: INCOME_INSIGHTS,
  document_fraud: DOCUMENT_FRAUD,
};

/** The features that are on, each with the day it has been on since. */
export function featureTexts(features: readonly FeatureState[]): string[] {
  return features
    .filter(({ isEnabled }) => isEnabled)
    .map(({ feature, startDate }) => {
      const label = featureLabels[feature] ?? feature;
      return startDate === null ? label : fill(SINCE, label, dayText(startDate));
    });
}

/** A day has no time zone: it is the same day for everybody. */
function dayText(day: string): string {
  return new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(day));
}

/** The moment in full, in the user's locale and time zone. */
export function absoluteTime(iso: string): string {
  return new Intl.DateTimeFormat(LOCALE, {
    dateStyle: 'full',
    timeStyle: 'long',
    timeZone: TIME_ZONE,
  }).format(new Date(iso));
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** From the largest: the unit, its length, and from how long on it is used. */
const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number, number])[] = [
  ['month', 30 * dayMs, 60 * dayMs],
  ['day', dayMs, dayMs],
  ['hour', hourMs, hourMs],
  ['minute', minuteMs, minuteMs],
];

/** How far the moment is from `nowMs`: "12 minutes ago", "in 2 hours", "now" up to half a minute. */
export function relativeTime(iso: string, nowMs: number): string {
  const differenceMs = new Date(iso).getTime() - nowMs;
  const format = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' });
  // Rounded to whole minutes first, so that 59.6 minutes are an hour and no "60 minutes".
  const roundedMs = Math.round(differenceMs / minuteMs) * minuteMs;
  if (roundedMs === 0) return format.format(0, 'second');
  const [unit, lengthMs] = units.find(([, , fromMs]) => Math.abs(roundedMs) >= fromMs) ?? [
    'minute',
    minuteMs,
  ];
  return format.format(Math.round(roundedMs / lengthMs), unit);
}
