"""The flow model: what ``attributes`` of a ``type: gp_prestashop.Flow`` file may hold. Anything else is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    field_validator,
    model_serializer,
    model_validator,
)

from gp_prestashop.mapping.column_types import COLUMN_TYPE

__all__ = [
    "AcceptRule",
    "Check",
    "Flow",
    "FlowMap",
    "FramePart",
    "HoldRule",
    "MapPart",
    "Match",
    "Partitions",
    "SourceRef",
    "TargetRef",
    "Triggers",
    "WithdrawRule",
]

NAME = r"^[a-z][a-z0-9_]*$"
RESERVED = ("let", "from", "repeat", "when")
MOST_REPEATED = 100
INTERVAL = re.compile(r"^([1-9][0-9]*)(s|m|h)$")
SECONDS = {"s": 1, "m": 60, "h": 3600}


def _expression(value: Any) -> Any:
    """YAML whole numbers and truth values stand for themselves; a YAML float would already have lost its exactness."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else value


class _ExpressionSchema:
    """In an editor whole numbers and truth values are fine as well."""

    def __get_pydantic_json_schema__(self, core: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return dict(EXPRESSION_SCHEMA)


EXPRESSION_SCHEMA = {"type": ["string", "integer", "boolean"], "description": "An SQL expression"}
Expression = Annotated[str, BeforeValidator(_expression), Field(min_length=1), _ExpressionSchema()]
ColumnType = Annotated[str, Field(pattern=COLUMN_TYPE)]
ColumnPath = Annotated[str, Field(pattern=r"^([a-zA-Z_]\w*\.)*[a-zA-Z_]\w*$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class SourceRef(_Part):
    """The resource that records come from. ``changed_by`` names its column of last change.

    ``columns`` declares what the connector does not know: fields that a shop's modules add (``frame.column`` in a child
    frame), or the columns of a GP table or view, whose ``key`` then says which of them identify a row.
    """

    system: str
    resource: str
    changed_by: str | None = None
    key: tuple[str, ...] = ()
    columns: dict[ColumnPath, ColumnType] = {}

    @field_validator("key", mode="before")
    @classmethod
    def _one_key(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value


class TargetRef(_Part):
    """The document that records become. ``key`` is the header column that the cross-reference keeps.

    ``owns`` are the header columns that the flow keeps up to date in documents that exist; the others are only sent when
    a document is made, and belong to the other side from then on. Left out: all that are mapped.
    ``columns`` declares fields that modules of the shop add, ``nodes`` a site's own eConnect procedures, by frame.
    """

    system: str
    document: str
    key: str
    owns: tuple[str, ...] = ()
    columns: dict[ColumnPath, ColumnType] = {}
    nodes: dict[str, CustomNode] = {}


class CustomNode(_Part):
    """A site's own eConnect procedure, called for each row of a frame that the flow adds to the document.

    ``columns`` are its parameters without ``@I_v``. It runs before the document's header, or ``after`` it.
    """

    procedure: str = Field(pattern=r"^[A-Za-z_]\w{0,127}$")
    columns: dict[ColumnPath, ColumnType]
    required: tuple[str, ...] = ()
    after: bool = False


class Partitions(_Part):
    """``daily`` names the main frame's column whose day partitions the flow; ``by`` the column whose values do."""

    daily: str | None = None
    by: str | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Partitions:
        if (self.daily is None) == (self.by is None):
            raise ValueError("write either daily or by")
        return self


class AcceptRule(_Part):
    """A record that does not satisfy ``assert`` is ignored by this rule."""

    assert_: Expression = Field(alias="assert")
    because: str = ""


class HoldRule(_Part):
    """A record for which ``when`` is true is held before it is mapped."""

    code: str = Field(pattern=NAME)
    when: Expression
    because: str


class WithdrawRule(_Part):
    """A record for which ``when`` is true is taken back: its document, if there is one, is voided; else it is ignored."""

    code: str = Field(pattern=NAME)
    when: Expression
    because: str


class Match(_Part):
    """Which records are one and the same thing in the target.

    ``existing``: the key of a document that was there before us, or null. ``identity``: records with the same text share
    the document of the first of them. Either may be left out. A record that is matched is linked, and never written.
    """

    existing: Expression | None = None
    identity: Expression | None = None


class Check(_Part):
    """An assertion over a mapped frame; where it does not hold (or cannot be told) the record is held or warned of."""

    code: str = Field(pattern=NAME)
    assert_: Expression = Field(alias="assert")
    because: str = ""
    when: Expression | None = None
    severity: Literal["hold", "warn"] = "hold"
    frame: str = "header"


class Triggers(_Part):
    """What starts the flow: named events, polling (``60s``, ``5m``, ``1h``), cron schedules."""

    events: list[str] = []
    poll: str | None = Field(None, pattern=INTERVAL.pattern)
    sweep: str | None = Field(None, pattern=r"^\S+(\s+\S+){4}$", description="When all is compared with the target")
    finish: str | None = Field(
        None,
        pattern=r"^\S+(\s+\S+){4}$",
        description="When delivered documents that the target can finish by now (apply a receipt) are taken up again",
    )

    @property
    def poll_seconds(self) -> int | None:
        match = INTERVAL.match(self.poll or "")
        return int(match[1]) * SECONDS[match[2]] if match else None


class MapPart(_Part):
    """Columns by name, and ``let`` names beside them."""

    let: dict[str, Expression] = {}
    columns: dict[str, Expression] = {}

    @model_validator(mode="before")
    @classmethod
    def _columns_are_the_other_keys(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        columns = {str(key): value for key, value in data.items() if key not in RESERVED}
        return {**{key: value for key, value in data.items() if key in RESERVED}, "columns": columns}

    @model_serializer(mode="plain")
    def _as_written(self) -> dict[str, Any]:
        names = {"from": "from_", "repeat": "repeat", "when": "when"}
        head = {**{key: getattr(self, name, None) for key, name in names.items()}, "let": self.let or None}
        return {**{key: value for key, value in head.items() if value is not None}, **self.columns}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return _others(handler, core, drop="columns", other=EXPRESSION_SCHEMA)


class FramePart(MapPart):
    """One mapped child frame, or one part of it: its rows come ``from`` a source frame, or ``record``; ``when`` keeps rows.

    ``repeat``: so many rows of the one of ``record``, whose numbers are ``repetition``, from 1.
    """

    from_: str = Field(alias="from")
    repeat: int | None = Field(None, ge=1, le=MOST_REPEATED, description="Rows of one record, numbered by repetition")
    when: Expression | None = None

    @model_validator(mode="after")
    def _only_the_record_is_repeated(self) -> FramePart:
        if self.repeat is not None and self.from_ != "record":
            raise ValueError("repeat is for rows from: record")
        return self


class FlowMap(_Part):
    """``let`` for each record, then child frames in file order, then the header."""

    let: dict[str, Expression] = {}
    frames: dict[str, list[FramePart]] = {}
    header: MapPart

    @model_validator(mode="before")
    @classmethod
    def _frames_are_the_other_keys(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        frames = {str(k): v if isinstance(v, list) else [v] for k, v in data.items() if k not in ("let", "header")}
        return {**{key: data[key] for key in ("let", "header") if key in data}, "frames": frames}

    @field_validator("frames")
    @classmethod
    def _no_frame_is_empty(cls, frames: dict[str, list[FramePart]]) -> dict[str, list[FramePart]]:
        for name, parts in frames.items():
            if not parts:
                raise ValueError(f"{name} has no part")
        return frames

    @model_serializer(mode="wrap")
    def _as_written(self, handler: Any) -> dict[str, Any]:
        data = handler(self)
        frames = {name: parts[0] if len(parts) == 1 else parts for name, parts in data.get("frames", {}).items()}
        return {**({"let": data["let"]} if data.get("let") else {}), **frames, "header": data["header"]}

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        part = handler.resolve_ref_schema(handler(core))["properties"]["frames"]["additionalProperties"]["items"]
        either = {"anyOf": [part, {"type": "array", "items": part}], "description": "A child frame of the document"}
        return _others(handler, core, drop="frames", other=either)


class _AcceptSchema:
    """One expression stands for one rule."""

    def __get_pydantic_json_schema__(self, core: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [{"type": "string", "description": "An SQL expression"}, handler(core)]}


class Flow(_Part):
    """One entity, one way."""

    name: str = Field(pattern=NAME)
    title: str = ""
    enabled: bool = True  # a flow that is off is shown and does not run
    source: SourceRef
    partitions: Partitions | None = None
    needs: dict[str, str | list[str]] = {}
    accept: Annotated[dict[str, AcceptRule], _AcceptSchema()] = {}
    withdraw: list[WithdrawRule] = []
    hold: list[HoldRule] = []
    match: Match | None = None
    target: TargetRef
    map: FlowMap
    check: list[Check] = []
    drift: Literal["ignore", "correct", "report"] = "ignore"  # what a sweep does with documents that others changed
    triggers: Triggers | None = None

    @field_validator("accept", mode="before")
    @classmethod
    def _short_accept(cls, value: Any) -> Any:
        return {"accept": {"assert": value}} if isinstance(value, str) else value


def _others(handler: GetJsonSchemaHandler, core: Any, *, drop: str, other: dict[str, Any]) -> dict[str, Any]:
    """The schema of a part whose other keys are its columns or frames."""
    schema = handler(core)
    found = handler.resolve_ref_schema(schema)
    found["properties"] = {name: one for name, one in found["properties"].items() if name != drop}
    found["required"] = [name for name in found.get("required", []) if name != drop]
    found["additionalProperties"] = other
    if not found["required"]:
        del found["required"]
    return schema
