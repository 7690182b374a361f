"""Macros: what is asked of the ledger and of the connectors, for many keys at once."""

from __future__ import annotations

from gp_prestashop.mapping.functions import Context, function, literal_text
from gp_prestashop.mapping.values import Value


@function("setting('name')", "A setting, as text.", least=1)
def _setting(context: Context, args: list[Value]) -> Value:
    return context.setting(literal_text(args[0], "The name of a setting"))


def _register(*, strict: bool) -> None:
    prefix, miss = ("", "not found is an error") if strict else ("try_", "nothing when it is not found")

    @function(f"{prefix}xref('flow', key)", f"The other side's key of a record of that flow; {miss}.", least=2)
    def _xref(context: Context, args: list[Value]) -> Value:
        return context.macro("xref", literal_text(args[0], "The flow of xref()"), args[1:], None, strict=strict)

    @function(f"{prefix}value('map', code[, 'column'])", f"What a value map holds for a code; {miss}.", least=2, most=3)
    def _value(context: Context, args: list[Value]) -> Value:
        column = literal_text(args[2], "The column of value()") if len(args) > 2 else "value"
        return context.macro("value", literal_text(args[0], "The map of value()"), args[1:2], column, strict=strict)

    @function(
        f"{prefix}lookup('system.list', key…, 'column')",
        f"A column of the row of a look-up list with this key; {miss}.",
        least=3,
        most=None,
    )
    def _lookup(context: Context, args: list[Value]) -> Value:
        column = literal_text(args[-1], "The column of lookup()")
        return context.macro("lookup", literal_text(args[0], "The list of lookup()"), args[1:-1], column, strict=strict)


_register(strict=True)
_register(strict=False)
