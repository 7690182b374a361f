"""Error triage: stopped records classed by cause, grouped, with a remedy each; safe remedies may apply themselves."""

from __future__ import annotations

from gp_prestashop.assist.triage.apply import Applied, apply
from gp_prestashop.assist.triage.groups import Group, groups_of
from gp_prestashop.assist.triage.policy import TriagePolicy
from gp_prestashop.assist.triage.stopped import Stopped, stopped_records

__all__ = ["Applied", "Group", "Stopped", "TriagePolicy", "apply", "groups_of", "stopped_records"]
