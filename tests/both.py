"""A house whose GP sells on the web, and what people do in GP and in the shop meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from gp_prestashop.engine.engine import Engine
from gp_prestashop.sandbox.gp import seed
from gp_prestashop.settings import load_settings
from gp_prestashop.wiring import connect
from tests.house import EagerClock


@dataclass
class Both:
    """``house`` with short ways to change and look at both sides."""

    house: Any

    def gp(self, statement: str, *parameters: object) -> None:
        """What somebody does in GP."""
        with psycopg.connect(self.house.gp_url) as connection:
            connection.execute(statement, parameters)  # type: ignore[arg-type]

    def add_to_gp(self, rows: Mapping[str, Sequence[Mapping[str, object]]]) -> None:
        with psycopg.connect(self.house.gp_url) as connection, connection.cursor() as cursor:
            seed.load(cursor, "TWO", rows)

    @property
    def store(self) -> Any:
        return self.house.sandbox.shop.store

    def rows(self, resource: str, **where: object) -> list[dict[str, Any]]:
        """Rows of the shop's tables with these values."""
        rows = [self.store.row(resource, one) for one in self.store.ids(resource)]
        return [row for row in rows if all(str(row[name]) == str(value) for name, value in where.items())]

    def stock(self, reference: str) -> int:
        """What the shop would sell of an article."""
        for combination in self.rows("combinations", reference=reference):
            (row,) = self.rows(
                "stock_availables", id_product=combination["id_product"], id_product_attribute=combination["id"]
            )
            return int(row["quantity"])
        (product,) = self.rows("products", reference=reference)
        (row,) = self.rows("stock_availables", id_product=product["id"], id_product_attribute=0)
        return int(row["quantity"])

    def stock_row(self, reference: str) -> dict[str, Any]:
        (product,) = self.rows("products", reference=reference)
        return self.rows("stock_availables", id_product=product["id"], id_product_attribute=0)[0]

    def writes(self) -> int:
        return int(self.house.engine.parts.targets["prestashop"].figures()["shop/write_requests"])

    def requests(self) -> int:
        return int(self.house.engine.parts.targets["prestashop"].figures()["shop/requests"])

    def state(self, flow: str, key: str) -> Any:
        return self.house.engine.parts.ledger.states_of(flow, [key])[key]

    def again(self, **settings: str) -> Engine:
        """The product started anew with other settings, over the same ledger, GP and shop."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in settings.items():
                patch.setenv(name, value)
            changed = load_settings()
            flows = connect(changed, self.house.engine.parts.clock).flows
        return Engine(replace(self.house.engine.parts, flows=flows))


@pytest.fixture
def both(make_house: Callable[..., Any], tmp_path: Path) -> Callable[..., Both]:
    """Makes it; ``settings`` are GPPS_ variables, ``maps`` value maps beside the world's own."""

    def make(settings: Mapping[str, str] | None = None, maps: str = "", **world: object) -> Both:
        if maps:
            (tmp_path / "maps").mkdir(parents=True, exist_ok=True)
            (tmp_path / "maps" / "yours.yaml").write_text(maps, "utf-8")  # read after values.yaml, the world's
        world = {"orders": 12, "troubles": False, **world}
        clock = EagerClock()
        house = make_house(clock=clock, settings=settings, **world)
        house.engine = Engine(replace(house.engine.parts, clock=clock))  # nobody waits for a call to be over
        return Both(house)

    return make
