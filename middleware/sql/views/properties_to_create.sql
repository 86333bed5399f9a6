-- One row per property of class CREATE: the input of Sync A.
create or replace view ${catalog}.${schema}.properties_to_create as
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
    case when comparisons.has_paid_features then 'P1' else 'P3' end as priority,
    comparisons.created_at,
    'CREATE' as operation,
    context.business_time as queued_at
from classifications
inner join comparisons on comparisons.rds_property_id = classifications.rds_property_id
cross join context
where classifications.class = 'CREATE'
order by priority asc, created_at desc nulls last, rds_property_id asc
