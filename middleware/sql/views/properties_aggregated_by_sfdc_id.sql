-- One row per valid Salesforce id that at least one eligible property carries.
create or replace view ${catalog}.${schema}.properties_aggregated_by_sfdc_id as
with group_features as (
    select *
    from ${catalog}.${schema}.property_group_snapshot
),

properties as (
    select *
    from ${catalog}.${schema}.property_snapshot
),

context as (
    select *
    from ${catalog}.${schema}.sync_context
)

-- The primary member names the group on screens; it never lends its identity to another property's row.
select
    primary_members.sfdc_id_18 as sfdc_id,
    primary_members.rds_property_id,
    primary_members.short_id,
    primary_members.company_id,
    primary_members.company_name,
    primary_members.property_name,
    primary_members.address,
    primary_members.city,
    primary_members.state,
    primary_members.postal_code,
    group_features.idv_enabled,
    group_features.bank_linking_enabled,
    group_features.payroll_enabled,
    group_features.income_insights_enabled,
    group_features.document_fraud_enabled,
    group_features.idv_start_date,
    group_features.bank_linking_start_date,
    group_features.payroll_start_date,
    group_features.income_insights_start_date,
    group_features.document_fraud_start_date,
    primary_members.created_at,
    group_features.rds_last_updated_at,
    group_features.active_property_count,
    group_features.total_feature_count,
    group_features.is_multi_property,
    group_features.has_any_features_enabled,
    group_features.has_paid_features,
    group_features.rds_property_ids,
    context.business_time as aggregated_at
from group_features
inner join properties as primary_members on primary_members.rds_property_id = group_features.rds_property_id
cross join context
where primary_members.has_valid_sfdc_id
