# The few commands of evalwatch. `make run` and `make test` set up what they need; nothing else has to be typed before.

# the first that really runs and is new enough; a version manager may show names behind which there is nothing
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: help run test check bench lock clean

help:  ## What there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

run: $(VENV)/ready  ## Set up and show two nights over the bundled sample web, without network
	@$(BIN)/evalwatch demo

test: $(VENV)/ready-dev  ## Set up and run every test
	@$(BIN)/python -m pytest -n auto --dist loadfile

check: $(VENV)/ready-dev  ## Style, types, import rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

bench: $(VENV)/ready-dev  ## Speed and memory, as ratios within one run
	@$(BIN)/python -m benchmarks

lock: $(VENV)/ready-dev  ## Write the lock files anew from pyproject.toml
	@$(BIN)/uv pip compile -q pyproject.toml --group build --universal --generate-hashes --no-header --no-annotate -o requirements.lock
	@$(BIN)/uv pip compile -q pyproject.toml --group build --group dev --universal --generate-hashes --no-header --no-annotate -c requirements.lock -o requirements-dev.lock

clean:  ## Remove the virtual environment and all caches; the data in var/ stay
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist

$(VENV)/bin/python:
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "evalwatch needs Python 3.11 or later. Name one: make PYTHON=/path/to/python3.12" >&2; exit 2; }
	@echo "Setting up $(VENV) with $$($(PYTHON) --version) …" >&2
	@$(PYTHON) -m venv $(VENV) || { echo "No venv module: on Debian and Ubuntu install python3-venv" >&2; exit 2; }

$(VENV)/ready: $(VENV)/bin/python requirements.lock pyproject.toml
	@echo "Installing packages …" >&2
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready requirements-dev.lock
	@echo "Installing packages for tests …" >&2
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
