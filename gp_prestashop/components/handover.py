"""Documents between the mapped and the written asset: one file for each run and asset, for that run only."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import dagster as dg

from gp_prestashop.engine.fingerprint import as_json, from_json
from gp_prestashop.engine.plan import Planned

__all__ = ["RunScopedIOManager"]

KEPT_RUNS = 200  # re-execution from failure reads its parent run's file


class RunScopedIOManager(dg.IOManager):
    """Planned documents as JSON lines, under ``<folder>/<run id>/``. Everything else is refused."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def handle_output(self, context: dg.OutputContext, obj: Any) -> None:
        path = self._path(context.run_id, context.asset_key)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8") as file:
            for one in obj:
                file.write(json.dumps(_to_json(one), ensure_ascii=False) + "\n")
        self._forget_old_runs()

    def load_input(self, context: dg.InputContext) -> list[Planned]:
        output = context.upstream_output
        if output is None:
            raise dg.DagsterInvariantViolationError("A written asset takes its documents from the mapped asset.")
        for run_id in dict.fromkeys([output.run_id, context.step_context.run_id]):
            path = self._path(run_id, context.asset_key)
            if path.exists():
                with path.open(encoding="utf-8") as file:
                    return [_from_json(json.loads(line)) for line in file]
        raise dg.Failure(
            f"{context.asset_key.to_user_string()} was not materialised in this run: select it as well.",
            allow_retries=False,
        )

    def _path(self, run_id: str, key: dg.AssetKey) -> Path:
        return self._folder / run_id / f"{'_'.join(key.path)}.jsonl"

    def _forget_old_runs(self) -> None:
        runs = sorted(self._folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        for old in runs[KEPT_RUNS:]:
            shutil.rmtree(old, ignore_errors=True)


def _to_json(one: Planned) -> dict[str, Any]:
    return {
        "document": as_json(one.document),
        "action": one.action,
        "fingerprint": one.fingerprint,
        "difference": one.difference,
        "payload_hash": one.payload_hash,
    }


def _from_json(data: dict[str, Any]) -> Planned:
    return Planned(
        from_json(data["document"]), data["action"], data["fingerprint"], data["difference"], data["payload_hash"]
    )
