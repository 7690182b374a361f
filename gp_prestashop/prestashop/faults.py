"""Refusals of the webservice as typed errors, by HTTP status, PrestaShop's own code, and whether it was a write.

Codes and sentences as measured on 8.2.1 and 1.7.8.11. A 500 on a write is doubt: a module's PHP warning turns good
writes into 500 after they were saved. What is refused before anything is written is never doubt.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from urllib.parse import urlsplit

from gp_prestashop.errors import ConfigError, DataError, GpPrestashopError, InDoubt, RateLimited, Refused, Transient
from gp_prestashop.prestashop.answers import Answer
from gp_prestashop.prestashop.codec import decode_errors
from gp_prestashop.prestashop.secret_fields import scrubbed
from gp_prestashop.prestashop.unreadable import first_bytes

__all__ = ["ALREADY_WRITTEN", "BEFORE_WRITING", "fault", "retry_after"]

PERMISSIONS = "Give the key this right in the back office: Advanced parameters > Webservice."
HTACCESS = (
    "If the key is right, the web server drops the Authorization header before PHP (CGI, FastCGI): add"
    " 'RewriteRule .* - [E=HTTP_AUTHORIZATION:%{HTTP:Authorization}]' to the shop's .htaccess."
)


@dataclass(frozen=True, slots=True)
class Fault:
    error: type[GpPrestashopError]
    code: str
    sentence: str
    remedy: str = ""


_QUERY = Fault(
    ConfigError,
    "query_refused",
    "The shop does not know a field, filter or order that was asked for.",
    "The shop's version or an override lacks the field; take it out of the flow.",
)
_KEY = Fault(
    ConfigError,
    "key_refused",
    "The shop does not accept the webservice key.",
    "Create or activate the key (Advanced parameters > Webservice) and set GPPS_SHOP__KEY.",
)
_INVALID = Fault(
    DataError, "field_invalid", "The shop refuses a value.", "Correct the value that the shop's message names."
)

BY_CODE: dict[int, Fault] = {
    17: Fault(ConfigError, "key_empty", "No webservice key is set.", "Set GPPS_SHOP__KEY."),
    18: Fault(
        ConfigError, "key_malformed", "The webservice key does not have 32 characters.", "Copy GPPS_SHOP__KEY again."
    ),
    20: _KEY,
    21: _KEY,
    22: Fault(
        ConfigError,
        "webservice_disabled",
        "The shop's webservice is switched off.",
        "Switch it on in the back office: Advanced parameters > Webservice > Enable.",
    ),
    23: Fault(ConfigError, "method_unsupported", "This PrestaShop version does not know the request's method."),
    25: Fault(ConfigError, "method_not_permitted", "The key may not do this with the resource.", PERMISSIONS),
    26: Fault(ConfigError, "resource_not_permitted", "The key may not use the resource.", PERMISSIONS),
    27: Fault(ConfigError, "resource_unknown", "The shop does not have the resource."),
    28: Fault(ConfigError, "schema_unknown", "The shop does not know the kind of schema that was asked for."),
    **dict.fromkeys(range(32, 40), _QUERY),
    41: Fault(DataError, "field_missing", "A field that the shop requires is missing.", "Map the field."),
    46: Fault(
        DataError, "not_saved", "The shop could not save the record.", "See the shop's message and its error log."
    ),
    73: Fault(DataError, "picture_refused", "The shop does not take this kind of picture.", "Save it as JPEG or PNG."),
    81: Fault(ConfigError, "language_unknown", "The shop does not have the language."),
    84: _INVALID,
    85: _INVALID,
    86: Fault(InDoubt, "association_unknown", "The shop saved the record but does not know one of its associations."),
    87: Fault(Refused, "absent", "The record is not in the shop (any more)."),
    89: Fault(Refused, "duplicate_ids", "The same record was sent twice in one request."),
    90: Fault(Refused, "id_missing", "A record to be changed was sent without its id."),
    91: Fault(Refused, "id_given", "A record to be made was sent with an id."),
    92: Fault(Refused, "absent", "The record is not in the shop (any more)."),
    93: Fault(Refused, "field_read_only", "The shop does not let this field be written."),
    101: Fault(Refused, "stock_not_creatable", "The shop makes its stock rows by itself, with the product."),
    127: Fault(Refused, "request_malformed", "The shop cannot read the request."),
    140: Fault(DataError, "email_taken", "Another customer of the shop has this e-mail address."),
}
# Refused while the request was looked at: no record of it was written.
BEFORE_WRITING = frozenset({17, 18, 20, 21, 22, 23, 25, 26, 27, 28, 81, 89, 90, 91, 101, 127})
ALREADY_WRITTEN = frozenset({86})  # refused after the record itself was saved


def fault(answer: Answer) -> GpPrestashopError | None:
    """The error that an answer means, or None. A GET's 404 with an empty body is no error: the record is absent."""
    if answer.ok or answer.status == 304:
        return None
    errors = decode_errors(answer.body)
    known = next((code for code, _ in errors if code in BY_CODE), None)
    if known is not None:
        return _known(answer, known, errors)
    if answer.is_read and answer.status == 404 and not answer.body:
        return None
    return _by_status(answer, errors)


