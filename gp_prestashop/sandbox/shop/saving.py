"""POST, PUT and PATCH: WebserviceRequest::saveEntityFromXml.

Entities are saved one by one without a transaction: those before a bad one stay saved, those after it are not tried.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gp_prestashop.sandbox.shop.behaviour import Behaviour, Draft, Request
from gp_prestashop.sandbox.shop.behaviours import BEHAVIOURS
from gp_prestashop.sandbox.shop.body import Entity
from gp_prestashop.sandbox.shop.columns import stored, whole
from gp_prestashop.sandbox.shop.refusal import Refusal
from gp_prestashop.sandbox.shop.shapes import Field, Shape
from gp_prestashop.sandbox.shop.store import Row
from gp_prestashop.sandbox.shop.validation import check

__all__ = ["save"]

_PLAIN = Behaviour()


def save(
    request: Request,
    shape: Shape,
    method: str,
    sent: Sequence[Entity],
    between: Callable[[int], None] | None = None,
) -> list[Row]:
    """Save all; the rows as the answer repeats them: as sent, not as stored. ``between(n)``: before the nth."""
    _check_ids(method, sent)
    saved = []
    for n, entity in enumerate(sent):
        if between:
            between(n)
        saved.append(_save_one(request, shape, method, entity))
    return saved


def _check_ids(method: str, sent: Sequence[Entity]) -> None:
    ids = [whole(entity.fields["id"]) for entity in sent if entity.fields.get("id", "") != ""]
    if method == "POST":
        if ids:
            raise Refusal(400, (91, "id is forbidden when adding a new resource"))
        return
    if len(set(ids)) != len(ids):
        raise Refusal(400, (89, "id is duplicate in request"))
    if len(ids) != len(sent):
        raise Refusal(400, (90, "id is required when modifying a resource"))


def _save_one(request: Request, shape: Shape, method: str, entity: Entity) -> Row:
    behaviour = BEHAVIOURS.get(shape.name, _PLAIN)
    old = None
    if method != "POST":
        old = request.store.get(shape.name, whole(entity.fields["id"]))
        if old is None:
            raise Refusal(404, (92, "Invalid ID"))
    row: Row = dict.fromkeys(shape.fields) if old is None else dict(old)
    draft = Draft(request, shape, method, row, old)
    for field in shape.fields.values():
        if method != "PATCH" or field.name in entity.fields:
            _set(draft, behaviour, field, entity)
    if behaviour.modify:
        behaviour.modify(draft)
    check(draft, frozenset(entity.fields) if method == "PATCH" else None)
    _store(draft, behaviour)
    _associate(draft, behaviour, entity)
    if behaviour.after:
        behaviour.after(draft)
    kept = request.store.get(shape.name, draft.id)
    return draft.row | ({"associations": kept["associations"]} if kept and "associations" in kept else {})


def _set(draft: Draft, behaviour: Behaviour, field: Field, entity: Entity) -> None:
    name, row = field.name, draft.row
    if field.i18n:
        before = row.get(name) if field.required else None  # an optional field is emptied first
        row[name] = entity.fields.get(name, "")
        if name in entity.texts:
            row[name] = (before if isinstance(before, dict) else {}) | entity.texts[name]
    elif name in entity.fields:
        if field.fixed:
            message = f'parameter "{name}" not writable. Please remove this attribute of this XML'
            raise Refusal(400, (93, message))
        setter = behaviour.setters.get(name)
        if setter:
            setter(draft, entity.fields[name])
        else:
            row[name] = entity.fields[name]
    elif field.required:
        raise Refusal(400, (41, f'parameter "{name}" required'))
    elif name != "id":
        row[name] = None


def _store(draft: Draft, behaviour: Behaviour) -> None:
    if behaviour.add and draft.new:
        behaviour.add(draft)
        return
    row, shape, now = draft.row, draft.shape, draft.request.stamp
    if draft.new:
        row |= {name: now for name in ("date_add", "date_upd") if name in shape.fields}
    else:
        row |= {"date_add": row.get("date_add") or now} if "date_add" in shape.fields else {}
        row |= {"date_upd": now} if "date_upd" in shape.fields else {}
    if behaviour.before:
        behaviour.before(draft)
    if draft.new:
        row["id"] = str(draft.store.table(shape.name).next_id())
    draft.store.table(shape.name).put(as_stored(draft))


def as_stored(draft: Draft) -> Row:
    """The row as the table keeps it."""
    kept: Row = {name: _kept(draft, field) for name, field in draft.shape.fields.items()}
    kept["id"] = str(draft.id)
    if draft.shape.associations:
        kept["associations"] = dict((draft.old or {}).get("associations", {}))
    return kept


def _kept(draft: Draft, field: Field) -> object:
    value = draft.row.get(field.name)
    if not field.i18n:
        return stored(field, value)
    texts = value if isinstance(value, dict) else dict.fromkeys(draft.store.languages, value or "")
    default = texts.get(draft.store.default_language, "") if field.required else ""
    return {one: texts.get(one) or default for one in draft.store.languages}


def _associate(draft: Draft, behaviour: Behaviour, entity: Entity) -> None:
    for name, rows in entity.associations.items():
        if name not in draft.shape.associations:
            raise Refusal(400, (86, f'The association "{name}" does not exists'))
        if name in behaviour.associations and name not in behaviour.keepers:
            continue  # it shows rows of another table, which this does not write
        keeper = behaviour.keepers.get(name)
        kept = keeper(draft, rows) if keeper else [_inner(draft, name, row) for row in rows]
        if name not in behaviour.associations:
            stored_row = draft.store.row(draft.shape.name, draft.id)
            associations = stored_row.get("associations", {}) | {name: kept}
            draft.store.change(draft.shape.name, draft.id, associations=associations)


def _inner(draft: Draft, name: str, row: dict[str, str]) -> Row:
    return {field: row.get(field, "0") for field in draft.shape.associations[name].fields}
