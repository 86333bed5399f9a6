-- Stages: one row per stage.
select
    dashboard.stage,
    dashboard.count as records,
    dashboard.with_features,
    dashboard.dashboard_refreshed_at as as_of
from sync_monitoring_dashboard as dashboard
