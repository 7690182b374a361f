"""Foresight: when items run out, how likely they are oversold, how many orders are to be expected, and whether silence means a fault."""

from __future__ import annotations

from gp_prestashop.assist.foresight.backtest import Backtest, backtest_demand, backtest_silence
from gp_prestashop.assist.foresight.demand import Demand, fit_demand
from gp_prestashop.assist.foresight.outlook import Outlook, daily, outlook
from gp_prestashop.assist.foresight.volume import Silence, Volume, fit_volume

__all__ = [
    "Backtest", "Demand", "Outlook", "Silence", "Volume", "backtest_demand", "backtest_silence", "daily", "fit_demand", "fit_volume", "outlook",
]  # fmt: skip
