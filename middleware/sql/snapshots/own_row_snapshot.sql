-- One row per key that live staging rows carry: how many carry it, and, where one does, what it holds, normalised
-- (docs/domain.md §8.2). Of several rows none is picked.
with live_rows as (
    select *
    from ${catalog}.${schema}.product_property_mirror
    where not coalesce(is_deleted, false)
),

-- Read apart from the wide rows, so that no engine keeps those in memory for both uses.
live_keys as (
    select
        lower(text_value(rds_property_id)) as rds_property_id,
        staging_id,
        text_value(production_id) as production_text
    from ${catalog}.${schema}.product_property_mirror
    where not coalesce(is_deleted, false)
),

us_state as (
    select *
    from ${catalog}.${schema}.us_state
),

key_counts as (
    select
        rds_property_id,
        cast(count(*) as int) as own_row_count,
        array_join(sort_array(collect_list(staging_id)), ';') as staging_ids,
        min(salesforce_id_18(production_text)) as least_production_id,
        max(salesforce_id_18(production_text)) as greatest_production_id
    from live_keys
    where rds_property_id is not null
    group by rds_property_id
),

normalised_rows as (
    select
        lower(text_value(live_rows.rds_property_id)) as rds_property_id,
        live_rows.staging_id,
        live_rows.last_modified_at,
        live_rows.last_modified_by,
        live_rows.system_modstamp,
        trim(substring(text_value(live_rows.property_name), 1, 80)) as property_name,
        text_value(live_rows.short_id) as short_id,
        lower(text_value(live_rows.company_id)) as company_id,
        text_value(live_rows.company_name) as company_name,
        text_value(live_rows.address) as address,
        text_value(live_rows.city) as city,
        us_state.state_code as state,
        text_value(live_rows.postal_code) as postal_code,
        upper(text_value(live_rows.property_status)) as property_status,
        coalesce(live_rows.idv_enabled, false) as idv_enabled,
        coalesce(live_rows.bank_linking_enabled, false) as bank_linking_enabled,
        coalesce(live_rows.payroll_enabled, false) as payroll_enabled,
        coalesce(live_rows.income_insights_enabled, false) as income_insights_enabled,
        coalesce(live_rows.document_fraud_enabled, false) as document_fraud_enabled,
        live_rows.idv_start_date,
        live_rows.bank_linking_start_date,
        live_rows.payroll_start_date,
        live_rows.income_insights_start_date,
        live_rows.document_fraud_start_date,
        live_rows.active_property_count,
        coalesce(live_rows.is_multi_property, false) as is_multi_property,
        text_value(live_rows.contributing_property_ids) as contributing_property_ids,
        text_value(live_rows.sfdc_id_18) as sfdc_text
    from live_rows
    left join us_state on us_state.spelling = upper(text_value(live_rows.state))
)

select
    key_counts.rds_property_id,
    key_counts.own_row_count,
    key_counts.staging_ids,
    key_counts.least_production_id,
    key_counts.greatest_production_id,
    normalised_rows.staging_id,
    case when key_counts.own_row_count = 1 then key_counts.least_production_id end as production_id,
    normalised_rows.last_modified_at as sf_last_modified_at,
    normalised_rows.last_modified_by as sf_last_modified_by,
    normalised_rows.system_modstamp as sf_system_modstamp,
    normalised_rows.property_name as sf_property_name,
    normalised_rows.short_id as sf_short_id,
    normalised_rows.company_id as sf_company_id,
    normalised_rows.company_name as sf_company_name,
    normalised_rows.address as sf_address,
    normalised_rows.city as sf_city,
    normalised_rows.state as sf_state,
    normalised_rows.postal_code as sf_postal_code,
    normalised_rows.property_status as sf_property_status,
    normalised_rows.idv_enabled as sf_idv_enabled,
    normalised_rows.bank_linking_enabled as sf_bank_linking_enabled,
    normalised_rows.payroll_enabled as sf_payroll_enabled,
    normalised_rows.income_insights_enabled as sf_income_insights_enabled,
    normalised_rows.document_fraud_enabled as sf_document_fraud_enabled,
    normalised_rows.idv_start_date as sf_idv_start_date,
    normalised_rows.bank_linking_start_date as sf_bank_linking_start_date,
    normalised_rows.payroll_start_date as sf_payroll_start_date,
    normalised_rows.income_insights_start_date as sf_income_insights_start_date,
    normalised_rows.document_fraud_start_date as sf_document_fraud_start_date,
    normalised_rows.active_property_count as sf_active_property_count,
    normalised_rows.is_multi_property as sf_is_multi_property,
    normalised_rows.contributing_property_ids as sf_contributing_property_ids,
    salesforce_id_18(normalised_rows.sfdc_text) as sf_sfdc_id_18
from key_counts
left join normalised_rows
    on normalised_rows.rds_property_id = case when key_counts.own_row_count = 1 then key_counts.rds_property_id end
