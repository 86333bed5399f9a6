import pg from 'pg';
import { wideTablePrefixes, type Feature } from '../../middleware/src/contracts/fieldMap.ts';
import { csvInstant } from './csvColumn.ts';
import { qualified } from './tableSelect.ts';

/** The code of each feature in RDS; document fraud has none (docs/domain.md §1.1). */
export const featureCodes = {
  idv: 'identity_verification',
  bank_linking: 'bank_linking',
  payroll: 'payroll_linking',
  income_insights: 'income_verification',
} as const satisfies Partial<Record<Feature, string>>;

/** Start dates of ID verification are not invented: it has one only where an event recorded it (docs/domain.md §5). */
const codeWithoutFallback = featureCodes.idv;

/**
 * The wide table out of the tall ones (docs/domain.md §3.3): one row per property that has feature rows, as CSV text.
 * The latest row of a feature counts, only `enabled` is true, and its date is the latest enabling, else the row's own.
 * Document fraud is NULL throughout.
 */
export function deriveWideTable(schema: string): string {
  const codes = Object.values(featureCodes).map(pg.escapeLiteral).join(', ');
  const columns = Object.entries(featureCodes).flatMap(([feature, code]) => {
    const prefix = wideTablePrefixes[feature as Feature];
    const ofFeature = `filter (where states.feature_code = ${pg.escapeLiteral(code)})`;
    return [
      `coalesce(bool_or(states.is_enabled) ${ofFeature}, false)::text as ${prefix}_enabled`,
      `${csvInstant(`max(states.enabled_at) ${ofFeature}`)} as ${prefix}_enabled_at`,
      `${csvInstant(`max(states.updated_at) ${ofFeature}`)} as ${prefix}_updated_at`,
    ];
  });
  const unmapped = ['enabled', 'enabled_at', 'updated_at'].map(
    (column) => `null::text as ${wideTablePrefixes.document_fraud}_${column}`,
  );
  return `
    with latest as (
        select distinct on (property_id, feature_code)
            lower(property_id::text) as property_id,
            feature_code::text as feature_code,
            state::text = 'enabled' as is_enabled,
            inserted_at::timestamptz as inserted_at,
            updated_at::timestamptz as updated_at
        from ${qualified(schema, 'property_features')}
        where feature_code::text in (${codes})
        order by property_id, feature_code, updated_at desc nulls last, id desc
    ),
    enablings as (
        select
            lower(property_id::text) as property_id,
            feature_code::text as feature_code,
            max(inserted_at)::timestamptz as enabled_at
        from ${qualified(schema, 'property_feature_events')}
        where event_type::text = 'enabled'
        group by 1, 2
    ),
    states as (
        select
            latest.property_id,
            latest.feature_code,
            latest.is_enabled,
            latest.updated_at,
            case
                when not latest.is_enabled then null
                when latest.feature_code = ${pg.escapeLiteral(codeWithoutFallback)} then enablings.enabled_at
                else coalesce(enablings.enabled_at, latest.inserted_at)
            end as enabled_at
        from latest
        left join enablings
            on enablings.property_id = latest.property_id and enablings.feature_code = latest.feature_code
    )
    select
        properties.id::text as property_id,
        properties.sfdc_id::text as sfdc_id,
        null::text as product_property_id,
        ${[...columns, ...unmapped].join(',\n        ')}
    from ${qualified(schema, 'properties')} as properties
    inner join states on states.property_id = lower(properties.id::text)
    group by properties.id, properties.sfdc_id`;
}
