-- Failed runs: runs that failed as a whole in the last 24 h, which no other alert names (docs/domain.md §14.2, health
-- check red).
select
    count(*) as measured,
    case when count(*) > 0 then 'P3' end as severity
from ${catalog}.${schema}.sync_run
where state = 'failed' and ended_at > current_timestamp - interval 24 hours
