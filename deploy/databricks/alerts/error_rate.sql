-- Error rate: the greatest share of failed records of a sync, in its last hour, or in its last 20 attempts where the
-- hour has fewer (docs/domain.md §13.3, §14.1).
with attempts as (
    select
        runs.sync_name,
        audit_log.sync_status,
        audit_log.sync_timestamp > current_timestamp - interval 1 hour as is_recent,
        row_number() over (
            partition by runs.sync_name order by audit_log.sync_timestamp desc, audit_log.audit_id asc
        ) as recency
    from ${catalog}.${schema}.property_sync_audit_log as audit_log
    inner join ${catalog}.${schema}.sync_run as runs on runs.run_id = audit_log.run_id
    where audit_log.sync_status in ('SUCCESS', 'FAILED') and not coalesce(runs.is_dry_run, false)
),

counted as (
    select
        *,
        count(case when is_recent then 1 end) over (partition by sync_name) as recent_count
    from attempts
),

rates as (
    select
        sync_name,
        cast(count(case when sync_status = 'FAILED' then 1 end) as double) / count(*) as error_rate
    from counted
    where case when recent_count >= 20 then is_recent else recency <= 20 end
    group by sync_name
)

select
    max(error_rate) as measured,
    case
        when max(error_rate) > 0.10 then 'P0'
        when max(error_rate) >= 0.05 then 'P1'
        when max(error_rate) >= 0.01 then 'P2'
        when max(error_rate) > 0 then 'P3'
    end as severity
from rates
