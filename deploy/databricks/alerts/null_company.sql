-- Null company: eligible properties with one staging row that lacks the company name, though RDS has one
-- (docs/domain.md §13.3, §14.2).
with nameless as (
    select comparisons.rds_property_id
    from ${catalog}.${schema}.property_comparison as comparisons
    inner join ${catalog}.${schema}.property_snapshot as properties
        on properties.rds_property_id = comparisons.rds_property_id
    where
        properties.is_eligible
        and comparisons.own_row_count = 1
        and comparisons.company_name is not null
        and comparisons.sf_company_name is null
)

select
    count(*) as measured,
    case when count(*) > 50 then 'P2' end as severity
from nameless
