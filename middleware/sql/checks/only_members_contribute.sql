-- Only eligible properties contribute (docs/domain.md §17.2 B4), and each row to be written names the group it belongs to.
-- A property that is not eligible shows no features, no count and no contributors.
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
)

select
    queued.rds_property_id,
    properties.is_eligible,
    queued.active_property_count,
    queued.contributing_property_ids
from queued
inner join properties on properties.rds_property_id = queued.rds_property_id
where
    (
        properties.is_eligible
        and instr(concat(';', coalesce(queued.contributing_property_ids, ''), ';'), concat(';', queued.rds_property_id, ';')) = 0
    )
    or (
        not properties.is_eligible
        and (
            queued.idv_enabled
            or queued.bank_linking_enabled
            or queued.payroll_enabled
            or queued.income_insights_enabled
            or queued.document_fraud_enabled
            or queued.active_property_count <> 0
            or queued.is_multi_property
            or queued.contributing_property_ids is not null
        )
    )
