# The only list of chores. `make demo` needs Python 3.11 or newer and nothing else; `make test` installs the rest.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --disable-pip-version-check --quiet --no-compile -c constraints.txt
DEMO   ?= output

AXE    := tests/browser/node_modules/.package-lock.json
LIGHT  := benchmarks/lighthouse/node_modules/.package-lock.json
NPM    := npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --prefix

.PHONY: demo test lint types format golden bench lighthouse check clean help

help:           ## this list
	@grep -E '^[a-z]+: .*##' Makefile | sed 's/:.*##/\t/' | expand -t 10

demo: $(VENV)/.core  ## three nights of the bundled sample, then open output/site/index.html
	@$(BIN)/citewire demo --output $(DEMO)

test: $(VENV)/.dev $(AXE)  ## the whole suite, offline, no keys
	@$(BIN)/python -m pytest -n auto

lint: $(VENV)/.dev  ## style and formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: $(VENV)/.dev  ## repair style and formatting
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: $(VENV)/.dev  ## mypy --strict
	@$(BIN)/mypy --strict pipeline

golden: $(VENV)/.dev  ## rewrite the golden pages; read the diff before you commit it
	@$(BIN)/python -m pytest -q tests -k "golden or every_setting or every_kind" --update-golden

bench: $(VENV)/.dev  ## seconds per stage and peak memory of one big night: make bench DATA=records.jsonl
	@$(BIN)/python benchmarks/night.py $(DATA)

lighthouse: $(VENV)/.core $(LIGHT)  ## what Lighthouse says of the demo's pages, the median of five: needs npm and chromium
	@$(BIN)/python benchmarks/lighthouse/measure.py $(SITE)

check: lint types test  ## what a reviewer runs

clean:          ## remove the environment, caches and everything the demo wrote
	rm -rf $(VENV) $(dir $(AXE)) $(dir $(LIGHT)) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist $(DEMO)/*

# Pages are tried in a browser where there is one; what is missing is said, and skipped.
$(AXE): tests/browser/package-lock.json
	@$(NPM) tests/browser > /dev/null || echo "no axe-core (npm could not fetch it): its tests are skipped"

$(LIGHT): benchmarks/lighthouse/package-lock.json
	@$(NPM) benchmarks/lighthouse > /dev/null

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("citewire needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; try: make demo PYTHON=python3.11")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.core: pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing citewire into $(VENV) ..."
	@$(PIP) -e .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/python
	@echo "installing citewire with its development tools into $(VENV) (torch among them: about 2 GB) ..."
	@$(PIP) -e '.[dev]'
	@touch $@ $(VENV)/.core
