-- Invariant 2: the queues share no property, and each holds exactly the properties of its classes.
with classifications as (
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

places as (
    select
        rds_property_id,
        class as place
    from classifications
    where class in ('CREATE', 'UPDATE', 'IN_SYNC')
    union all
    select
        rds_property_id,
        'CREATE' as place
    from to_create
    union all
    select
        rds_property_id,
        case when has_changes then 'UPDATE' else 'IN_SYNC' end as place
    from to_update
)

select
    rds_property_id,
    count(*) as places,
    min(place) as least_place,
    max(place) as greatest_place
from places
group by rds_property_id
having count(*) <> 2 or min(place) <> max(place)
