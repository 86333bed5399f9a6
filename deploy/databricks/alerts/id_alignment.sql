-- Id alignment: the share of linked staging rows whose link is not the id that RDS has (docs/domain.md §14.2).
with linked as (
    select avg(case when has_link_mismatch then cast(1 as double) else cast(0 as double) end) as mismatch_share
    from ${catalog}.${schema}.property_comparison
    where own_row_count = 1 and production_id is not null
)

select
    mismatch_share as measured,
    case when mismatch_share > 0.05 then 'P2' end as severity
from linked
