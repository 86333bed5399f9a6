-- Invariant 7: all rows of one group carry the same flags, dates, count and contributor list.
with properties as (
    select *
    from ${catalog}.${schema}.property_snapshot
),

to_create as (
    select *
    from ${catalog}.${schema}.properties_to_create
),

to_update as (
    select *
    from ${catalog}.${schema}.properties_to_update
),

queued as (
    select
        rds_property_id,
        idv_enabled,
        bank_linking_enabled,
        payroll_enabled,
        income_insights_enabled,
        document_fraud_enabled,
        idv_start_date,
        bank_linking_start_date,
        payroll_start_date,
        income_insights_start_date,
        document_fraud_start_date,
        active_property_count,
        is_multi_property,
        contributing_property_ids
    from to_create
    union all
    select
        rds_property_id,
        idv_enabled,
        bank_linking_enabled,
        payroll_enabled,
        income_insights_enabled,
        document_fraud_enabled,
        idv_start_date,
        bank_linking_start_date,
        payroll_start_date,
        income_insights_start_date,
        document_fraud_start_date,
        active_property_count,
        is_multi_property,
        contributing_property_ids
    from to_update
),

signed as (
    select
        rds_property_id,
        concat_ws(
            '|',
            cast(idv_enabled as string),
            coalesce(cast(idv_start_date as string), '-'),
            cast(bank_linking_enabled as string),
            coalesce(cast(bank_linking_start_date as string), '-'),
            cast(payroll_enabled as string),
            coalesce(cast(payroll_start_date as string), '-'),
            cast(income_insights_enabled as string),
            coalesce(cast(income_insights_start_date as string), '-'),
            cast(document_fraud_enabled as string),
            coalesce(cast(document_fraud_start_date as string), '-'),
            cast(active_property_count as string),
            cast(is_multi_property as string),
            contributing_property_ids
        ) as group_values
    from queued
)

select
    properties.group_key,
    count(distinct signed.group_values) as different_rows
from signed
inner join properties on properties.rds_property_id = signed.rds_property_id
where properties.is_eligible
group by properties.group_key
having count(distinct signed.group_values) > 1
