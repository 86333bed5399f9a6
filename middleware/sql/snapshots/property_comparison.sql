-- One row per row of the RDS table of properties: what Salesforce should hold, what its one own row holds (`sf_…`), and
-- the fields that differ.
with properties as (
    select
        *,
        case when is_eligible then group_key end as member_of
    from ${catalog}.${schema}.property_snapshot
),

group_features as (
    select *
    from ${catalog}.${schema}.property_group_snapshot
),

own_rows as (
    select *
    from ${catalog}.${schema}.own_row_snapshot
),

-- Only eligible properties are members of a group; the row of any other property shows no features and no group.
compared as (
    select
        properties.rds_property_id,
        properties.property_name,
        properties.short_id,
        properties.company_id,
        properties.company_name,
        properties.address,
        properties.city,
        properties.state,
        properties.postal_code,
        properties.property_status,
        coalesce(group_features.idv_enabled, false) as idv_enabled,
        coalesce(group_features.bank_linking_enabled, false) as bank_linking_enabled,
        coalesce(group_features.payroll_enabled, false) as payroll_enabled,
        coalesce(group_features.income_insights_enabled, false) as income_insights_enabled,
        coalesce(group_features.document_fraud_enabled, false) as document_fraud_enabled,
        group_features.idv_start_date,
        group_features.bank_linking_start_date,
        group_features.payroll_start_date,
        group_features.income_insights_start_date,
        group_features.document_fraud_start_date,
        coalesce(group_features.active_property_count, 0) as active_property_count,
        coalesce(group_features.is_multi_property, false) as is_multi_property,
        group_features.rds_property_ids as contributing_property_ids,
        properties.sfdc_id_18,
        properties.created_at,
        properties.population,
        properties.group_key,
        properties.is_deleted,
        properties.is_placeholder,
        properties.is_test_name,
        properties.has_ambiguous_features,
        properties.has_invalid_state,
        properties.has_malformed_sfdc_id,
        properties.is_name_truncated,
        coalesce(group_features.has_paid_features, false) as has_paid_features,
        coalesce(group_features.do_features_differ, false) as do_group_features_differ,
        coalesce(group_features.has_newest_tie, false) as has_group_tie,
        coalesce(own_rows.own_row_count, 0) as own_row_count,
        coalesce(own_rows.staging_ids, '') as staging_ids,
        coalesce(
            own_rows.least_production_id <> properties.sfdc_id_18
            or own_rows.greatest_production_id <> properties.sfdc_id_18,
            false
        ) as has_link_mismatch,
        own_rows.staging_id,
        own_rows.production_id,
        own_rows.sf_last_modified_at,
        own_rows.sf_last_modified_by,
        own_rows.sf_system_modstamp,
        own_rows.sf_property_name,
        own_rows.sf_short_id,
        own_rows.sf_company_id,
        own_rows.sf_company_name,
        own_rows.sf_address,
        own_rows.sf_city,
        own_rows.sf_state,
        own_rows.sf_postal_code,
        own_rows.sf_property_status,
        own_rows.sf_idv_enabled,
        own_rows.sf_bank_linking_enabled,
        own_rows.sf_payroll_enabled,
        own_rows.sf_income_insights_enabled,
        own_rows.sf_document_fraud_enabled,
        own_rows.sf_idv_start_date,
        own_rows.sf_bank_linking_start_date,
        own_rows.sf_payroll_start_date,
        own_rows.sf_income_insights_start_date,
        own_rows.sf_document_fraud_start_date,
        own_rows.sf_active_property_count,
        own_rows.sf_is_multi_property,
        own_rows.sf_contributing_property_ids,
        own_rows.sf_sfdc_id_18
    from properties
    left join group_features on group_features.group_key = properties.member_of
    left join own_rows on own_rows.rds_property_id = properties.rds_property_id
)

-- A text that the source lacks never clears Salesforce, so it is no difference (docs/domain.md §8.1, `keep`).
select
    *,
    concat_ws(
        ';',
        case when property_name is not null and property_name is distinct from sf_property_name then 'Name' end,
        case when short_id is not null and short_id is distinct from sf_short_id then 'Short_ID__c' end,
        case when company_id is not null and company_id is distinct from sf_company_id then 'Company_ID__c' end,
        case when company_name is not null and company_name is distinct from sf_company_name then 'Company_Name__c' end,
        case when address is not null and address is distinct from sf_address then 'Street__c' end,
        case when city is not null and city is distinct from sf_city then 'City__c' end,
        case when state is not null and state is distinct from sf_state then 'State_Code__c' end,
        case when postal_code is not null and postal_code is distinct from sf_postal_code then 'Postal_Code__c' end,
        case when property_status is distinct from sf_property_status then 'Status__c' end,
        case when idv_enabled is distinct from sf_idv_enabled then 'ID_Verification_Enabled__c' end,
        case when bank_linking_enabled is distinct from sf_bank_linking_enabled then 'Bank_Linking_Enabled__c' end,
        case when payroll_enabled is distinct from sf_payroll_enabled then 'Connected_Payroll_Enabled__c' end,
        case when income_insights_enabled is distinct from sf_income_insights_enabled then 'Income_Verification_Enabled__c' end,
        case when document_fraud_enabled is distinct from sf_document_fraud_enabled then 'Fraud_Detection_Enabled__c' end,
        case when idv_start_date is distinct from sf_idv_start_date then 'ID_Verification_Start_Date__c' end,
        case when bank_linking_start_date is distinct from sf_bank_linking_start_date then 'Bank_Linking_Start_Date__c' end,
        case when payroll_start_date is distinct from sf_payroll_start_date then 'Connected_Payroll_Start_Date__c' end,
        case when income_insights_start_date is distinct from sf_income_insights_start_date then 'Income_Verification_Start_Date__c' end,
        case when document_fraud_start_date is distinct from sf_document_fraud_start_date then 'Fraud_Detection_Start_Date__c' end,
        case when active_property_count is distinct from sf_active_property_count then 'Active_Property_Count__c' end,
        case when is_multi_property is distinct from sf_is_multi_property then 'Is_Multi_Property__c' end,
        case when contributing_property_ids is distinct from sf_contributing_property_ids then 'Contributing_Property_IDs__c' end,
        case when sfdc_id_18 is distinct from sf_sfdc_id_18 then 'Source_Salesforce_ID__c' end
    ) as changed_fields,
    (property_name is null and sf_property_name is not null)
    or (short_id is null and sf_short_id is not null)
    or (company_id is null and sf_company_id is not null)
    or (company_name is null and sf_company_name is not null)
    or (address is null and sf_address is not null)
    or (city is null and sf_city is not null)
    or (state is null and sf_state is not null)
    or (postal_code is null and sf_postal_code is not null) as has_kept_values
from compared
