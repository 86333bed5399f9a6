-- Invariant 4: every relation has as many rows as distinct keys, and no row without a key.
with properties as (
    select *
    from ${catalog}.${schema}.property_snapshot
),

group_features as (
    select *
    from ${catalog}.${schema}.property_group_snapshot
),

comparisons as (
    select *
    from ${catalog}.${schema}.property_comparison
),

aggregated as (
    select *
    from ${catalog}.${schema}.properties_aggregated_by_sfdc_id
),

classifications as (
    select *
    from ${catalog}.${schema}.property_classification
),

to_create as (
    select *
    from ${catalog}.${schema}.properties_to_create
),

to_update as (
    select *
    from ${catalog}.${schema}.properties_to_update
),

field_changes as (
    select *
    from ${catalog}.${schema}.property_field_changes
),

dashboard as (
    select *
    from ${catalog}.${schema}.sync_monitoring_dashboard
),

audit_log as (
    select *
    from ${catalog}.${schema}.property_sync_audit_log
),

row_keys as (
    select
        'property_snapshot' as relation,
        rds_property_id as row_key
    from properties
    union all
    select
        'property_group_snapshot' as relation,
        group_key as row_key
    from group_features
    union all
    select
        'property_comparison' as relation,
        rds_property_id as row_key
    from comparisons
    union all
    select
        'properties_aggregated_by_sfdc_id' as relation,
        sfdc_id as row_key
    from aggregated
    union all
    select
        'property_classification' as relation,
        rds_property_id as row_key
    from classifications
    union all
    select
        'properties_to_create' as relation,
        rds_property_id as row_key
    from to_create
    union all
    select
        'properties_to_update' as relation,
        rds_property_id as row_key
    from to_update
    union all
    select
        'property_field_changes' as relation,
        concat(rds_property_id, ' ', field) as row_key
    from field_changes
    union all
    select
        'sync_monitoring_dashboard' as relation,
        stage as row_key
    from dashboard
    union all
    select
        'property_sync_audit_log' as relation,
        audit_id as row_key
    from audit_log
)

select
    relation,
    row_key,
    count(*) as row_count
from row_keys
group by relation, row_key
having count(*) <> 1 or row_key is null
