-- Coverage: the share of eligible properties that have exactly one staging row (docs/domain.md §13.3, §14.2).
with eligible as (
    select
        avg(case when comparisons.own_row_count = 1 then cast(1 as double) else cast(0 as double) end) as coverage
    from ${catalog}.${schema}.property_comparison as comparisons
    inner join ${catalog}.${schema}.property_snapshot as properties
        on properties.rds_property_id = comparisons.rds_property_id
    where properties.is_eligible
)

select
    coverage as measured,
    case
        when coverage < 0.90 then 'P2'
        when coverage < 0.95 then 'P3'
    end as severity
from eligible
