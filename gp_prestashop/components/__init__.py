"""The Dagster side: flows become assets, checks, sensors and schedules. The engine does the work."""

from gp_prestashop.components.flow_component import Flow

__all__ = ["Flow"]
