-- One row per stage, in the order of the stages.
create or replace view ${catalog}.${schema}.sync_monitoring_dashboard as
with to_create as (
    select *
    from ${catalog}.${schema}.properties_to_create
),

to_update as (
    select *
    from ${catalog}.${schema}.properties_to_update
),

group_features as (
    select *
    from ${catalog}.${schema}.property_group_snapshot
),

mirror as (
    select *
    from ${catalog}.${schema}.product_property_mirror
),

properties as (
    select *
    from ${catalog}.${schema}.property_snapshot
),

audit_log as (
    select *
    from ${catalog}.${schema}.property_sync_audit_log
),

runs as (
    select *
    from ${catalog}.${schema}.sync_run
),

context as (
    select *
    from ${catalog}.${schema}.sync_context
),

-- A dry run writes nothing and is never counted.
recent_items as (
    select audit_log.sync_status
    from audit_log
    inner join runs on runs.run_id = audit_log.run_id
    cross join context
    where
        not coalesce(runs.is_dry_run, false)
        and audit_log.sync_timestamp > context.business_time - interval 24 hours
        and audit_log.sync_timestamp <= context.business_time
),

stages as (
    select
        1 as stage_position,
        'Properties to Create' as stage,
        count(*) as row_count,
        count(case when priority = 'P1' then 1 end) as with_features
    from to_create
    union all
    select
        2 as stage_position,
        'Properties to Update' as stage,
        count(case when has_changes then 1 end) as row_count,
        count(case when has_changes and priority = 'P2' then 1 end) as with_features
    from to_update
    union all
    select
        3 as stage_position,
        'Properties Matched' as stage,
        count(case when population = 'active_with_sfdc' then 1 end) as row_count,
        count(case when population = 'active_with_sfdc' and priority = 'P2' then 1 end) as with_features
    from to_update
    union all
    select
        4 as stage_position,
        'Multi-Property Aggregations' as stage,
        count(case when is_multi_property then 1 end) as row_count,
        count(case when is_multi_property and has_paid_features then 1 end) as with_features
    from group_features
    union all
    select
        5 as stage_position,
        'Total in Product_Property__c' as stage,
        count(case when not coalesce(is_deleted, false) then 1 end) as row_count,
        null as with_features
    from mirror
    union all
    select
        6 as stage_position,
        'Active RDS Properties' as stage,
        count(case when is_active then 1 end) as row_count,
        null as with_features
    from properties
    union all
    select
        7 as stage_position,
        'Last 24 h Successful' as stage,
        count(case when sync_status = 'SUCCESS' then 1 end) as row_count,
        null as with_features
    from recent_items
    union all
    select
        8 as stage_position,
        'Last 24 h Failed' as stage,
        count(case when sync_status = 'FAILED' then 1 end) as row_count,
        null as with_features
    from recent_items
)

select
    stages.stage,
    cast(stages.row_count as int) as count,
    cast(stages.with_features as int) as with_features,
    context.business_time as dashboard_refreshed_at
from stages
cross join context
order by stages.stage_position asc
