-- Figures: one row with the figures that are looked at first.
select
    max(case when dashboard.stage = 'Properties to Create' then dashboard.count end) as to_create,
    max(case when dashboard.stage = 'Properties to Create' then dashboard.with_features end) as to_create_paid,
    max(case when dashboard.stage = 'Properties to Update' then dashboard.count end) as to_update,
    max(case when dashboard.stage = 'Properties Matched' then dashboard.count end) as matched,
    max(case when dashboard.stage = 'Last 24 h Successful' then dashboard.count end) as succeeded,
    max(case when dashboard.stage = 'Last 24 h Failed' then dashboard.count end) as failed
from sync_monitoring_dashboard as dashboard
