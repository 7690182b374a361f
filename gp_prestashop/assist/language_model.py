"""An optional language model behind one small interface: it reranks a shortlist, phrases an explanation, drafts an expression.

Off by default, and nothing needs it. What it is sent holds names, captions and masked samples, never personal data; what
it answers is checked: a target that was not on the list does not count, an expression is compiled before anybody sees it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

import numpy as np
import requests

from gp_prestashop.assist.suggest.fields import Field, Pair
from gp_prestashop.assist.suggest.profile import Floats
from gp_prestashop.errors import ConfigError, DataError, Transient
from gp_prestashop.settings import LanguageModelSettings

__all__ = [
    "AnthropicModel",
    "LanguageModel",
    "OpenAIModel",
    "draft_expression",
    "explain",
    "language_model",
    "masked",
    "reranker",
]

T = TypeVar("T")

ANTHROPIC_URL = "https://api.anthropic.com"
OPENAI_URL = "https://api.openai.com"
ANTHROPIC_VERSION = "2023-06-01"
SHORTLIST = 5
TRIES = 3  # of a draft, each told what was wrong with the last
_UNSURE = (0.15, 0.85)  # only sources whose best target is in between are asked about
_SYSTEM = (
    "You help to map fields of a PrestaShop shop to Microsoft Dynamics GP. Answer with JSON only, no prose around it."
)


class LanguageModel(Protocol):
    """Answers one prompt with text. Raises Transient (time-out, overload) or ConfigError (key, address)."""

    def answer(self, system: str, prompt: str) -> str: ...


class AnthropicModel:
    """The Anthropic messages API."""

    def __init__(self, settings: LanguageModelSettings, session: requests.Session | None = None) -> None:
        self._settings = settings
        self._session = session or requests.Session()

    def answer(self, system: str, prompt: str) -> str:
        body = {
            "model": self._settings.model,
            "max_tokens": self._settings.max_tokens,
            "system": system,
            "messages": [{"role": "user", "content": prompt}],
        }
        headers = {"x-api-key": self._settings.secret_key, "anthropic-version": ANTHROPIC_VERSION}
        data = _post(
            self._session, f"{self._settings.url or ANTHROPIC_URL}/v1/messages", headers, body, self._settings.timeout
        )
        return _part(lambda: "".join(str(block["text"]) for block in data["content"] if block["type"] == "text"))


class OpenAIModel:
    """Chat completions as OpenAI's API has them, which many local servers answer too."""

    def __init__(self, settings: LanguageModelSettings, session: requests.Session | None = None) -> None:
        self._settings = settings
        self._session = session or requests.Session()

    def answer(self, system: str, prompt: str) -> str:
        messages = [{"role": "system", "content": system}, {"role": "user", "content": prompt}]
        body = {"model": self._settings.model, "max_tokens": self._settings.max_tokens, "messages": messages}
        headers = {"Authorization": f"Bearer {self._settings.secret_key}"}
        data = _post(
            self._session,
            f"{self._settings.url or OPENAI_URL}/v1/chat/completions",
            headers,
            body,
            self._settings.timeout,
        )
        return _part(lambda: str(data["choices"][0]["message"]["content"]))


def language_model(settings: LanguageModelSettings) -> LanguageModel | None:
    """The model that the settings name; None when it is off. Raises ConfigError when its name is missing."""
    if settings.provider == "off":
        return None
    if not settings.model:
        raise ConfigError(
            "language_model_unnamed",
            "A language model is switched on, but not named.",
            remedy="Set GPPS_ASSIST__LANGUAGE_MODEL__MODEL.",
        )
    return AnthropicModel(settings) if settings.provider == "anthropic" else OpenAIModel(settings)


def masked(value: str) -> str:
    """The shape of a value without what it says: letters become a or A, digits 9; what is between them stays."""
    return re.sub(r"\d", "9", re.sub(r"[^\W\d_]", lambda hit: "A" if hit[0].isupper() else "a", value))[:40]


