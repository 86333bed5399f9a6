-- Update queue: staging rows to update, for an interval of Sync B of 1 h at most (docs/domain.md §13.3, §14.2).
select
    count(*) as measured,
    case
        when count(*) > 1000 then 'P2'
        when count(*) > 500 then 'P3'
    end as severity
from ${catalog}.${schema}.properties_to_update
where has_changes
