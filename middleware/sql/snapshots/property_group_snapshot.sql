-- One row per group: the groups as one plan sees them.
select *
from ${catalog}.${schema}.property_group_features
