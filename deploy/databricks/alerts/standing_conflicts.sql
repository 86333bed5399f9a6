-- Standing conflicts: properties with more than one staging row, which a person has to decide (docs/domain.md §14.2).
select
    count(*) as measured,
    case when count(*) > 0 then 'P3' end as severity
from ${catalog}.${schema}.property_classification
where class = 'CONFLICT'
