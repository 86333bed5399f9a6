-- A property that is created has no live row of its own, looked up anew by its key, so nothing is created twice.
with to_create as (
    select *
    from ${catalog}.${schema}.properties_to_create
),

mirror as (
    select *
    from ${catalog}.${schema}.product_property_mirror
)

select
    to_create.rds_property_id,
    mirror.staging_id
from to_create
inner join mirror on lower(text_value(mirror.rds_property_id)) = to_create.rds_property_id
where not coalesce(mirror.is_deleted, false)
