-- Invariant 5: every eligible property is a member of exactly one group.
with group_features as (
    select *
    from ${catalog}.${schema}.property_group_snapshot
),

properties as (
    select *
    from ${catalog}.${schema}.property_snapshot
),

totals as (
    select
        (select coalesce(sum(active_property_count), 0) from group_features) as members,
        (select count(*) from properties where is_eligible) as eligible_properties
)

select
    members,
    eligible_properties
from totals
where members <> eligible_properties
