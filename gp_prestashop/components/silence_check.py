"""The hourly check that orders still arrive: is it strange that none came for so long, at this hour of this weekday?

A sensor that is switched off, a key that was revoked and a shop that is down all look alike from here: nothing new.
"""

from collections.abc import Mapping
from dataclasses import asdict

import dagster as dg

from gp_prestashop.assist.anomalies.history import OrderHistory
from gp_prestashop.assist.foresight.volume import silence_since_last
from gp_prestashop.components.check_alone import check_alone
from gp_prestashop.components.engine_resource import EngineResource
from gp_prestashop.components.naming import extract_key
from gp_prestashop.engine.parts import EngineFlow
from gp_prestashop.settings import Settings

__all__ = ["CHECK", "silence_definitions"]

CHECK = "orders_arrive"
FLOW = "sales_orders"
AT = "20 * * * *"


def silence_definitions(flows: Mapping[str, EngineFlow], settings: Settings) -> dg.Definitions:
    """The check on the orders as they are read, a job that runs it alone, and its schedule; nothing where no orders flow."""
    if FLOW not in flows:
        return dg.Definitions()
    key = extract_key(flows[FLOW])
    days = settings.assist.anomalies.history

    @dg.asset_check(asset=key, name=CHECK, blocking=False, description="Orders come as often as they usually do.")
    def orders_arrive(engine: dg.ResourceParam[EngineResource]) -> dg.AssetCheckResult:
        parts = engine.engine.parts
        history = OrderHistory(parts.ledger, settings.home, FLOW, days, parts.clock)
        history.refresh()
        now = parts.clock.now().astimezone(settings.shop.zone).replace(tzinfo=None)
        silence = silence_since_last(history.moments(), now, days)
        if silence is None:
            return dg.AssetCheckResult(passed=True, description="There are no orders yet.")
        told = {name: str(value) for name, value in asdict(silence).items()}
        return dg.AssetCheckResult(
            passed=not silence.alarm, severity=dg.AssetCheckSeverity.ERROR, description=silence.sentence, metadata=told
        )

    return check_alone(
        orders_arrive, settings.shop.timezone, at=AT, how_often="hourly", description="Whether orders still arrive."
    )
