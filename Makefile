# `make run` starts the exchange, `make test` checks it; both set up what they need.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PARTS := $(wildcard exchange/translations/parts/*.po)
CATALOGUE := exchange/translations/zh/LC_MESSAGES/messages.mo
RUNTIME := $(VENV)/.runtime-installed
DEVELOPMENT := $(VENV)/.development-installed
CHECKED := exchange wsgi.py scripts tests $(wildcard benchmarks)

export PORT

.DEFAULT_GOAL := help
.PHONY: help install run test test-postgres lint types unit acceptance bench bench-search bench-matching lock translations shots pictures clean
.DELETE_ON_ERROR:

help: ## Show what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(RUNTIME) $(CATALOGUE) ## Set up .venv with the pinned dependencies and build the translations

run: install ## Start the exchange with its demonstration city (PORT=8000 HOST=127.0.0.1)
	@EXCHANGE_ENV="$${EXCHANGE_ENV:-demonstration}" exec $(BIN)/python -m flask --app wsgi exchange serve

test: install $(DEVELOPMENT) ## Check everything: style, types, tests, browser
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory types
	@$(BIN)/python scripts/browsers.py
	$(BIN)/python -m pytest -n 2 --durations=25
	@$(MAKE) --no-print-directory test-postgres

test-postgres: install $(DEVELOPMENT) ## Run a drawn part of the tests that need a database on PostgreSQL, and all of processes
	$(BIN)/python scripts/with_postgres.py $(BIN)/python -m pytest -n 2 --durations=25

lint: $(DEVELOPMENT) ## Check the style
	$(BIN)/ruff check $(CHECKED)

types: $(DEVELOPMENT) ## Check the types
	$(BIN)/mypy

unit: install $(DEVELOPMENT) ## Run the quick tests: no browser, no other processes
	$(BIN)/python -m pytest -n 2 -m "not browser and not processes and not slow"

acceptance: install $(DEVELOPMENT) ## Run the tests with a browser, real processes or many draws in full, and all on PostgreSQL
	@$(BIN)/python scripts/browsers.py
	EXCHANGE_TEST_FULL=1 $(BIN)/python -m pytest -n 2 -m "browser or processes or slow"
	EXCHANGE_TEST_FULL=1 $(BIN)/python scripts/with_postgres.py $(BIN)/python -m pytest -n 2

bench: install $(DEVELOPMENT) ## Run the measurements of benchmarks/
	@for each in benchmarks/bench_*.py; do echo "== $$each"; PYTHONPATH=. $(BIN)/python "$$each" || exit 1; done
	PYTHONPATH=. $(BIN)/python scripts/with_postgres.py $(BIN)/python benchmarks/bench_matches.py

bench-search: install $(DEVELOPMENT) ## Measure how well every engine finds, and write it into docs/benchmarks.md
	PYTHONPATH=. $(BIN)/python benchmarks/search_quality.py --write

bench-matching: install $(DEVELOPMENT) ## Measure how suggestions are made, and write it into docs/benchmarks.md
	PYTHONPATH=. $(BIN)/python benchmarks/bench_matching.py --write
	PYTHONPATH=. $(BIN)/python scripts/with_postgres.py $(BIN)/python benchmarks/bench_matching.py --listings 100000 --postgres --write

lock: ## Write the lock files anew from pyproject.toml
	scripts/lock.sh

translations: $(CATALOGUE) ## Build the Chinese catalogue from its parts

shots: install $(DEVELOPMENT) ## Take screenshots of the main pages of a running site into shots/
	@$(BIN)/python scripts/browsers.py
	$(BIN)/python scripts/shots.py --site "http://127.0.0.1:$(PORT)"

pictures: install $(DEVELOPMENT) ## Take the pictures of docs/coordinators.md from a running demonstration
	@$(BIN)/python scripts/browsers.py
	$(BIN)/python scripts/coordinator_pictures.py --site "http://127.0.0.1:$(PORT)"

clean: ## Remove what was built; what was entered stays in instance/
	rm -rf $(VENV) exchange/translations/zh .mypy_cache .ruff_cache .pytest_cache shots

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "Python 3.11 or newer is needed; '$(PYTHON)' was not found. Try: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; $$($(PYTHON) --version) is too old. Try: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
		echo "Python's venv module is missing. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(RUNTIME): requirements.lock | $(BIN)/python
	@echo "Installing the pinned dependencies; the first time this takes a minute or two."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(DEVELOPMENT): requirements-dev.lock $(RUNTIME)
	@echo "Installing the pinned tools for testing."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

$(CATALOGUE): $(PARTS) scripts/translations.py $(RUNTIME)
	$(BIN)/python scripts/translations.py
