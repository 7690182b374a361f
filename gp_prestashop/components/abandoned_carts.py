"""Carts that nobody ordered: a table for analysis, and a signal for each customer. They make no document in GP."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd

from gp_prestashop.components.engine_resource import EngineResource
from gp_prestashop.components.failures import translated_errors
from gp_prestashop.components.partitions import days_of, days_since_go_live
from gp_prestashop.engine.protocols import Selection
from gp_prestashop.mapping.shapes import SourceRecord
from gp_prestashop.settings import Settings

__all__ = ["abandoned", "abandoned_carts_asset"]

AFTER = timedelta(hours=2)  # a younger cart may yet be ordered
KEY = dg.AssetKey(["analysis", "abandoned_carts"])


def abandoned(carts: Iterable[SourceRecord], now: datetime) -> pd.DataFrame:
    """One row for each cart with goods in it, no order, and no change for two hours. ``now`` is in the shop's zone."""
    rows: list[dict[str, Any]] = []
    for cart in carts:
        raw = cart.raw
        changed = datetime.fromisoformat(raw["date_upd"] or raw["date_add"]).replace(tzinfo=now.tzinfo)  # or 0000-00-00
        pieces = sum(int(row["quantity"]) for row in raw.get("cart_rows") or [])
        if raw.get("orders") or not pieces or now - changed < AFTER:
            continue
        rows.append(
            {
                "id_cart": int(raw["id"]),
                "id_customer": int(raw["id_customer"] or 0),
                "id_currency": int(raw["id_currency"]),
                "products": len(raw["cart_rows"]),
                "pieces": pieces,
                "date_add": raw["date_add"],
                "date_upd": raw["date_upd"],
            }
        )
    columns = ["id_cart", "id_customer", "id_currency", "products", "pieces", "date_add", "date_upd"]
    return pd.DataFrame(rows, columns=columns)


def abandoned_carts_asset(settings: Settings) -> dg.AssetsDefinition:
    """Daily by the cart's creation; each day is a Parquet file in ``$GPPS_HOME/exports/abandoned_carts``."""

    @dg.asset(
        key=KEY,
        description="Carts with goods in them that became no order: for analysis, and as a signal for each customer.",
        partitions_def=days_since_go_live(settings),
        backfill_policy=dg.BackfillPolicy.single_run(),
        group_name="analysis",
        kinds={"parquet"},
        pool="prestashop",
    )
    def abandoned_carts(
        context: dg.AssetExecutionContext, engine: dg.ResourceParam[EngineResource]
    ) -> dg.MaterializeResult:  # type: ignore[type-arg]
        source = engine.engine.parts.sources["prestashop"]
        now = datetime.now(UTC).astimezone(settings.shop.zone)
        with translated_errors():
            pages = source.read("carts", Selection(created=days_of(context)), page_size=settings.shop.page_size)
            frame = abandoned((record for page in pages for record in page), now)
        for day, rows in frame.groupby(frame["date_add"].str[:10]):
            path = _file(settings.home, str(day))
            rows.to_parquet(path, index=False)
            context.log.info(f"{len(rows)} abandoned carts in {path}")
        most = Counter({int(str(c)): int(n) for c, n in frame["id_customer"].value_counts().items() if c}).most_common(
            10
        )
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": len(frame),
                "pieces": int(frame["pieces"].sum()),
                "customers": int(frame.loc[frame["id_customer"] > 0, "id_customer"].nunique()),
                "most_by": dg.MetadataValue.table(
                    [dg.TableRecord({"id_customer": customer, "carts": carts}) for customer, carts in most],
                    schema=dg.TableSchema([dg.TableColumn("id_customer", "int"), dg.TableColumn("carts", "int")]),
                ),
            }
        )

    return abandoned_carts


def _file(home: Path, day: str) -> Path:
    folder = home / "exports" / "abandoned_carts"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{day}.parquet"
