-- Awaiting link: staging rows of eligible properties with a production id that automation has not linked for 24 h
-- (docs/domain.md §14.2).
with unlinked as (
    select comparisons.rds_property_id
    from ${catalog}.${schema}.property_comparison as comparisons
    inner join ${catalog}.${schema}.property_snapshot as properties
        on properties.rds_property_id = comparisons.rds_property_id
    inner join ${catalog}.${schema}.product_property_mirror as mirror
        on mirror.staging_id = comparisons.staging_id
    where
        properties.is_eligible
        and comparisons.own_row_count = 1
        and comparisons.sfdc_id_18 is not null
        and comparisons.production_id is null
        and mirror.created_at < current_timestamp - interval 24 hours
)

select
    count(*) as measured,
    case when count(*) > 200 then 'P2' end as severity
from unlinked
