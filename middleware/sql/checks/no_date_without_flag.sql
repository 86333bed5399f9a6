-- Invariant 6: a feature that is off has no start date, in any group and in any row to be written.
with group_features as (
    select *
    from ${catalog}.${schema}.property_group_snapshot
),

to_create as (
    select *
    from ${catalog}.${schema}.properties_to_create
),

to_update as (
    select *
    from ${catalog}.${schema}.properties_to_update
),

feature_rows as (
    select
        'property_group_features' as relation,
        group_key as row_key,
        idv_enabled,
        idv_start_date,
        bank_linking_enabled,
        bank_linking_start_date,
        payroll_enabled,
        payroll_start_date,
        income_insights_enabled,
        income_insights_start_date,
        document_fraud_enabled,
        document_fraud_start_date
    from group_features
    union all
    select
        'properties_to_create' as relation,
        rds_property_id as row_key,
        idv_enabled,
        idv_start_date,
        bank_linking_enabled,
        bank_linking_start_date,
        payroll_enabled,
        payroll_start_date,
        income_insights_enabled,
        income_insights_start_date,
        document_fraud_enabled,
        document_fraud_start_date
    from to_create
    union all
    select
        'properties_to_update' as relation,
        rds_property_id as row_key,
        idv_enabled,
        idv_start_date,
        bank_linking_enabled,
        bank_linking_start_date,
        payroll_enabled,
        payroll_start_date,
        income_insights_enabled,
        income_insights_start_date,
        document_fraud_enabled,
        document_fraud_start_date
    from to_update
)

select *
from feature_rows
where
    (not idv_enabled and idv_start_date is not null)
    or (not bank_linking_enabled and bank_linking_start_date is not null)
    or (not payroll_enabled and payroll_start_date is not null)
    or (not income_insights_enabled and income_insights_start_date is not null)
    or (not document_fraud_enabled and document_fraud_start_date is not null)
