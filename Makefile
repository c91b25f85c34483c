# The only list of chores. `make demo` needs Python 3.11 or newer and nothing else; `make test` installs the rest.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --disable-pip-version-check --quiet --no-compile
LOCKED := $(PIP) --require-hashes --no-deps
TOOLS  := $(VENV)-tools
DEMO   ?= output
TESTERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

AXE    := tests/browser/node_modules/.package-lock.json
LIGHT  := benchmarks/lighthouse/node_modules/.package-lock.json
NPM    := npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --prefix

LOCKS  := supply/dev.txt supply/container.txt supply/core.txt supply/tools.txt supply/build.txt supply/long.txt

.PHONY: demo test lint types format golden bench lighthouse check lock sbom audit floors fuzz coverage mutation thorough year injections faults long clean help

help:           ## this list
	@grep -E '^[a-z]+: .*##' Makefile | sed 's/:.*##/\t/' | expand -t 10

demo: $(VENV)/.core  ## three nights of the bundled sample, then open output/site/index.html
	@$(BIN)/citewire demo --output $(DEMO)

test: $(VENV)/.dev $(AXE)  ## the whole suite, offline, no keys
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(TESTERS) --dist loadfile  # one more than cores: half of a test is waiting

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

bench: $(VENV)/.dev  ## speed, memory and cost, each beside its limit, into docs/performance.md: make bench DATA=folder
	@$(BIN)/python benchmarks/all.py $(DATA) --write

lighthouse: $(VENV)/.core $(LIGHT)  ## what Lighthouse says of the demo's pages, the median of five: needs npm and chromium
	@$(BIN)/python benchmarks/lighthouse/measure.py $(SITE)

check: lint types test  ## what a reviewer runs

lock: $(TOOLS)/.made  ## resolve versions and hashes anew, none younger than a week
	@$(TOOLS)/bin/python supply/lock.py

sbom: $(TOOLS)/.made  ## the bill of materials of the container, dist/citewire.cdx.json (CycloneDX, checked by its schema)
	@mkdir -p dist
	@$(TOOLS)/bin/cyclonedx-py requirements supply/container.txt --pyproject pyproject.toml --output-reproducible \
	    --spec-version 1.6 --output-format JSON --validate --output-file dist/citewire.cdx.json 2> /dev/null
	@echo "dist/citewire.cdx.json"

audit: $(TOOLS)/.made  ## ask for advisories about every locked package; fails when a package was not asked about
	@$(TOOLS)/bin/python supply/audit.py $(LOCKS)

# Branches of what must not fail unseen: all of fetch (the guard in it), the gate, the store, publishing; by their own
# tests alone. Folders, not names: migrations are loaded by their files, and would be run unseen.
GUARDED := pipeline/fetch pipeline/gate pipeline/stores pipeline/publishing
LEAST   := 95
coverage: $(VENV)/.dev  ## branch coverage of fetch, gate, store and publish by their own tests; fails below 95 % of any
	@$(BIN)/python -m pytest -q $(GUARDED:%=--cov=%) --cov=pipeline.publish --cov-branch --cov-report= \
	    tests/fetch tests/gate tests/stores tests/contracts tests/publishing tests/test_publish.py
	@$(BIN)/coverage report --skip-covered --show-missing
	@for room in $(GUARDED:%=%/*) pipeline/publish.py; do \
	    $(BIN)/coverage report --include="$$room" --format=total | sed "s|^|$$room: |;s|$$| %|"; \
	    $(BIN)/coverage report --include="$$room" --fail-under=$(LEAST) > /dev/null || exit 2; done

floors: $(VENV)/.dev  ## every pinned floor of quality: make floors DATA=folder
	@$(BIN)/python benchmarks/floors.py $(DATA)

fuzz: $(VENV)/.dev  ## coverage-guided fuzzing of addresses, guard, feeds, spans, numbers and gate: make fuzz SECONDS=300
	@$(LOCKED) -r supply/long.txt
	@$(BIN)/python tests/fuzz/run.py --seconds $(or $(SECONDS),300)

FAULTS := tests/faults tests/publishing/test_readers.py
thorough: $(VENV)/.dev  ## the tests of which the suite takes a part, whole; those of faults are `make faults`
	@CITEWIRE_LONG=1 $(BIN)/python -m pytest -q -s -o timeout=0 $$(grep -rlE '^from thorough import' tests --include='test_*.py' \
	    | grep -vE "^($$(echo '$(FAULTS)' | tr ' ' '|'))")

year: $(VENV)/.dev  ## 365 simulated nights of a small desk among random faults
	@$(BIN)/python tests/simulated_year.py $(or $(NIGHTS),365)

faults: $(VENV)/.dev  ## kill, starve and break every command that writes at every point (hours); EVERY=20 takes each 20th
	@CITEWIRE_LONG=1 CITEWIRE_EVERY=$(or $(EVERY),1) $(BIN)/python -m pytest -q -s -o timeout=0 $(FAULTS)

injections: $(VENV)/.dev  ## a thousand injections times ten goals on whole nights, with a model that obeys them all
	@CITEWIRE_LONG=1 $(BIN)/python -m pytest -q -s -o timeout=0 tests/test_injected_nights.py

mutation: $(VENV)/.dev  ## change the guard and the functions on addresses on purpose: which tests notice (hours)
	@$(LOCKED) -r supply/long.txt
	@$(BIN)/mutmut run && $(BIN)/mutmut results

long: coverage fuzz mutation thorough year faults  ## everything that takes minutes to hours

clean:          ## remove the environment, caches and everything the demo wrote
	rm -rf $(VENV) $(TOOLS) $(dir $(AXE)) $(dir $(LIGHT)) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist $(DEMO)/*

# Pages are tried in a browser where there is one; what is missing is said, and skipped.
$(AXE): tests/browser/package-lock.json
	@$(NPM) tests/browser > /dev/null || echo "no axe-core (npm could not fetch it): its tests are skipped"

$(LIGHT): benchmarks/lighthouse/package-lock.json
	@$(NPM) benchmarks/lighthouse > /dev/null

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("citewire needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; try: make demo PYTHON=python3.11")'
	@$(PYTHON) -m venv $(VENV)

# What is installed is what supply/ has locked; the package itself is built by locked tools and with no index at hand.
$(VENV)/.core: pyproject.toml supply/core.txt supply/build.txt | $(BIN)/python
	@echo "installing citewire into $(VENV) ..."
	@$(LOCKED) -r supply/core.txt
	@$(LOCKED) -r supply/build.txt
	@$(PIP) --no-index --no-deps --no-build-isolation -e .
	@touch $@

# torch and what it alone needs come last, by version and not by hash (supply/without-torch.in says why).
$(VENV)/.dev: pyproject.toml constraints.txt supply/dev.txt | $(BIN)/python
	@echo "installing citewire with its development tools into $(VENV) (torch among them: about 2 GB) ..."
	@$(LOCKED) -r supply/dev.txt
	@$(PIP) -c constraints.txt --no-build-isolation -e '.[dev]'
	@touch $@ $(VENV)/.core

$(TOOLS)/.made: supply/tools.txt
	@$(PYTHON) -m venv $(TOOLS)
	@$(TOOLS)/bin/python -m pip install --disable-pip-version-check --quiet --require-hashes --no-deps -r supply/tools.txt
	@touch $@
