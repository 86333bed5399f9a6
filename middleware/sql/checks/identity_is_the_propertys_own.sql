-- Invariant 8: the identity of a row to be written comes from the property whose id is its key.
with properties as (
    select *
    from ${catalog}.${schema}.property_snapshot
),

to_create as (
    select *
    from ${catalog}.${schema}.properties_to_create
),

to_update as (
    select *
    from ${catalog}.${schema}.properties_to_update
),

queued as (
    select
        rds_property_id,
        property_name,
        short_id,
        company_id,
        company_name,
        address,
        city,
        state,
        postal_code,
        property_status,
        sfdc_id_18
    from to_create
    union all
    select
        rds_property_id,
        property_name,
        short_id,
        company_id,
        company_name,
        address,
        city,
        state,
        postal_code,
        property_status,
        sfdc_id_18
    from to_update
)

select
    queued.rds_property_id,
    queued.property_name,
    properties.property_name as own_property_name
from queued
left join properties on properties.rds_property_id = queued.rds_property_id
where
    queued.property_name is distinct from properties.property_name
    or queued.short_id is distinct from properties.short_id
    or queued.company_id is distinct from properties.company_id
    or queued.company_name is distinct from properties.company_name
    or queued.address is distinct from properties.address
    or queued.city is distinct from properties.city
    or queued.state is distinct from properties.state
    or queued.postal_code is distinct from properties.postal_code
    or queued.property_status is distinct from properties.property_status
    or queued.sfdc_id_18 is distinct from properties.sfdc_id_18
