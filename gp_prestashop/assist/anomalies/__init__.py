"""Anomalies: which orders look wrong, and why, from orders, lines, payments and postings.

``read_books`` → ``score_books`` → one ``Scored`` for each order. Rates, limits, accounts, habits and seasons are learnt from
the same books; nothing is trained beforehand. ``score_records`` does the same for orders on their way.
"""

from __future__ import annotations

from gp_prestashop.assist.anomalies.alerts import Alert, Policy
from gp_prestashop.assist.anomalies.books import Books, read_books
from gp_prestashop.assist.anomalies.feedback import Feedback
from gp_prestashop.assist.anomalies.in_flow import check_day, score_records
from gp_prestashop.assist.anomalies.score import Scored, score_books

__all__ = [
    "Alert",
    "Books",
    "Feedback",
    "Policy",
    "Scored",
    "check_day",
    "read_books",
    "score_books",
    "score_records",
]
