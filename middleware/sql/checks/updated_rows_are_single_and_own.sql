-- A row that is updated is live, carries the property's own key, and is the only one that does.
with to_update as (
    select *
    from ${catalog}.${schema}.properties_to_update
),

mirror as (
    select *
    from ${catalog}.${schema}.product_property_mirror
),

own_rows as (
    select
        lower(text_value(rds_property_id)) as rds_property_id,
        min(staging_id) as staging_id,
        count(*) as row_count
    from mirror
    where not coalesce(is_deleted, false)
    group by lower(text_value(rds_property_id))
)

select
    to_update.rds_property_id,
    to_update.staging_id,
    own_rows.row_count
from to_update
left join own_rows on own_rows.rds_property_id = to_update.rds_property_id
where
    coalesce(own_rows.row_count, 0) <> 1
    or to_update.staging_id is distinct from own_rows.staging_id
