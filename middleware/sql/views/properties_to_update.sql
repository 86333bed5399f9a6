-- One row per property of class UPDATE or IN_SYNC, each with exactly one own row: the input of Sync B.
create or replace view ${catalog}.${schema}.properties_to_update as
with comparisons as (
    select *
    from ${catalog}.${schema}.property_comparison
),

classifications as (
    select *
    from ${catalog}.${schema}.property_classification
),

context as (
    select *
    from ${catalog}.${schema}.sync_context
)

select
    comparisons.rds_property_id,
    comparisons.property_name,
    comparisons.short_id,
    comparisons.company_id,
    comparisons.company_name,
    comparisons.address,
    comparisons.city,
    comparisons.state,
    comparisons.postal_code,
    comparisons.property_status,
    comparisons.idv_enabled,
    comparisons.bank_linking_enabled,
    comparisons.payroll_enabled,
    comparisons.income_insights_enabled,
    comparisons.document_fraud_enabled,
    comparisons.idv_start_date,
    comparisons.bank_linking_start_date,
    comparisons.payroll_start_date,
    comparisons.income_insights_start_date,
    comparisons.document_fraud_start_date,
    comparisons.active_property_count,
    comparisons.is_multi_property,
    comparisons.contributing_property_ids,
    comparisons.sfdc_id_18,
    case when comparisons.has_paid_features then 'P2' else 'REST' end as priority,
    comparisons.created_at,
    comparisons.staging_id,
    comparisons.production_id,
    comparisons.sf_last_modified_at,
    comparisons.sf_last_modified_by,
    comparisons.sf_system_modstamp,
    classifications.class = 'UPDATE' as has_changes,
    comparisons.changed_fields,
    comparisons.population,
    'UPDATE' as operation,
    context.business_time as queued_at
from classifications
inner join comparisons on comparisons.rds_property_id = classifications.rds_property_id
cross join context
where classifications.class in ('UPDATE', 'IN_SYNC')
