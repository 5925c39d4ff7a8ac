# Few commands; `make help` lists them. Everything is installed below this folder, in .venv.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:

VENV := .venv
PYTHON := $(VENV)/bin/python
# Further arguments of `make run` and `make test`: make run ARGS="--port 8001".
ARGS ?=
# How many tests run side by side.
WORKERS ?= auto
UV_VERSION := 0.13.9

# A candidate counts only when it runs: a name on PATH may be a shim of a version that is not there.
FIND_PYTHON = for name in $(WITH_PYTHON) python3.13 python3.12 python3.11 python3.14 python3 python; do \
	  if "$$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' >/dev/null 2>&1; \
	  then echo "$$name"; exit 0; fi; \
	done; \
	echo "No Python 3.11 to 3.14 was found. Install one (Debian, Ubuntu: apt-get install python3 python3-venv)," >&2; \
	echo "or name it: make $(MAKECMDGOALS) WITH_PYTHON=/path/to/python3" >&2; exit 1

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: $(VENV)/.run ## Run everything on this machine, with a sample network to try it on (Ctrl-C stops)
	@exec $(PYTHON) manage.py up $(ARGS)

.PHONY: test
test: $(VENV)/.dev browser ## Run the tests on real PostgreSQL and a real broker
	@exec $(PYTHON) -m pytest -n $(WORKERS) --dist loadgroup --durations=10 -m "not heavy" $(ARGS)

.PHONY: test-all
test-all: $(VENV)/.spark browser java mediawiki ## Run the tests, the heavy ones and those with heavy peers (Spark, MediaWiki) too
	@exec $(PYTHON) -m pytest -n $(WORKERS) --dist loadgroup --durations=10 $(ARGS)

.PHONY: lint
lint: export DEBUG = 1
lint: $(VENV)/.dev ## Check style, types, the one-way imports, migrations, documents and locks
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(PYTHON) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(PYTHON) manage.py settings_doc --check
	@! grep -nE '://|--index-url|--find-links' requirements*.lock || { \
	  echo "A lock names a host; write it with make lock." >&2; exit 1; }

.PHONY: format
format: $(VENV)/.dev ## Bring the code into its one format
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

.PHONY: bench
bench: export DEBUG = 1
bench: $(VENV)/.spark java ## Measure the speed of scoring, as ratios, into docs/benchmarks.md
	@exec $(PYTHON) manage.py bench --write $(ARGS)

.PHONY: shots
shots: $(VENV)/.dev browser ## Take the pictures of the pages in docs/shots
	@exec $(PYTHON) manage.py shots $(ARGS)

.PHONY: lock
lock: .venv-lock/.uv ## Write the three lock files anew from pyproject.toml
	$(UV_COMPILE) --extra local --output-file requirements.lock $(ARGS)
	$(UV_COMPILE) --extra local --extra dev --constraint requirements.lock --output-file requirements-dev.lock $(ARGS)
	$(UV_COMPILE) --extra local --extra dev --extra spark --constraint requirements-dev.lock --output-file requirements-spark.lock $(ARGS)

# Hashes for all platforms and Python versions, and no address of any registry.
UV_COMPILE = .venv-lock/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-emit-index-url

.PHONY: clean
clean: ## Remove the environment and caches (the data in var/ stays)
	rm -rf $(VENV) .venv-lock .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: which-python
which-python:
	@$(FIND_PYTHON)

# --- the environment: a stamp per lock, so that a second run is quick -------------------------------

$(VENV)/bin/pip:
	@python=$$($(FIND_PYTHON)) || exit 1; \
	"$$python" -c 'import ensurepip' 2>/dev/null || { \
	  echo "$$python cannot make environments: it has no ensurepip." >&2; \
	  echo "Install it (Debian, Ubuntu: apt-get install python3-venv), then run make again." >&2; exit 1; }; \
	echo "Making $(VENV) with $$("$$python" --version) …"; \
	rm -rf $(VENV) && "$$python" -m venv $(VENV)

# The development lock holds every version of the other one: whoever has it needs no second install.
$(VENV)/.run: requirements.lock $(VENV)/bin/pip
	@if [ ! $(VENV)/.dev -nt requirements.lock ]; then $(call INSTALL,requirements.lock); fi
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/bin/pip
	@$(call INSTALL,requirements-dev.lock)
	@touch $@

# Half a gigabyte that only the heavy tests and the Spark column of the benchmarks need.
$(VENV)/.spark: requirements-spark.lock $(VENV)/.dev
	@$(call INSTALL,requirements-spark.lock)
	@touch $@

INSTALL = echo "Installing what $(1) names (once; a minute or so) …"; \
	PYTHONDONTWRITEBYTECODE= $(VENV)/bin/python -m pip install -qq --disable-pip-version-check --no-input \
	  --no-deps --require-hashes -r $(1)

.venv-lock/.uv:
	@python=$$($(FIND_PYTHON)) && "$$python" -m venv .venv-lock
	@.venv-lock/bin/python -m pip install -qq --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

# --- the browser of the browser tests, the Java of Spark --------------------------------------------

.PHONY: browser
browser:
	@sh tests/browser.sh

.PHONY: mediawiki
mediawiki:
	@sh tests/mediawiki.sh

.PHONY: java
java:
	@sh tests/java.sh
