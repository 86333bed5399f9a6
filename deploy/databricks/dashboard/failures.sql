-- Failures: the twenty commonest causes of the last 7 days.
select
    coalesce(audit_log.error_message, 'no reason given') as error_message,
    count(*) as records,
    max(audit_log.sync_timestamp) as last_at
from property_sync_audit_log as audit_log
where audit_log.sync_status = 'FAILED' and audit_log.sync_timestamp > current_timestamp - interval 7 days
group by coalesce(audit_log.error_message, 'no reason given')
order by records desc, error_message asc
limit 20
