-- Each row of the RDS table is in the enriched view once, neither lost nor multiplied by a join (docs/domain.md §17.2 V1).
-- Reads the source and the view in one statement, since the source moves.
with properties as (
    select *
    from ${catalog}.${schema}.source_properties
),

enriched as (
    select *
    from ${catalog}.${schema}.rds_properties_enriched
),

counts as (
    select
        lower(text_value(id)) as rds_property_id,
        1 as source_rows,
        0 as view_rows
    from properties
    union all
    select
        rds_property_id,
        0 as source_rows,
        1 as view_rows
    from enriched
)

select
    rds_property_id,
    sum(source_rows) as source_rows,
    sum(view_rows) as view_rows
from counts
group by rds_property_id
having sum(source_rows) <> 1 or sum(view_rows) <> 1
