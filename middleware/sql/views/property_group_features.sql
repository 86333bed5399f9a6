-- One row per group: the eligible properties of one valid Salesforce id, or one eligible property without such an id.
create or replace view ${catalog}.${schema}.property_group_features as
with members as (
    select *
    from ${catalog}.${schema}.property_snapshot
    where is_eligible
),

context as (
    select *
    from ${catalog}.${schema}.sync_context
),

ranked_members as (
    select
        *,
        row_number() over (
            partition by group_key
            order by updated_at desc nulls last, created_at desc nulls last, rds_property_id asc
        ) as member_position
    from members
),

unions as (
    select
        group_key,
        min(case when member_position = 1 then rds_property_id end) as rds_property_id,
        bool_or(idv_enabled) as idv_enabled,
        bool_or(bank_linking_enabled) as bank_linking_enabled,
        bool_or(payroll_enabled) as payroll_enabled,
        bool_or(income_insights_enabled) as income_insights_enabled,
        bool_or(document_fraud_enabled) as document_fraud_enabled,
        cast(min(case when idv_enabled then idv_enabled_at end) as date) as idv_start_date,
        cast(min(case when bank_linking_enabled then bank_linking_enabled_at end) as date) as bank_linking_start_date,
        cast(min(case when payroll_enabled then payroll_enabled_at end) as date) as payroll_start_date,
        cast(min(case when income_insights_enabled then income_insights_enabled_at end) as date) as income_insights_start_date,
        cast(min(case when document_fraud_enabled then document_fraud_enabled_at end) as date) as document_fraud_start_date,
        max(updated_at) as rds_last_updated_at,
        cast(count(*) as int) as active_property_count,
        array_join(sort_array(collect_list(rds_property_id)), ';') as rds_property_ids,
        bool_or(idv_enabled) <> bool_and(idv_enabled)
        or bool_or(bank_linking_enabled) <> bool_and(bank_linking_enabled)
        or bool_or(payroll_enabled) <> bool_and(payroll_enabled)
        or bool_or(income_insights_enabled) <> bool_and(income_insights_enabled)
        or bool_or(document_fraud_enabled) <> bool_and(document_fraud_enabled) as do_features_differ,
        coalesce(
            max(case when member_position = 1 then updated_at end)
            = max(case when member_position = 2 then updated_at end),
            false
        ) as has_newest_tie
    from ranked_members
    group by group_key
)

select
    unions.group_key,
    unions.rds_property_id,
    unions.idv_enabled,
    unions.bank_linking_enabled,
    unions.payroll_enabled,
    unions.income_insights_enabled,
    unions.document_fraud_enabled,
    unions.idv_start_date,
    unions.bank_linking_start_date,
    unions.payroll_start_date,
    unions.income_insights_start_date,
    unions.document_fraud_start_date,
    unions.rds_last_updated_at,
    unions.active_property_count,
    case when unions.idv_enabled then 1 else 0 end
    + case when unions.bank_linking_enabled then 1 else 0 end
    + case when unions.payroll_enabled then 1 else 0 end
    + case when unions.income_insights_enabled then 1 else 0 end
    + case when unions.document_fraud_enabled then 1 else 0 end as total_feature_count,
    unions.active_property_count > 1 as is_multi_property,
    unions.idv_enabled
    or unions.bank_linking_enabled
    or unions.payroll_enabled
    or unions.income_insights_enabled
    or unions.document_fraud_enabled as has_any_features_enabled,
    (unions.idv_enabled and context.is_idv_paid)
    or (unions.bank_linking_enabled and context.is_bank_linking_paid)
    or (unions.payroll_enabled and context.is_payroll_paid)
    or (unions.income_insights_enabled and context.is_income_insights_paid)
    or (unions.document_fraud_enabled and context.is_document_fraud_paid) as has_paid_features,
    unions.rds_property_ids,
    unions.do_features_differ,
    unions.has_newest_tie
from unions
cross join context
