-- One row per row of the RDS table of properties, with its one class. The first matching condition wins.
create or replace view ${catalog}.${schema}.property_classification as
with comparisons as (
    select *
    from ${catalog}.${schema}.property_comparison
),

reasoned as (
    select
        *,
        case
            when is_deleted or property_status = 'DELETED' then 'SOURCE_DELETED'
            when is_placeholder then 'PLACEHOLDER_SFDC'
            when is_test_name then 'TEST_NAME'
            when company_id is null then 'NO_COMPANY'
            when property_status = 'DISABLED' and own_row_count = 0 then 'DISABLED'
            when property_status is null or property_status not in ('ACTIVE', 'DISABLED') then 'DISABLED'
        end as reason_code
    from comparisons
),

classified as (
    select
        *,
        case
            when reason_code is not null then 'EXCLUDED'
            when own_row_count > 1 then 'CONFLICT'
            when own_row_count = 0 then 'CREATE'
            when changed_fields <> '' then 'UPDATE'
            else 'IN_SYNC'
        end as class
    from reasoned
)

select
    rds_property_id,
    class,
    reason_code,
    concat_ws(
        ';',
        case when company_id is not null and company_name is null then 'COMPANY_UNRESOLVED' end,
        case
            when bank_linking_enabled and bank_linking_start_date is null then 'DATE_MISSING'
            when payroll_enabled and payroll_start_date is null then 'DATE_MISSING'
            when income_insights_enabled and income_insights_start_date is null then 'DATE_MISSING'
            when document_fraud_enabled and document_fraud_start_date is null then 'DATE_MISSING'
        end,
        case when class = 'EXCLUDED' and own_row_count > 0 then 'EXCLUDED_WITH_ROW' end,
        case when has_ambiguous_features then 'FEATURE_ROWS_AMBIGUOUS' end,
        case when do_group_features_differ then 'GROUP_FEATURES_DIFFER' end,
        case when has_group_tie then 'GROUP_TIE' end,
        case when has_invalid_state then 'INVALID_STATE' end,
        case when has_link_mismatch then 'LINK_MISMATCH' end,
        case when has_malformed_sfdc_id then 'MALFORMED_SFDC_ID' end,
        case when is_name_truncated then 'NAME_TRUNCATED' end,
        case when class in ('UPDATE', 'IN_SYNC') and has_kept_values then 'NULL_SOURCE_KEPT' end,
        case when length(postal_code) in (3, 4, 7) then 'POSTAL_SUSPECT' end,
        case when property_status is null or property_status not in ('ACTIVE', 'DISABLED', 'DELETED') then 'UNKNOWN_STATUS' end
    ) as warnings,
    group_key,
    population,
    own_row_count,
    staging_ids
from classified
