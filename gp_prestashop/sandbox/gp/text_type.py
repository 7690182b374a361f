"""`public.gp_char`: text that compares without regard to case, on servers with and without ICU.

With ICU it is a domain over text under the non-deterministic collation `public.gp_ci`. Without (server packages that are
built lean), it is a base type stored exactly as text, with comparison operators and index classes of its own; PostgreSQL
then picks them whenever the other operand is a `gp_char` or an untyped literal.
"""

from __future__ import annotations

import psycopg

__all__ = ["create"]

_ICU = """
CREATE COLLATION public.gp_ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE DOMAIN public.gp_char AS text COLLATE public.gp_ci;
"""

_INTERNAL = """
CREATE TYPE public.gp_char;
CREATE FUNCTION public.gp_char_in(cstring) RETURNS public.gp_char LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION public.gp_char_out(public.gp_char) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE FUNCTION public.gp_char_recv(internal) RETURNS public.gp_char LANGUAGE internal STABLE STRICT AS 'textrecv';
CREATE FUNCTION public.gp_char_send(public.gp_char) RETURNS bytea LANGUAGE internal STABLE STRICT AS 'textsend';
CREATE TYPE public.gp_char (
    INPUT = public.gp_char_in, OUTPUT = public.gp_char_out, RECEIVE = public.gp_char_recv, SEND = public.gp_char_send,
    INTERNALLENGTH = VARIABLE, STORAGE = extended, CATEGORY = 'S', PREFERRED = false, COLLATABLE = true
);
CREATE CAST (public.gp_char AS text) WITHOUT FUNCTION AS IMPLICIT;
CREATE CAST (public.gp_char AS varchar) WITHOUT FUNCTION AS IMPLICIT;
CREATE CAST (text AS public.gp_char) WITHOUT FUNCTION AS ASSIGNMENT;
CREATE CAST (varchar AS public.gp_char) WITHOUT FUNCTION AS ASSIGNMENT;
CREATE FUNCTION public.gp_char_cmp(a public.gp_char, b public.gp_char) RETURNS integer
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS
    $$ BEGIN RETURN bttextcmp(lower(a::text) COLLATE "C", lower(b::text) COLLATE "C"); END $$;
CREATE FUNCTION public.gp_char_hash(a public.gp_char) RETURNS integer
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$ BEGIN RETURN hashtext(lower(a::text)); END $$;
CREATE FUNCTION public.gp_char_smaller(a public.gp_char, b public.gp_char) RETURNS public.gp_char
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS
    $$ BEGIN IF a < b THEN RETURN a; END IF; RETURN b; END $$;
CREATE FUNCTION public.gp_char_larger(a public.gp_char, b public.gp_char) RETURNS public.gp_char
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS
    $$ BEGIN IF a > b THEN RETURN a; END IF; RETURN b; END $$;
"""

_OPERATORS = {  # operator: (function, comparison of lower-case text, commutator, negator, selectivity)
    "=": ("eq", "=", "=", "<>", "eq"),
    "<>": ("ne", "<>", "<>", "=", "neq"),
    "<": ("lt", "<", ">", ">=", "scalarlt"),
    "<=": ("le", "<=", ">=", ">", "scalarle"),
    ">": ("gt", ">", "<", "<=", "scalargt"),
    ">=": ("ge", ">=", "<=", "<", "scalarge"),
}

_CLASSES = """
CREATE OPERATOR CLASS public.gp_char_ops DEFAULT FOR TYPE public.gp_char USING btree AS
    OPERATOR 1 public.< (public.gp_char, public.gp_char), OPERATOR 2 public.<= (public.gp_char, public.gp_char),
    OPERATOR 3 public.= (public.gp_char, public.gp_char), OPERATOR 4 public.>= (public.gp_char, public.gp_char),
    OPERATOR 5 public.> (public.gp_char, public.gp_char),
    FUNCTION 1 public.gp_char_cmp(public.gp_char, public.gp_char);
CREATE OPERATOR CLASS public.gp_char_hash_ops DEFAULT FOR TYPE public.gp_char USING hash AS
    OPERATOR 1 public.= (public.gp_char, public.gp_char), FUNCTION 1 public.gp_char_hash(public.gp_char);
CREATE AGGREGATE public.min(public.gp_char)
    (SFUNC = public.gp_char_smaller, STYPE = public.gp_char, SORTOP = OPERATOR(public.<));
CREATE AGGREGATE public.max(public.gp_char)
    (SFUNC = public.gp_char_larger, STYPE = public.gp_char, SORTOP = OPERATOR(public.>));
"""


def create(cursor: psycopg.Cursor[object]) -> None:
    """Creates the type in schema public; the caller's role must own the database (a superuser where ICU is missing)."""
    try:
        with cursor.connection.transaction():
            cursor.execute(_ICU)
    except psycopg.errors.FeatureNotSupported:  # "ICU is not supported in this build"
        _create_type(cursor)


def _create_type(cursor: psycopg.Cursor[object]) -> None:
    cursor.execute(_INTERNAL)
    for operator, (name, comparison, commutator, negator, selectivity) in _OPERATORS.items():
        hashes = ", HASHES, MERGES" if operator == "=" else ""
        cursor.execute(
            f"CREATE FUNCTION public.gp_char_{name}(a public.gp_char, b public.gp_char) RETURNS boolean"
            " LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$ BEGIN RETURN"
            f' (lower(a::text) COLLATE "C") {comparison} (lower(b::text) COLLATE "C"); END $$;'
            f"CREATE OPERATOR public.{operator} (LEFTARG = public.gp_char, RIGHTARG = public.gp_char,"
            f" FUNCTION = public.gp_char_{name}, COMMUTATOR = OPERATOR(public.{commutator}),"
            f" NEGATOR = OPERATOR(public.{negator}), RESTRICT = {selectivity}sel, JOIN = {selectivity}joinsel{hashes})"
        )
    cursor.execute(_CLASSES)
