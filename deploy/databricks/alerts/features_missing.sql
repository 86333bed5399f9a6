-- Features missing: eligible properties with one staging row that lack a feature there which their group has, where RDS
-- has not changed for twice the interval of Sync B, 1 h (docs/domain.md §13.3, §14.2).
with missing as (
    select comparisons.rds_property_id
    from ${catalog}.${schema}.property_comparison as comparisons
    inner join ${catalog}.${schema}.property_snapshot as properties
        on properties.rds_property_id = comparisons.rds_property_id
    where
        properties.is_eligible
        and comparisons.own_row_count = 1
        and properties.updated_at <= current_timestamp - interval 1 hour
        and (
            (comparisons.idv_enabled and not comparisons.sf_idv_enabled)
            or (comparisons.bank_linking_enabled and not comparisons.sf_bank_linking_enabled)
            or (comparisons.payroll_enabled and not comparisons.sf_payroll_enabled)
            or (comparisons.income_insights_enabled and not comparisons.sf_income_insights_enabled)
            or (comparisons.document_fraud_enabled and not comparisons.sf_document_fraud_enabled)
        )
)

select
    count(*) as measured,
    case
        when count(*) > 100 then 'P1'
        when count(*) >= 50 then 'P2'
        when count(*) >= 1 then 'P3'
    end as severity
from missing
