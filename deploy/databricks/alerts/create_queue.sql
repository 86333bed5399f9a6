-- Create queue: properties to create (docs/domain.md §13.3, §14.2).
select
    count(*) as measured,
    case
        when count(*) > 200 then 'P2'
        when count(*) >= 50 then 'P3'
    end as severity
from ${catalog}.${schema}.properties_to_create
