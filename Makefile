# Every target sets up its own environment from nothing but python3 (3.11 or later).
PYTHON ?= python3
UV := .tools/bin/uv
BIN := .venv/bin
READY := .venv/.ready

# Without compiled modules each command would compile a thousand of them first: some 3 s.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup demo test test-all lint bench lock clean assist-score assist-train

setup: $(READY)

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed."; exit 1; }
	$(PYTHON) -m venv .tools
	.tools/bin/pip install --quiet --disable-pip-version-check uv

$(READY): requirements.lock pyproject.toml | $(UV)
	test -x $(BIN)/python || $(UV) venv --quiet --python $(PYTHON) .venv
	$(UV) pip sync --quiet --compile-bytecode --python $(BIN)/python requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	$(BIN)/python -m compileall -q gp_prestashop
	touch $@

demo: $(READY)
	$(BIN)/gp-prestashop demo

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tests/lint/house_rules.py

test: lint
	$(BIN)/pytest -n 3 --dist loadfile -m "not slow"

test-all: lint
	$(BIN)/pytest

bench: $(READY)
	$(BIN)/gp-prestashop bench all

assist-score: $(READY)
	$(BIN)/python -m gp_prestashop.assist.score

assist-train: $(READY)
	$(BIN)/python -m gp_prestashop.assist.suggest.training.main

lock: $(UV)
	$(UV) pip compile pyproject.toml --group dev --all-extras --universal --generate-hashes --no-header --no-emit-index-url --no-annotate --quiet --output-file requirements.lock

clean:
	rm -rf .venv .tools .gpps
