# Two commands matter: `make run` and `make test`. The work itself is in scripts/, which the Dockerfile calls too.
.DEFAULT_GOAL := help
.PHONY: help setup run test demo bench check house lock clean
BIN := .venv/bin
ARGS ?=
unexport PYTHONDONTWRITEBYTECODE # the second start need not compile every source again

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make .venv from the lock file (what run and test do first)
	@scripts/setup

run: setup ## Open the office on http://127.0.0.1:8000 until Ctrl-C
	@exec $(BIN)/centralita run

test: ## Run every test: unit, property, PostgreSQL, browser (ARGS="tests/contacts -k lock" for some)
	@scripts/test $(ARGS)

demo: export CENTRALITA_DATA ?= data-demo
demo: setup ## An office with believable people, contacts and history, to click through
	@$(BIN)/centralita demo --once && exec $(BIN)/centralita run

bench: ## Measure, beside peers and the physical floor (ARGS="--only page" for some)
	@scripts/bench $(ARGS)

check: ## Style, types, import contracts, house budget, translations complete
	@scripts/check

house: ## Print the figures of the house: sizes of functions, files and templates
	@scripts/setup dev
	@$(BIN)/python -m tests.house

lock: ## Compile the lock files anew (needs uv)
	@scripts/lock

clean: ## Remove what was made here; the office's data is not touched
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
