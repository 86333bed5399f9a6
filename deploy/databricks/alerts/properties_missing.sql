-- Properties missing: properties to create that RDS has had for longer than the grace of 1 h (docs/domain.md §13.3, §14.2).
select
    count(*) as measured,
    case
        when count(*) > 100 then 'P1'
        when count(*) >= 50 then 'P2'
        when count(*) >= 1 then 'P3'
    end as severity
from ${catalog}.${schema}.properties_to_create
where created_at <= current_timestamp - interval 1 hour
