-- Sync down: when the sync that waits longest completed its last run; late after twice its interval, down after the
-- greater of 2 h and four intervals (docs/domain.md §14.2), with the default intervals of 15 and 30 minutes. A sync that
-- is paused, or that never ran, is not waited for.
with limits as (
    select
        sync_name,
        case
            when sync_name = 'A' then current_timestamp - interval 30 minutes
            else current_timestamp - interval 60 minutes
        end as late_before,
        current_timestamp - interval 2 hours as down_before
    from (values ('A'), ('B')) as syncs (sync_name)
),

completed as (
    select
        sync_name,
        max(ended_at) as completed_at
    from ${catalog}.${schema}.sync_run
    where kind in ('create', 'update') and state in ('succeeded', 'partiallySucceeded')
    group by sync_name
),

pauses as (
    select
        subject as sync_name,
        max_by(kind, occurred_at) as last_kind
    from ${catalog}.${schema}.sync_event
    where kind in ('syncPaused', 'syncResumed')
    group by subject
),

waited_for as (
    select
        completed.completed_at,
        case
            when completed.completed_at < limits.down_before then 2
            when completed.completed_at < limits.late_before then 1
            else 0
        end as lateness
    from limits
    inner join completed on completed.sync_name = limits.sync_name
    left join pauses on pauses.sync_name = limits.sync_name
    where coalesce(pauses.last_kind, 'syncResumed') = 'syncResumed'
)

select
    min(completed_at) as measured,
    case
        when max(lateness) = 2 then 'P0'
        when max(lateness) = 1 then 'P2'
    end as severity
from waited_for
