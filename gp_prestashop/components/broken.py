"""A broken flow file becomes one asset with a failing check; every other flow loads."""

import dagster as dg

from gp_prestashop.mapping.loader import LoadedFlow

__all__ = ["broken_flow"]


def broken_flow(loaded: LoadedFlow) -> tuple[dg.AssetSpec, dg.AssetChecksDefinition]:
    """An asset that shows the errors, and the check that fails because of them."""
    key = dg.AssetKey(["mapped", loaded.name])
    text = "\n".join(f"- {error}" for error in loaded.errors)
    spec = dg.AssetSpec(
        key,
        description=f"This flow is broken and does not run:\n\n{text}",
        group_name="broken",
        tags={"broken": "true"},
    )

    @dg.asset_check(asset=key, name="flow_is_valid", description=f"{loaded.path} can be read and compiled.")
    def flow_is_valid() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=False, metadata={"errors": dg.MetadataValue.md(text)})

    return spec, flow_is_valid
