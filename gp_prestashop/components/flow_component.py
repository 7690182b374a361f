"""``type: gp_prestashop.Flow``: the Dagster component that a flow file is an instance of.

``definitions.py`` builds all flows together with our own loader (no templating, broken files kept apart, resources
shared). This class is for Dagster's own tooling: it loads one flow's folder the same way.
"""

from __future__ import annotations

import dagster as dg
from pydantic import BaseModel

from gp_prestashop.mapping.model import Flow as FlowModel

__all__ = ["Flow"]


class Flow(dg.Component):
    """One flow, from its own folder."""

    def __init__(self, name: str) -> None:
        self.name = name

    @classmethod
    def get_model_cls(cls) -> type[BaseModel]:
        return FlowModel

    @classmethod
    def load(cls, attributes: BaseModel | None, context: dg.ComponentLoadContext) -> Flow:
        if not isinstance(attributes, FlowModel):
            raise TypeError(f"{context.path} holds no flow attributes.")
        return cls(attributes.name)

    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:  # noqa: ARG002
        from gp_prestashop.wiring import definitions_of_one

        return definitions_of_one(self.name)