def retry_after(answer: Answer) -> int | None:
    """Seconds of a Retry-After header; dates in it are not used by any server we know of."""
    text = {name.lower(): value for name, value in answer.headers.items()}.get("retry-after", "").strip()
    return int(text) if text.isdigit() else None


def _known(answer: Answer, code: int, errors: list[tuple[int, str]]) -> GpPrestashopError:
    found = BY_CODE[code]
    sentence = f"{found.sentence} ({answer.method} {answer.resource}: {_message(errors)})"
    return found.error(found.code, sentence, remedy=found.remedy, details=_details(answer, errors))


def _by_status(answer: Answer, errors: list[tuple[int, str]]) -> GpPrestashopError:
    details = _details(answer, errors)
    what = f"{answer.method} {answer.resource}"
    status = answer.status
    if 300 <= status < 400:
        return _redirected(answer)
    if status in {403, 429} or (status == 503 and answer.is_read):
        return _paused(answer, details)
    if status >= 500 or status in {408, 425}:
        return _failed(answer, what, details)
    if status == 401:
        return ConfigError("unauthorized", "The shop did not see the webservice key.", remedy=HTACCESS, details=details)
    if status in {404, 410}:
        return ConfigError(
            "webservice_not_found",
            f"No webservice answers at this address ({status} to {what}).",
            remedy="Check GPPS_SHOP__URL, and that friendly URLs (the shop's .htaccess) are on.",
            details=details,
        )
    return Refused("refused", f"The shop refused {what} ({status}: {_message(errors)}).", details=details)


def _failed(answer: Answer, what: str, details: dict[str, object]) -> GpPrestashopError:
    if answer.is_read:
        return Transient(
            "shop_failed",
            f"The shop failed to answer ({answer.status} to {what}).",
            remedy="If it stays so, look into the shop's PHP error log.",
            details=details,
        )
    return InDoubt(
        "write_unanswered",
        f"The shop failed while it wrote ({answer.status} to {what}): whether it was saved is not known.",
        remedy="It is settled by reading the record back.",
        details=details,
    )


def _paused(answer: Answer, details: dict[str, object]) -> RateLimited:
    sentence, wait = {
        403: ("The shop's hosting blocks the integration (403).", 300),
        429: ("The shop asks for fewer requests (429).", 60),
        503: ("The shop is in maintenance or overloaded (503).", 60),
    }[answer.status]
    given = retry_after(answer)
    details["retry_after_given"] = given is not None
    return RateLimited(
        {403: "blocked", 429: "too_many_requests", 503: "unavailable"}[answer.status],
        sentence,
        retry_after=wait if given is None else given,
        remedy="If it stays so, ask the hosting to let the integration's address through."
        if answer.status != 503
        else "",
        details=details,
    )


def _redirected(answer: Answer) -> ConfigError:
    location = {name.lower(): value for name, value in answer.headers.items()}.get("location", "")
    goal = urlsplit(location)
    shown = f"{goal.scheme}://{goal.hostname or ''}{goal.path}" if goal.hostname else goal.path
    return ConfigError(
        "redirected",
        f"The shop sends requests on to {shown or 'another address'}; they are not followed, as that loses data.",
        remedy="Set GPPS_SHOP__URL to the shop's exact address: http or https, with or without www, and the right shop"
        " of a multi-shop.",
        details={"status": answer.status, "location": shown},
    )


def _message(errors: list[tuple[int, str]]) -> str:
    """PrestaShop's messages as text: 8.x escapes them for HTML; 127 echoes the whole request, which is cut off."""
    texts = [html.unescape(message).split("Original XML")[0].strip() for _, message in errors]
    return scrubbed(" / ".join(text[:300] for text in texts if text)) or "no message"


def _details(answer: Answer, errors: list[tuple[int, str]]) -> dict[str, object]:
    details: dict[str, object] = {"status": answer.status, "codes": [code for code, _ in errors]}
    if errors:
        details["message"] = _message(errors)
    else:
        details["first_bytes"] = first_bytes(answer.body)
    return details
