"""What Dagster shows of a materialisation: counts by state, money, sample rows, column lineage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dagster as dg

from gp_prestashop.components.naming import extract_key, map_key
from gp_prestashop.engine.parts import EngineFlow
from gp_prestashop.engine.plan import Planned
from gp_prestashop.engine.report import RunReport
from gp_prestashop.ledger.ledger import ConservationRow
from gp_prestashop.mapping.shapes import Frame, Problem

__all__ = [
    "day_metadata",
    "document_metadata",
    "lineage_metadata",
    "report_metadata",
    "resource_metadata",
    "warned_metadata",
]

SAMPLE = 10
WARNED = 100
SHOWN_COLUMNS = 12


def report_metadata(report: RunReport) -> dict[str, Any]:
    """Counts by state, money by state and currency, and why records stopped."""
    metadata: dict[str, Any] = {
        "records": report.seen,
        "dagster/row_count": sum(report.states.values()),
        "written": report.written,
        "ledger_run": report.run_id,
    }
    metadata |= {f"state/{state}": count for state, count in sorted(report.states.items())}
    if report.money:
        metadata["money"] = dg.MetadataValue.table(
            [
                dg.TableRecord({"state": state, "currency": currency, "amount": f"{amount:.2f}"})
                for (state, currency), amount in sorted(report.money.items())
            ]
        )
    if report.reasons:
        metadata["stopped"] = dg.MetadataValue.table(
            [
                dg.TableRecord({"state": state, "code": code, "records": count, "sentence": sentence})
                for (state, code, sentence), count in report.reasons.most_common(25)
            ]
        )
        metadata["dead_letters"] = (
            f"gp-prestashop run {report.flow} --keys … after mending; see state and sentence above"
        )
    metadata |= {f"matched_by/{by}": count for by, count in sorted(report.recognised_by().items())}
    return metadata | warned_metadata(report.warnings)


def warned_metadata(warnings: Sequence[Problem]) -> dict[str, Any]:
    """What was noticed without stopping a record: above all what the target keeps of its own, and orders that look wrong."""
    if not warnings:
        return {}
    rows = [
        dg.TableRecord({"record": one.source_key, "code": one.code, "sentence": one.sentence})
        for one in warnings[:WARNED]
    ]
    return {"warnings": len(warnings), "warned": dg.MetadataValue.table(rows)}


def day_metadata(rows: Sequence[ConservationRow]) -> dict[str, dict[str, Any]]:
    """By day: its counts by state, and its money. For runs over a range, whose own figures are those of all days."""
    days: dict[str, dict[str, Any]] = {}
    money: dict[str, list[dg.TableRecord]] = {}
    for row in rows:
        if row.day is None:
            continue
        day = row.day.isoformat()
        counts = days.setdefault(day, {"day/records": 0})
        counts["day/records"] += row.count
        counts[f"day/{row.state}"] = counts.get(f"day/{row.state}", 0) + row.count
        cells: dict[str, str | int | float | None] = {
            "state": row.state,
            "reason": row.reason,
            "currency": row.currency,
        }
        cells |= {"records": row.count, "amount": f"{row.amount or 0:.2f}"}
        money.setdefault(day, []).append(dg.TableRecord(cells))
    for day, table in money.items():
        days[day]["day/money"] = dg.MetadataValue.table(table)
    return days


def document_metadata(flow: EngineFlow, planned: Sequence[Planned]) -> dict[str, Any]:
    """Number of documents and a sample of their headers."""
    columns = [c.name for c in flow.document.frames[0].columns]
    rows = [one.document.header for one in planned[:SAMPLE]]
    shown = [name for name in columns if any(row.get(name) not in (None, "") for row in rows)][:SHOWN_COLUMNS]
    metadata: dict[str, Any] = {"documents": len(planned), "dagster/row_count": len(planned)}
    if shown:
        metadata["sample"] = dg.MetadataValue.table(
            [dg.TableRecord({name: str(row.get(name, "")) for name in shown}) for row in rows]
        )
    return metadata


def resource_metadata(frame: Frame) -> dict[str, Any]:
    """The source's columns as a table schema."""
    return {"dagster/column_schema": _schema([(frame, "")])}


def lineage_metadata(flow: EngineFlow, *, written: bool) -> dict[str, Any]:
    """Column schema and column lineage: of the mapped asset from the source, of the written one from the mapped one."""
    lineage = flow.compiled.lineage()
    deps = {
        column: [dg.TableColumnDep(map_key(flow), column)]
        if written
        else [dg.TableColumnDep(extract_key(flow), _source_column(flow, source)) for source in sources]
        for column, sources in lineage.items()
    }
    frames = [(frame, f"{frame.name}.") for frame in flow.document.frames]
    return {
        "dagster/column_schema": _schema(frames, only=set(lineage)),
        "dagster/column_lineage": dg.TableColumnLineage(deps),
    }


def _source_column(flow: EngineFlow, column: str) -> str:
    return column.removeprefix(f"{flow.resource.main.name}.")


def _schema(frames: Sequence[tuple[Frame, str]], only: set[str] | None = None) -> dg.TableSchema:
    return dg.TableSchema(
        [
            dg.TableColumn(f"{prefix}{column.name}", column.type, description=column.title or None)
            for frame, prefix in frames
            for column in frame.columns
            if only is None or f"{prefix}{column.name}" in only
        ]
    )
