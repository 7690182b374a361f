"""gp_prestashop: one PrestaShop shop and one Microsoft Dynamics GP company, joined by Dagster pipelines.

``gp_prestashop.Flow`` is the Dagster component that flow files name as their type. It is imported when it is asked for,
so that commands that need no Dagster do not wait for it.
"""

from __future__ import annotations

from typing import Any

__all__ = ["Flow"]


def __getattr__(name: str) -> Any:
    if name == "Flow":
        from gp_prestashop.components.flow_component import Flow

        return Flow
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
