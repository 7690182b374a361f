"""Text functions: case, cutting, padding, code pages, names, phones, address lines."""

from __future__ import annotations

from gp_prestashop.mapping.flow_errors import ExpressionError
from gp_prestashop.mapping.functions import Context, combine, function, literal_int
from gp_prestashop.mapping.values import Value, error_text

MOST_TEXT = 32_768  # characters of any text made here
PHONE_DIGITS = 14  # RM00102.PHONE1 char(21): ten digits and four of an extension; the rest is GP's own padding


def _simple(sql_name: str) -> object:
    def build(context: Context, args: list[Value]) -> Value:
        sql = f"{sql_name}({', '.join(arg.sql for arg in args)})"
        value = combine(sql, "", args)
        return value.but(type=context.type_of(sql, value.uses))

    return build


def _register_simple(signature: str, doc: str, example: tuple[str, str], least: int, most: int | None = -1) -> None:
    function(signature, doc, example, least=least, most=most)(_simple(signature.partition("(")[0]))  # type: ignore[arg-type]


_register_simple("upper(text)", "The text in capitals.", ("upper('abc')", "ABC"), 1)
_register_simple("lower(text)", "The text in small letters.", ("lower('ABC')", "abc"), 1)
_register_simple("trim(text)", "The text without blanks around it.", ("trim('  a b ')", "a b"), 1)
_register_simple("ltrim(text)", "The text without blanks before it.", ("ltrim('  a')", "a"), 1)
_register_simple("rtrim(text)", "The text without blanks after it.", ("rtrim('a  ')", "a"), 1)
_register_simple("length(text)", "Its number of characters.", ("length('été')", "3"), 1)
_register_simple("left(text, n)", "Its first n characters.", ("left('abcdef', 2)", "ab"), 2)
_register_simple("right(text, n)", "Its last n characters.", ("right('abcdef', 2)", "ef"), 2)
_register_simple(
    "substr(text, from, n)", "n characters from a place on, counted from 1.", ("substr('abcdef', 2, 3)", "bcd"), 2, 3
)
_register_simple(
    "split_part(text, by, n)", "The n-th part of a text cut at a separator.", ("split_part('a-b-c', '-', 2)", "b"), 3
)
_register_simple("contains(text, part)", "Whether the part is in the text.", ("contains('abc', 'b')", "true"), 2)
_register_simple(
    "starts_with(text, part)", "Whether the text starts with the part.", ("starts_with('abc', 'ab')", "true"), 2
)


@function(
    "replace(text, old, new)", "The text with every ``old`` replaced.", ("replace('a.b', '.', '-')", "a-b"), least=3
)
def _replace(_context: Context, args: list[Value]) -> Value:
    text, old, new = (_text(arg) for arg in args)
    return combine(f"left(replace({text}, {old}, {new}), {MOST_TEXT})", "VARCHAR", args).but(grows=True)


@function(
    "letters(text)", "Its letters A to Z, in capitals; all else left out.", ("letters('O''Neil 2')", "ONEIL"), least=1
)
def _letters(_context: Context, args: list[Value]) -> Value:
    text = _text(args[0])
    return combine(f"upper(regexp_replace({text}, '[^A-Za-z]', '', 'g'))", "VARCHAR", args)


@function(
    "concat(a, b, …)",
    "Its arguments joined; unlike ``||`` a missing one counts as nothing.",
    ("concat('a', null, 'b')", "ab"),
    least=1,
    most=None,
)
def _concat(_context: Context, args: list[Value]) -> Value:
    pieces = ", ".join(f"coalesce({_text(arg)}, '')" for arg in args)
    return combine(f"concat({pieces})", "VARCHAR", args).but(grows=True)


@function(
    "pad(id, n)",
    "A number as exactly n digits with leading zeros; a longer one is an error, never cut.",
    ("pad(42, 8)", "00000042"),
    least=2,
)
def _pad(context: Context, args: list[Value]) -> Value:
    size = literal_int(args[1], "The number of digits of pad()", 1, 38)
    text = context.hoist(combine(_text(args[0]), "VARCHAR", args[:1]))
    site = context.site(
        "too_long", f"{{0}} is not a number of at most {size} digits.", "Use more digits, or a shorter prefix."
    )
    error = (
        f"CASE WHEN length({text.sql}) > {size} OR starts_with({text.sql}, '-') THEN {error_text(site, [text.sql])} END"
    )
    return combine(f"lpad({text.sql}, {size}, '0')", "VARCHAR", [text], error=error)


@function(
    "fit(text, n)",
    "At most n characters, cut without breaking one and without a blank at the end; cut after latin().",
    ("fit('Société Générale', 8)", "Société"),
    least=2,
)
def _fit(context: Context, args: list[Value]) -> Value:
    size = literal_int(args[1], "The length of fit()", 1, MOST_TEXT)
    text = context.hoist(combine(_text(args[0]), "VARCHAR", args[:1]))
    sql = f"CASE WHEN length({text.sql}) <= {size} THEN {text.sql} ELSE gpps_fit({text.sql}, {size}) END"
    return combine(sql, "VARCHAR", [text])


