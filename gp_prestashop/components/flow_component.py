"""``type: gp_prestashop.Flow``: the Dagster component that a flow file is an instance of.

``definitions.py`` builds all flows together with our own loader (no templating, broken files kept apart, resources
shared). This class is for Dagster's own tooling: ``dg check yaml`` and ``dg list components`` know flows by it, and
``dg scaffold defs gp_prestashop.Flow NAME --source prestashop.customers --target gp.customer`` writes a first draft.
"""

from __future__ import annotations

import dagster as dg
from pydantic import BaseModel, Field

from gp_prestashop.errors import ConfigError
from gp_prestashop.mapping.model import Flow as FlowModel

__all__ = ["Flow", "FlowParams", "FlowScaffolder"]


class FlowParams(BaseModel):
    """What a draft is made of."""

    source: str = Field("prestashop.customers", description="system.resource that records come from")
    target: str = Field("gp.customer", description="system.document that they become")
    key: str | None = Field(None, description="The document's key column, where it has several")


class FlowScaffolder(dg.Scaffolder[FlowParams]):
    """``dg scaffold defs gp_prestashop.Flow``."""

    @classmethod
    def get_scaffold_params(cls) -> type[FlowParams]:
        return FlowParams

    def scaffold(self, request: dg.ScaffoldRequest[FlowParams]) -> None:
        """Write ``defs.yaml`` and the schema that editors complete it with. Raises ConfigError for unknown names."""
        from gp_prestashop.wiring import draft_flow

        if request.scaffold_format != "yaml" or request.append:
            raise ConfigError("only_yaml", "A flow is a YAML file of its own.", remedy="Leave --format away.")
        params = request.params
        request.target_path.mkdir(parents=True, exist_ok=True)
        draft_flow(request.target_path, request.target_path.name, params.source, params.target, params.key)


@dg.scaffold_with(FlowScaffolder)
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