def reranker(model: LanguageModel) -> Callable[[Pair, Floats], Floats]:
    """For the matcher: moves confidence within the shortlist of a source that it is unsure of, and nowhere else."""

    def rerank(pair: Pair, confidence: Floats) -> Floats:
        result = confidence.copy()
        unsure = [i for i, row in enumerate(confidence) if _UNSURE[0] < row.max() < _UNSURE[1]]
        if not unsure:
            return result
        shortlists = {i: [int(j) for j in np.argsort(-confidence[i], kind="stable")[:SHORTLIST]] for i in unsure}
        wanted = _json(model.answer(_SYSTEM, _question(pair, shortlists)))
        for i, shortlist in shortlists.items():
            answer = wanted.get(pair.sources[i].id) if isinstance(wanted, dict) else None
            at = next((j for j in shortlist if pair.targets[j].id == answer), None)
            if at is not None:
                best = float(confidence[i].max())
                result[i, shortlist] *= 0.7
                result[i, at] = min(0.95, best + 0.1)
            elif answer == "none":
                result[i, shortlist] *= 0.5
        return result

    return rerank


def explain(model: LanguageModel, sentence: str) -> str:
    """The same evidence in a sentence that reads well. Raises DataError when the answer is no text."""
    data = _json(
        model.answer(_SYSTEM, 'Rephrase this evidence as one plain sentence. Answer {"sentence": "…"}.\n' + sentence)
    )
    if not isinstance(data, dict) or not isinstance(data.get("sentence"), str):
        raise DataError("language_model_answer", "The language model gave no sentence.")
    return str(data["sentence"])


def draft_expression(model: LanguageModel, request: str, columns: Sequence[str], compiles: Callable[[str], str]) -> str:
    """An expression for what a person asked for. ``compiles`` returns what is wrong with one, or a blank.

    Raises DataError when three tries give nothing that compiles and is taken.
    """
    prompt = f'Write one SQL expression over the columns {", ".join(columns)} that does: {request}\nAnswer {{"expression": "…"}}.'
    wrong = "no answer"
    for _ in range(TRIES):
        data = _json(model.answer(_SYSTEM, prompt))
        expression = data.get("expression") if isinstance(data, dict) else None
        if isinstance(expression, str) and expression.strip():
            wrong = compiles(expression)
            if not wrong:
                return expression.strip()
            prompt += f"\n{expression} is wrong: {wrong}"
    raise DataError(
        "expression_wrong",
        f"The drafted expression does not compile: {wrong}",
        remedy="Write it by hand, or say it differently.",
    )


def _question(pair: Pair, shortlists: dict[int, list[int]]) -> str:
    asked = [
        {"source": _described(pair.sources[i]), "candidates": [_described(pair.targets[j]) for j in shortlist]}
        for i, shortlist in shortlists.items()
    ]
    return (
        'For each source name the id of the candidate that it maps to, or "none". Answer {"<source id>": "<candidate id>", …}.\n'
        + json.dumps(asked, ensure_ascii=False)
    )


def _described(field: Field) -> dict[str, Any]:
    shapes = list(dict.fromkeys(masked(value) for value in field.values if value))[:4]
    return {"id": field.id, "type": field.type, "description": field.description, "shapes": shapes}


def _post(session: requests.Session, url: str, headers: dict[str, str], body: dict[str, Any], timeout: int) -> Any:
    try:
        answer = session.post(url, headers=headers, json=body, timeout=timeout)
    except requests.RequestException as error:
        raise Transient(
            "language_model_away",
            f"The language model does not answer: {type(error).__name__}.",
            remedy="Try again, or switch it off.",
        ) from error
    if answer.status_code in {401, 403, 404}:
        raise ConfigError(
            "language_model_refused",
            f"The language model's server answers {answer.status_code}.",
            remedy="Check the key, the model's name and the address.",
        )
    if answer.status_code >= 400:
        raise Transient("language_model_busy", f"The language model's server answers {answer.status_code}.")
    return _part(answer.json)


def _part(read: Callable[[], T]) -> T:
    try:
        return read()
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise DataError(
            "language_model_answer", f"The language model's answer is not in the form that its API documents: {error}."
        ) from error


def _json(text: str) -> Any:
    """The JSON object in an answer, also where a fence or a word stands around it. Raises DataError."""
    hit = re.search(r"\{.*\}", text, re.DOTALL)
    try:
        return json.loads(hit[0] if hit else text)
    except ValueError as error:
        raise DataError("language_model_answer", "The language model's answer is no JSON.") from error
