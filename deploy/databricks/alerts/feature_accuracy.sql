-- Feature accuracy: the least share of eligible properties with one staging row whose flags are right there: all five,
-- and each feature by itself (docs/domain.md §12.2, §14.2).
with compared as (
    select
        comparisons.idv_enabled = comparisons.sf_idv_enabled as is_idv_right,
        comparisons.bank_linking_enabled = comparisons.sf_bank_linking_enabled as is_bank_linking_right,
        comparisons.payroll_enabled = comparisons.sf_payroll_enabled as is_payroll_right,
        comparisons.income_insights_enabled = comparisons.sf_income_insights_enabled as is_income_insights_right,
        comparisons.document_fraud_enabled = comparisons.sf_document_fraud_enabled as is_document_fraud_right
    from ${catalog}.${schema}.property_comparison as comparisons
    inner join ${catalog}.${schema}.property_snapshot as properties
        on properties.rds_property_id = comparisons.rds_property_id
    where properties.is_eligible and comparisons.own_row_count = 1
),

-- The row level is the least of all: a row is right only where every feature is.
accuracy as (
    select
        avg(
            case
                when
                    is_idv_right
                    and is_bank_linking_right
                    and is_payroll_right
                    and is_income_insights_right
                    and is_document_fraud_right
                    then cast(1 as double)
                else cast(0 as double)
            end
        ) as row_accuracy
    from compared
)

select
    row_accuracy as measured,
    case
        when row_accuracy < 0.95 then 'P2'
        when row_accuracy < 0.99 then 'P3'
    end as severity
from accuracy
