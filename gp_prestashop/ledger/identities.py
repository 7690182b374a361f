"""Which record came first of those that share an identity (an e-mail address). Kept as hashes: nothing personal."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from sqlalchemy import Engine, text

from gp_prestashop.ledger.database import transact

__all__ = ["claim"]

# Hashes are inserted in their order, so that runs with common identities wait for each other instead of dead-locking.
CLAIM = text("""
    insert into gpps.identity (flow, identity, key)
    select distinct on (g.identity collate "C") :flow, g.identity, g.key
    from unnest(cast(:identities as text[]), cast(:keys as text[])) with ordinality as g (identity, key, n)
    order by g.identity collate "C", g.n
    on conflict (flow, identity) do nothing""")
OWNERS = text(
    "select identity, key from gpps.identity where flow = :flow and identity = any(cast(:identities as text[]))"
)


def claim(engine: Engine, flow: str, identities: Mapping[str, str]) -> dict[str, str]:
    """``identities`` by record key. Records of other runs count: whoever commits first owns the identity for good."""
    if not identities:
        return {}
    hashes = {key: hashlib.sha256(f"{flow}\0{one}".encode()).hexdigest() for key, one in identities.items()}
    given = {"flow": flow, "identities": list(hashes.values()), "keys": list(hashes)}
    transact(engine, lambda connection: connection.execute(CLAIM, given))
    with engine.connect() as connection:
        owners = {row.identity: str(row.key) for row in connection.execute(OWNERS, given)}
    return {key: owners[one] for key, one in hashes.items()}
