-- Verification mismatch: records of a run in the last 24 h that Salesforce does not hold as they were sent; from 1 % of a
-- run on, corruption is suspected (docs/domain.md §14.2).
with run_counts as (
    select
        runs.run_id,
        count(case when items.error_class = 'verification' then 1 end) as mismatches,
        count(*) as records
    from ${catalog}.${schema}.sync_run as runs
    inner join ${catalog}.${schema}.sync_run_item as items on items.run_id = runs.run_id
    where runs.ended_at > current_timestamp - interval 24 hours
    group by runs.run_id
)

select
    coalesce(cast(sum(mismatches) as bigint), 0) as measured,
    case
        when max(cast(mismatches as double) / records) >= 0.01 then 'P0'
        when max(mismatches) > 0 then 'P1'
    end as severity
from run_counts
