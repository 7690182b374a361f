"""Secrets by reference: ``env:NAME``, ``file:/path``, ``keyring:service/user``; anything else is the secret itself."""

from __future__ import annotations

import os
from pathlib import Path

from gp_prestashop.errors import ConfigError

__all__ = ["resolve_secret"]


def resolve_secret(reference: str) -> str:
    """The secret behind a reference. Raises ConfigError (never naming the secret) when it cannot be had."""
    scheme, _, rest = reference.partition(":")
    if scheme == "env" and rest:
        if rest not in os.environ:
            raise ConfigError("secret_missing", f"The environment variable {rest} is not set.", remedy="Set it.")
        return os.environ[rest]
    if scheme == "file" and rest:
        try:
            return Path(rest).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigError("secret_missing", f"The secret file {rest} cannot be read: {error.strerror}.") from error
    if scheme == "keyring" and "/" in rest:
        return _from_keyring(rest)
    return reference


def _from_keyring(rest: str) -> str:
    try:
        import keyring  # type: ignore[import-not-found,unused-ignore]
    except ImportError as error:
        raise ConfigError(
            "secret_missing",
            "A secret refers to the key ring, but the package for it is not installed.",
            remedy="Install gp-prestashop[keyring].",
        ) from error
    service, _, user = rest.partition("/")
    found = keyring.get_password(service, user)
    if found is None:
        raise ConfigError("secret_missing", f"The key ring holds no secret for {service}/{user}.")
    return str(found)
