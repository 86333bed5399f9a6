-- One row per changed field of a property of class UPDATE; values are normalised, as text.
create or replace view ${catalog}.${schema}.property_field_changes as
with comparisons as (
    select *
    from ${catalog}.${schema}.property_comparison
),

classifications as (
    select *
    from ${catalog}.${schema}.property_classification
),

fields as (
    select *
    from (
        values
            ('Name'),
            ('Short_ID__c'),
            ('Company_ID__c'),
            ('Company_Name__c'),
            ('Street__c'),
            ('City__c'),
            ('State_Code__c'),
            ('Postal_Code__c'),
            ('Status__c'),
            ('ID_Verification_Enabled__c'),
            ('Bank_Linking_Enabled__c'),
            ('Connected_Payroll_Enabled__c'),
            ('Income_Verification_Enabled__c'),
            ('Fraud_Detection_Enabled__c'),
            ('ID_Verification_Start_Date__c'),
            ('Bank_Linking_Start_Date__c'),
            ('Connected_Payroll_Start_Date__c'),
            ('Income_Verification_Start_Date__c'),
            ('Fraud_Detection_Start_Date__c'),
            ('Active_Property_Count__c'),
            ('Is_Multi_Property__c'),
            ('Contributing_Property_IDs__c'),
            ('Source_Salesforce_ID__c')
    ) as field_names (field)
),

changes as (
    select
        comparisons.*,
        fields.field
    from classifications
    inner join comparisons on comparisons.rds_property_id = classifications.rds_property_id
    inner join fields
        on instr(concat(';', comparisons.changed_fields, ';'), concat(';', fields.field, ';')) > 0
    where classifications.class = 'UPDATE'
)

select
    rds_property_id,
    field,
    case field
        when 'Name' then sf_property_name
        when 'Short_ID__c' then sf_short_id
        when 'Company_ID__c' then sf_company_id
        when 'Company_Name__c' then sf_company_name
        when 'Street__c' then sf_address
        when 'City__c' then sf_city
        when 'State_Code__c' then sf_state
        when 'Postal_Code__c' then sf_postal_code
        when 'Status__c' then sf_property_status
        when 'ID_Verification_Enabled__c' then cast(sf_idv_enabled as string)
        when 'Bank_Linking_Enabled__c' then cast(sf_bank_linking_enabled as string)
        when 'Connected_Payroll_Enabled__c' then cast(sf_payroll_enabled as string)
        when 'Income_Verification_Enabled__c' then cast(sf_income_insights_enabled as string)
        when 'Fraud_Detection_Enabled__c' then cast(sf_document_fraud_enabled as string)
        when 'ID_Verification_Start_Date__c' then cast(sf_idv_start_date as string)
        when 'Bank_Linking_Start_Date__c' then cast(sf_bank_linking_start_date as string)
        when 'Connected_Payroll_Start_Date__c' then cast(sf_payroll_start_date as string)
        when 'Income_Verification_Start_Date__c' then cast(sf_income_insights_start_date as string)
        when 'Fraud_Detection_Start_Date__c' then cast(sf_document_fraud_start_date as string)
        when 'Active_Property_Count__c' then cast(sf_active_property_count as string)
        when 'Is_Multi_Property__c' then cast(sf_is_multi_property as string)
        when 'Contributing_Property_IDs__c' then sf_contributing_property_ids
        when 'Source_Salesforce_ID__c' then sf_sfdc_id_18
    end as from_value,
    case field
        when 'Name' then property_name
        when 'Short_ID__c' then short_id
        when 'Company_ID__c' then company_id
        when 'Company_Name__c' then company_name
        when 'Street__c' then address
        when 'City__c' then city
        when 'State_Code__c' then state
        when 'Postal_Code__c' then postal_code
        when 'Status__c' then property_status
        when 'ID_Verification_Enabled__c' then cast(idv_enabled as string)
        when 'Bank_Linking_Enabled__c' then cast(bank_linking_enabled as string)
        when 'Connected_Payroll_Enabled__c' then cast(payroll_enabled as string)
        when 'Income_Verification_Enabled__c' then cast(income_insights_enabled as string)
        when 'Fraud_Detection_Enabled__c' then cast(document_fraud_enabled as string)
        when 'ID_Verification_Start_Date__c' then cast(idv_start_date as string)
        when 'Bank_Linking_Start_Date__c' then cast(bank_linking_start_date as string)
        when 'Connected_Payroll_Start_Date__c' then cast(payroll_start_date as string)
        when 'Income_Verification_Start_Date__c' then cast(income_insights_start_date as string)
        when 'Fraud_Detection_Start_Date__c' then cast(document_fraud_start_date as string)
        when 'Active_Property_Count__c' then cast(active_property_count as string)
        when 'Is_Multi_Property__c' then cast(is_multi_property as string)
        when 'Contributing_Property_IDs__c' then contributing_property_ids
        when 'Source_Salesforce_ID__c' then sfdc_id_18
    end as to_value
from changes
