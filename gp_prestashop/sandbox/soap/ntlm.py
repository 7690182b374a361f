"""Windows authentication: the NTLM handshake, which belongs to a connection and not to a request."""

from __future__ import annotations

import base64
import os
import tempfile
from pathlib import Path
from typing import Any

import spnego

__all__ = ["NtlmGate"]


class NtlmGate:
    """Keeps the handshake of each connection. ``check`` answers None when the caller is known, or a challenge."""

    def __init__(self, users: dict[str, str]) -> None:
        handle, name = tempfile.mkstemp(prefix="gpps-ntlm-", text=True)
        self._file = Path(name)
        with os.fdopen(handle, "w") as file:
            file.writelines(f"{_domain(user)}:{_account(user)}:{password}\n" for user, password in users.items())
        self._contexts: dict[Any, Any] = {}
        self._known: set[Any] = set()

    def check(self, connection: Any, authorization: str) -> str | None:
        if connection in self._known:
            return None
        scheme, _, token = authorization.partition(" ")
        if scheme.upper() not in ("NTLM", "NEGOTIATE") or not token:
            return "NTLM"
        context = self._contexts.get(connection)
        if context is None:
            os.environ["NTLM_USER_FILE"] = str(self._file)  # where the library looks for accounts
            context = self._contexts[connection] = spnego.server(
                protocol="ntlm", options=spnego.NegotiateOptions.use_ntlm
            )
        try:
            answer = context.step(base64.b64decode(token))
        except spnego.exceptions.SpnegoError:
            self._contexts.pop(connection, None)
            return "NTLM"
        if context.complete:
            self._contexts.pop(connection, None)
            self._known.add(connection)
            return None
        return f"NTLM {base64.b64encode(answer).decode()}"

    def close(self) -> None:
        self._file.unlink(missing_ok=True)


def _domain(user: str) -> str:
    return user.partition("\\")[0] if "\\" in user else ""


def _account(user: str) -> str:
    return user.rpartition("\\")[2]
