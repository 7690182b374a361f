"""The optional language model, against a local server that answers as the APIs do."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from gp_prestashop.assist.language_model import draft_expression, explain, language_model, masked, reranker
from gp_prestashop.assist.suggest.fields import Pair, pair_from
from gp_prestashop.errors import ConfigError, DataError, Transient
from gp_prestashop.settings import LanguageModelSettings

Answer = Callable[[str], str]
PAIR = pair_from(
    {
        "id": "p",
        "source_fields": [{"id": "s.a", "values": ["Anne Martin", "anne@example.com"]}, {"id": "s.b"}],
        "target_fields": [{"id": "T.X"}, {"id": "T.Y"}, {"id": "T.Z"}],
    }
)


class Server:
    """Keeps what it was asked; ``answer`` makes the model's text of the prompt."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.answer: Answer = lambda _prompt: "{}"
        self.status = 200
        self.delay = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.asked.append((self.path, dict(self.headers), body))
                if outer.status == 408:
                    outer.delay.wait(5)
                    return  # whoever asked has gone
                text = outer.answer(body["messages"][-1]["content"])
                data = (
                    {"content": [{"type": "text", "text": text}], "stop_reason": "end_turn"}
                    if self.path == "/v1/messages"
                    else {"choices": [{"message": {"role": "assistant", "content": text}}]}
                )
                self.send_response(outer.status)
                self.end_headers()
                self.wfile.write(json.dumps(data).encode())

            def log_message(self, *_args: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    thread = threading.Thread(target=running.http.serve_forever, daemon=True)
    thread.start()
    yield running
    running.delay.set()
    running.http.shutdown()
    running.http.server_close()
    thread.join()


def settings(server: Server, provider: str = "anthropic", timeout: int = 5) -> LanguageModelSettings:
    return LanguageModelSettings.model_validate(
        {"provider": provider, "url": server.url, "model": "test-model", "key": "secret", "timeout": timeout}
    )


def test_it_is_off_unless_it_is_switched_on_and_named() -> None:
    assert language_model(LanguageModelSettings()) is None
    with pytest.raises(ConfigError):
        language_model(LanguageModelSettings(provider="openai"))


@pytest.mark.parametrize(
    ("provider", "path", "header"),
    [("anthropic", "/v1/messages", "X-Api-Key"), ("openai", "/v1/chat/completions", "Authorization")],
)
def test_each_client_speaks_its_api(server: Server, provider: str, path: str, header: str) -> None:
    server.answer = lambda _prompt: '{"sentence": "It fits."}'
    model = language_model(settings(server, provider))
    assert model is not None
    assert explain(model, "same values") == "It fits."
    asked, headers, body = server.asked[0]
    assert asked == path
    assert "secret" in {name.title(): value for name, value in headers.items()}[header]
    assert body["model"] == "test-model"


def test_it_reranks_only_what_is_unsure_and_only_within_the_shortlist(server: Server) -> None:
    server.answer = lambda _prompt: '```json\n{"s.a": "T.Y", "s.b": "T.X"}\n```'
    model = language_model(settings(server))
    assert model is not None
    before = np.array([[0.5, 0.4, 0.1], [0.95, 0.1, 0.1]])
    after = reranker(model)(PAIR, before)
    assert after[0].argmax() == 1
    assert (after[1] == before[1]).all()
    server.answer = lambda _prompt: '{"s.a": "T.INVENTED"}'
    assert (reranker(model)(PAIR, before) == before).all()


def test_nothing_personal_is_sent(server: Server) -> None:
    model = language_model(settings(server))
    assert model is not None
    reranker(model)(PAIR, np.array([[0.5, 0.4, 0.1], [0.5, 0.1, 0.1]]))
    sent = json.dumps(server.asked)
    assert "Martin" not in sent
    assert "anne@" not in sent
    assert "Aaaa Aaaaaa" in sent
    assert masked("Anne-Élise 33") == "Aaaa-Aaaaa 99"


def test_a_sure_answer_asks_nobody(server: Server) -> None:
    model = language_model(settings(server))
    assert model is not None
    reranker(model)(Pair("p", PAIR.sources[:1], PAIR.targets), np.array([[0.99, 0.0, 0.0]]))
    assert server.asked == []


def test_a_drafted_expression_is_compiled_and_mended_once(server: Server) -> None:
    server.answer = lambda prompt: (
        '{"expression": "upper(name)"}' if "is wrong" in prompt else '{"expression": "uper(name)"}'
    )
    model = language_model(settings(server))
    assert model is not None

    def compiles(expression: str) -> str:
        return "" if expression == "upper(name)" else "no function uper"

    assert draft_expression(model, "in capitals", ["name"], compiles) == "upper(name)"
    server.answer = lambda _prompt: '{"expression": "drop table x"}'
    with pytest.raises(DataError):
        draft_expression(model, "in capitals", ["name"], compiles)


@pytest.mark.parametrize(("status", "error"), [(401, ConfigError), (500, Transient), (429, Transient)])
def test_refusals_are_told_apart(server: Server, status: int, error: type[Exception]) -> None:
    server.status = status
    model = language_model(settings(server))
    assert model is not None
    with pytest.raises(error):
        model.answer("system", "prompt")


def test_an_answer_that_never_comes_ends_by_time_out(server: Server) -> None:
    server.status = 408
    model = language_model(settings(server, timeout=1))
    assert model is not None
    with pytest.raises(Transient) as caught:
        model.answer("system", "prompt")
    assert caught.value.code == "language_model_away"


def test_an_answer_that_is_no_json_is_said_so(server: Server) -> None:
    server.answer = lambda _prompt: "I think so"
    model = language_model(settings(server, "openai"))
    assert model is not None
    with pytest.raises(DataError):
        explain(model, "x")
