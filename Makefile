# The workflow, executable. `make` alone lists the targets; `make demo` and `make test` need nothing before them.

PORT ?= 8000
WORKERS ?= 3
PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
PURE := $(wildcard tests/kit tests/domain tests/solver tests/render)
ASSETS := $(wildcard package.json package-lock.json) $(shell find assets -type f 2>/dev/null)
COMPILE := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header -q

export PORT
export PATH := $(CURDIR)/build/node/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup assets demo serve test fast check bench docs lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(VENV)/ready build/assets ## Set everything up inside this folder: packages and browser assets
	@$(BIN)/python -m compileall -q app

assets: ## Build the browser assets again (styles, scripts, typeface)
	@rm -f build/assets
	@$(MAKE) --no-print-directory build/assets

demo: setup ## Run a fresh demo hub on http://127.0.0.1:8000 (PORT=9000 for another port); Ctrl-C stops it
	@exec $(BIN)/halfterm demo --port $(PORT)

serve: setup ## Run the server and keep its data (HALFTERM_DATA_DIR, ./var without it)
	@exec $(BIN)/halfterm serve --port $(PORT)

test: setup ## Run all tests (WORKERS=3 side by side: they wait for browsers and databases as well)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

fast: $(VENV)/ready ## Run the pure tests only: no database, no browser, under 30 seconds
	$(BIN)/python -m pytest -q -m "not slow and not browser" $(PURE)

check: $(VENV)/ready ## Hold the house: format, lint, types, floors, house tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/house

bench: setup ## Measure the speeds that docs/measured.md keeps
	@for script in bench/[a-z]*.py; do echo "== $$script"; $(BIN)/python -m "bench.$$(basename "$$script" .py)" || exit 1; done

docs: $(VENV)/ready ## Write the documents that are made from the code (docs/access.md)
	$(BIN)/halfterm docs

lock: $(VENV)/ready ## Write the lock files anew after a pin in pyproject.toml changed
	$(COMPILE) pyproject.toml --extra dev -o requirements.lock
	$(COMPILE) --group node -o requirements-node.lock

clean: ## Remove what set-up and builds made; data (./var) stays
	rm -rf $(VENV) build node_modules static .mypy_cache .ruff_cache .import_linter_cache halfterm.egg-info

# The first Python that is new enough; PYTHON=/path/to/python chooses another.
define find_python
for python in $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3 python; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; python=; \
done; \
if [ -z "$$python" ]; then echo "Halfterm needs Python 3.11 or newer; set PYTHON=/path/to/python if it has another name." >&2; exit 1; fi
endef

$(VENV)/ready: requirements.lock pyproject.toml
	@set -e; $(find_python); \
	if ! "$(BIN)/python" -c '' 2>/dev/null; then \
		echo "Making $(VENV) with $$("$$python" --version)"; \
		"$$python" -m venv --clear $(VENV) || { \
			echo "That Python cannot make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }; \
	fi
	@echo "Installing the packages of requirements.lock (a minute or so the first time)"
	@$(BIN)/python -m pip install -qq --require-hashes --only-binary :all: -r requirements.lock
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation -e .
	@touch $@

# npm by the machine's Node (20 or newer), else by a wheel of Node in an environment of its own. A network without npm is
# no error: the pages are plain but work.
define find_node
node_is_new() { command -v npm && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)'; } >/dev/null 2>&1; \
if ! node_is_new; then \
	echo "No Node 20 or newer here: taking one from a Python wheel, into build/node"; \
	{ $(BIN)/python -m venv build/node && \
	build/node/bin/python -m pip install -qq --require-hashes --only-binary :all: -r requirements-node.lock; } >build/node.log 2>&1 || true; \
fi
endef

build/assets: $(ASSETS) requirements-node.lock | $(VENV)/ready
	@set -e; mkdir -p build; $(find_node); \
	if npm ci --no-audit --no-fund --fetch-retries=1 --loglevel=error >build/npm.log 2>&1; then \
		npm run --silent build >>build/npm.log 2>&1 || { tail -n 20 build/npm.log >&2; exit 1; }; \
		echo built >$@; \
	else \
		echo "The browser assets could not be fetched from npm (build/npm.log says why): pages are plain but work. Later: make assets"; \
		echo missing >$@; \
	fi