@function(
    "latin(text)",
    "The text in GP's code page: what it cannot hold is transliterated; if nothing is left, that is an error.",
    ("latin('Łódź, Œuvre')", "Lódz, Œuvre"),
    least=1,
)
def _latin(context: Context, args: list[Value]) -> Value:
    text = context.hoist(combine(_text(args[0]), "VARCHAR", args))
    plain = f"strlen({text.sql}) = length({text.sql})"  # as many bytes as characters: ASCII
    sql = context.hoist(
        combine(f"CASE WHEN {plain} THEN {text.sql} ELSE gpps_latin({text.sql}) END", "VARCHAR", [text])
    )
    site = context.site(
        "unwritable", "“{0}” has no character that GP's code page can hold.", "Write it in Latin letters."
    )
    error = f"CASE WHEN trim({sql.sql}) = '' AND trim({text.sql}) <> '' THEN {error_text(site, [text.sql])} END"
    became = context.site("transliterated", "“{0}” is written “{1}” in GP's code page.", severity="warn")
    changed = f"NOT {plain} AND trim({sql.sql}) <> '' AND {sql.sql} <> nfc_normalize({text.sql})"
    told = f"CASE WHEN {changed} THEN {error_text(became, [text.sql, sql.sql])} END"
    warning = context.hoist(combine(told, "VARCHAR", [sql, text]).but(error=None))
    value = combine(sql.sql, "VARCHAR", [sql, text], error=error)
    return value.but(uses=value.uses | warning.inputs, warns=value.warns | warning.inputs)


@function(
    "wrap(text1, text2, n, i)",
    "The i-th of three lines of n characters for an address in two texts; words stay whole where they can.",
    ("wrap('12 rue de la Paix', 'bâtiment B', 10, 2)", "la Paix"),
    ("wrap('12 rue de la Paix', '', 20, 1)", "12 rue de la Paix"),
    least=4,
)
def _wrap(context: Context, args: list[Value]) -> Value:
    size = literal_int(args[2], "The width of wrap()", 1, MOST_TEXT)
    line = literal_int(args[3], "The line of wrap()", 1, 3)
    one, two = (context.hoist(combine(f"trim({_text(arg)})", "VARCHAR", [arg])) for arg in args[:2])
    simple = f"length({one.sql}) <= {size} AND length({two.sql}) <= {size} AND {one.sql} <> ''"
    short = {1: one.sql, 2: two.sql, 3: "''"}[line]
    call = f"CASE WHEN {simple} THEN {short} ELSE gpps_wrap({one.sql}, {two.sql}, {size}, {line}) END"
    value = context.hoist(combine(call, "VARCHAR", [one, two]))
    site = context.site("too_long", f"“{{0}} {{1}}” does not fit into three lines of {size} characters.", "Shorten it.")
    failed = f"{value.sql} IS NULL AND {one.sql} IS NOT NULL AND {two.sql} IS NOT NULL"
    return combine(
        value.sql,
        "VARCHAR",
        [value, one, two],
        error=f"CASE WHEN {failed} THEN {error_text(site, [one.sql, two.sql])} END",
    )


@function(
    "phone(text, n)",
    "The digits of a phone number as GP keeps them: at most 14 of them, and at most n.",
    ("phone('(555) 123-4567', 21)", "5551234567"),
    least=2,
)
def _phone(_context: Context, args: list[Value]) -> Value:
    size = min(literal_int(args[1], "The length of phone()", 1, 100), PHONE_DIGITS)
    return combine(f"left(regexp_replace({_text(args[0])}, '[^0-9]', '', 'g'), {size})", "VARCHAR", args)


@function(
    "full_name(first, last, company)",
    "The company's name, or else first and last name.",
    ("full_name('Ada', 'Byron', '')", "Ada Byron"),
    ("full_name('Ada', 'Byron', 'Engines Ltd')", "Engines Ltd"),
    least=2,
    most=3,
)
def _full_name(_context: Context, args: list[Value]) -> Value:
    person = f"trim(concat(coalesce({_text(args[0])}, ''), ' ', coalesce({_text(args[1])}, '')))"
    company = f"nullif(trim({_text(args[2])}), '')" if len(args) == 3 else "NULL"
    return combine(f"coalesce({company}, {person})", "VARCHAR", args).but(grows=True)


def _text(value: Value) -> str:
    if value.type == "VARCHAR":
        return value.sql
    if value.type == "BOOLEAN":
        raise ExpressionError("A truth value is no text.", "Use if(condition, 'yes', 'no').")
    return f"CAST({value.sql} AS VARCHAR)"
