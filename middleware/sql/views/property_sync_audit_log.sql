-- One row per run item: what was sent for one property in one run, and what came of it.
create or replace view ${catalog}.${schema}.property_sync_audit_log as
with runs as (
    select *
    from ${catalog}.${schema}.sync_run
),

items as (
    select *
    from ${catalog}.${schema}.sync_run_item
)

select
    items.item_id as audit_id,
    coalesce(items.ended_at, items.accepted_at, items.sent_at, items.planned_at) as sync_timestamp,
    items.operation as sync_operation,
    runs.sync_name,
    items.rds_property_id,
    items.staging_id,
    items.sfdc_id,
    get_json_object(items.after_image, '$.Name') as property_name,
    get_json_object(items.after_image, '$.Company_ID__c') as company_id,
    try_cast(get_json_object(items.after_image, '$.Active_Property_Count__c') as int) as active_property_count,
    items.contributing_property_ids,
    get_json_object(items.after_image, '$.ID_Verification_Enabled__c') = 'true' as idv_enabled,
    get_json_object(items.after_image, '$.Bank_Linking_Enabled__c') = 'true' as bank_linking_enabled,
    get_json_object(items.after_image, '$.Connected_Payroll_Enabled__c') = 'true' as payroll_enabled,
    get_json_object(items.after_image, '$.Income_Verification_Enabled__c') = 'true' as income_insights_enabled,
    get_json_object(items.after_image, '$.Fraud_Detection_Enabled__c') = 'true' as document_fraud_enabled,
    case
        when items.state in ('planned', 'sent', 'accepted', 'unknown') then 'QUEUED'
        when items.state = 'verified' then 'SUCCESS'
        when items.state in ('failed', 'quarantined') then 'FAILED'
        when items.state = 'skipped' then 'SKIPPED'
    end as sync_status,
    items.error_text as error_message,
    items.run_id,
    runs.actor as created_by
from items
left join runs on runs.run_id = items.run_id
