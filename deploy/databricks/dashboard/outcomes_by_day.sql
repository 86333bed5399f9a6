-- Outcomes by day: one row per day of the last 30 and outcome.
select
    date_trunc('DAY', audit_log.sync_timestamp) as day,
    audit_log.sync_status,
    count(*) as records
from property_sync_audit_log as audit_log
where audit_log.sync_timestamp > current_timestamp - interval 30 days
group by date_trunc('DAY', audit_log.sync_timestamp), audit_log.sync_status
