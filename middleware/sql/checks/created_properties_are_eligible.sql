-- Invariant 3: what is created is eligible, so no DISABLED property is. Stated from the facts, not from `is_eligible`.
with to_create as (
    select *
    from ${catalog}.${schema}.properties_to_create
),

properties as (
    select *
    from ${catalog}.${schema}.property_snapshot
)

select
    to_create.rds_property_id,
    properties.property_status,
    properties.company_id,
    properties.is_deleted,
    properties.is_placeholder,
    properties.is_test_name
from to_create
left join properties on properties.rds_property_id = to_create.rds_property_id
where
    coalesce(properties.property_status, '') <> 'ACTIVE'
    or properties.company_id is null
    or properties.is_deleted
    or properties.is_placeholder
    or properties.is_test_name
