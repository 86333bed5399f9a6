-- Stale source or mirror: the older of the moments at which the source was landed and Salesforce was read; the limit is
-- 50 minutes, and 2 h make it urgent (docs/domain.md §3.4, §14.2).
with moments as (
    select max(_fivetran_synced) as read_at
    from ${catalog}.${schema}.source_properties
    union all
    select min(refreshed_at) as read_at
    from ${catalog}.${schema}.mirror_state
)

select
    min(read_at) as measured,
    case
        when min(read_at) < current_timestamp - interval 2 hours then 'P1'
        when min(read_at) < current_timestamp - interval 50 minutes then 'P2'
    end as severity
from moments
