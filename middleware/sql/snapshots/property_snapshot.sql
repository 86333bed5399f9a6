-- One row per row of the RDS table of properties: the source as one plan sees it.
select *
from ${catalog}.${schema}.rds_properties_enriched
