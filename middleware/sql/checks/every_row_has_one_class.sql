-- Invariant 1: each row of the RDS table is in exactly one class, so the class counts add up to the table's rows.
with properties as (
    select *
    from ${catalog}.${schema}.property_snapshot
),

classifications as (
    select *
    from ${catalog}.${schema}.property_classification
),

counts as (
    select
        rds_property_id,
        1 as source_rows,
        0 as class_rows
    from properties
    union all
    select
        rds_property_id,
        0 as source_rows,
        case when class in ('EXCLUDED', 'CONFLICT', 'CREATE', 'UPDATE', 'IN_SYNC') then 1 else 0 end as class_rows
    from classifications
)

select
    rds_property_id,
    sum(source_rows) as source_rows,
    sum(class_rows) as class_rows
from counts
group by rds_property_id
having sum(source_rows) <> 1 or sum(class_rows) <> 1
