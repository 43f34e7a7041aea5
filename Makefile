# The commands of the house. `make help` lists them. Works from any folder: make -f /path/to/Makefile run

ROOT := $(shell dirname "$$(realpath "$(strip $(MAKEFILE_LIST))")")

ifneq ("$(ROOT)","$(shell pwd -P)")

GOALS := $(or $(MAKECMDGOALS),help)
.PHONY: $(GOALS)
$(GOALS):
	@$(MAKE) --no-print-directory -C "$(ROOT)" $@

else

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PORT ?= 8000
BIN := .venv/bin
LOCKS := requirements/base.txt requirements/dev.txt
FRONTEND := $(shell find handlers/frontend -type f 2>/dev/null)
COMPILE := $(BIN)/pip-compile -q --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate --no-config \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options

.PHONY: help
help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

.PHONY: setup
setup: .venv/.ready handlers/static/dist/.ready ## set everything up and serve nothing

.PHONY: run
run: export KES_DEMO ?= 1
run: export KES_CLOCK ?= virtual
run: setup ## set everything up and serve the demo on http://127.0.0.1:8000 (or PORT)
	@$(BIN)/kes migrate
	@$(BIN)/kes demo
	@exec $(BIN)/kes serve --port $(PORT)

.PHONY: test
test: setup ## set everything up and run the whole test suite
	@scripts/test.sh

.PHONY: check
check: setup lint ## lint, types, import contracts, bundles
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target types contracts bundles

.PHONY: types
types:
	@$(BIN)/mypy

.PHONY: contracts
contracts:
	@$(BIN)/lint-imports

.PHONY: bundles
bundles:
	@for bundle in bpmn/*/procedure.bpmn; do \
		if [ -e "$$bundle" ]; then $(BIN)/kes check "$$(dirname "$$bundle")"; fi; \
	done

.PHONY: bench
bench: setup ## run the benchmarks and print their ratios
	@$(BIN)/python -m bench
	@$(BIN)/python -m bench.large

.PHONY: soak
soak: setup ## the long durability and hostile runs, and enough rounds for the tails (half an hour or more)
	@$(BIN)/pytest tests/durability tests/handlers/test_archive*.py tests/large/test_memory.py --soak -n0 -q
	@$(BIN)/python -m bench one_client --rounds 25

.PHONY: lint
lint: setup ## style only: ruff, formatting, spelling
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/codespell

.PHONY: fmt
fmt: setup ## format the sources and mend what can be mended
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

.PHONY: lock
lock: setup ## pin requirements/*.in anew, with hashes, and list the licences
	@for set in base dev node; do $(COMPILE) -o requirements/$$set.txt requirements/$$set.in; done
	@$(BIN)/python scripts/third_party.py --write

.PHONY: migration
migration: setup ## write the schema's next revision: make migration NAME="what changes"
	@$(BIN)/python scripts/new_migration.py $(if $(NAME),"$(NAME)",--check)

.PHONY: clean
clean: ## remove what was built; data in var/ stays
	@rm -rf .venv node_modules handlers/static/dist processes/papers/fonts .mypy_cache .ruff_cache .pytest_cache \
		.import_linter_cache .hypothesis .coverage .coverage.* htmlcov build *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- what the commands stand on: each rebuilt only when its sources changed -----------------------------------------

.venv/.ready: $(LOCKS) pyproject.toml scripts/venv.sh
	@bash scripts/venv.sh

node_modules/.ready: package-lock.json | .venv/.ready
	@bash scripts/node.sh ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

handlers/static/dist/.ready: node_modules/.ready $(FRONTEND)
	@bash scripts/node.sh run --silent build
	@touch $@

endif
