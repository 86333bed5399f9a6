-- Newest records: the last hundred records that a run has touched.
select
    audit_log.sync_timestamp,
    audit_log.sync_name,
    audit_log.sync_operation,
    audit_log.sync_status,
    audit_log.rds_property_id,
    audit_log.property_name,
    audit_log.error_message,
    audit_log.run_id,
    audit_log.created_by
from property_sync_audit_log as audit_log
order by audit_log.sync_timestamp desc nulls last, audit_log.audit_id asc
limit 100
