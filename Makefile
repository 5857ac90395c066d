# The commands of this house. `make` alone lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Processes start several times faster with their bytecode kept, wherever this is set.
unexport PYTHONDONTWRITEBYTECODE

# The lock is made for 3.11, so it comes first. Each name is run, not only found: a shim may lead nowhere.
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3.14 python3; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$name"; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
CODE := $(wildcard flows notifications states svcqa tests benchmarks)
JOBS ?= auto
WAITING_JOBS ?= 3
# Thousands of databases are made and thrown away: in memory, where it has room for them.
MEMORY := $(shell [ "$$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $$4 }')" -gt 4000000 ] 2>/dev/null \
	&& echo -p /dev/shm svcqa-tests-XXXXXX)
ARGS ?=
# ARGS may choose tests of one kind only; pytest ends with 5 when it finds none.
NONE_CHOSEN := $(if $(ARGS),[ $$? -eq 5 ],false)

.PHONY: help demo test faults check format browser postgres pictures diagrams migration bench bench-peers lock clean

help: ## list the commands
	@sed -nE 's/^([.a-z-]+):.*## (.*)/  make \1|\2/p' Makefile | column -t -s '|' 2>/dev/null \
		|| sed -nE 's/^([.a-z-]+):.*## (.*)/  make \1  \2/p' Makefile

.venv: $(STAMP) ## make the environment from the hashed lock

$(STAMP): requirements-dev.txt pyproject.toml
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is needed and was not found: install it, or name it with PYTHON=..." >&2; exit 1; fi
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "$(PYTHON) is older than Python 3.11 or does not run: name a newer one with PYTHON=..." >&2; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) \
		|| { echo "$(PYTHON) has no venv module: on Debian and Ubuntu install python3-venv, then run make again" >&2; exit 1; }
	@echo "Installing $$(grep -c '^[a-z]' requirements-dev.txt) packages by hash (a minute or two the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps --require-hashes -r requirements-dev.txt
	@echo "Installing svcqa itself"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps --no-build-isolation --no-index -e .
	@touch $@

demo: $(STAMP) ## run everything on this machine with example data; Ctrl-C stops it
	@exec $(BIN)/svcqa up --demo $(ARGS)

# What computes has the machine for itself. Beside what waits for processes, pages and each other there is room: file
# by file, since the driver of the browser keeps an event loop running until its file has ended.
test: $(STAMP) ## run all tests: what computes, then the pages in a browser and what kills processes
	@folder=$$(mktemp -d $(MEMORY)); chmod a+rx "$$folder"; export TMPDIR=$$folder; \
	{ $(BIN)/pytest -n $(JOBS) -m "not browser and not faults" $(ARGS) || $(NONE_CHOSEN); } \
	&& { $(BIN)/pytest -n $(WAITING_JOBS) --dist loadfile -m "browser or faults" \
		$(if $(ARGS),$(ARGS),$$(grep -rlE 'mark\.(browser|faults)' --include='test_*.py' tests)) || $(NONE_CHOSEN); } \
	&& rm -rf "$$folder" || { echo "What the tests left behind is in $$folder"; false; }

faults: $(STAMP) ## kill processes a hundred times and more, to see that nothing is lost (takes long)
	@SVCQA_FAULTS=long $(BIN)/pytest -m faults $(ARGS)

check: $(STAMP) ## lint, format, types and import contracts
	@echo "ruff check"; $(BIN)/ruff check --quiet .
	@echo "ruff format"; $(BIN)/ruff format --quiet --check .
	@echo "mypy"; $(BIN)/mypy --no-error-summary $(CODE)
	@echo "lint-imports"; $(BIN)/lint-imports --no-logo

format: $(STAMP) ## rewrite the code in the house's format and apply safe fixes
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .

browser: ## install Chromium and Chinese fonts through the system's package manager
	@.ci/browser

postgres: ## install a PostgreSQL server for the tests through the system's package manager
	@.ci/postgres

pictures: $(STAMP) ## take the pictures of the README from a demo that runs for them (needs Chromium)
	@$(BIN)/python -m tests.browser.pictures

diagrams: $(STAMP) ## draw the diagrams and tables of docs/states.md from the laws
	@$(BIN)/python -c 'from pathlib import Path; from states.diagram import redrawn; page = Path("docs/states.md"); \
		page.write_text(redrawn(page.read_text("utf-8")), "utf-8")'

migration: $(STAMP) ## draft the migration to the tables of the models; PURPOSE="what it is for"
	@$(BIN)/python -c 'import sys; from svcqa.migrating import draft; draft(sys.argv[1])' "$(PURPOSE)"

bench: $(STAMP) ## run the short benchmarks on SQLite; ARGS="--database both" for PostgreSQL too
	@$(BIN)/python -m benchmarks $(ARGS)

bench-peers: ## install what the benchmarks compare with, Django and django-fsm-2, into .bench-venv
	@$(PYTHON) -m venv .bench-venv
	@.bench-venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
		"django>=5.2,<7" django-fsm-2 "psycopg[binary]>=3.3"

lock: ## resolve the dependencies anew into the two lock files (needs uv); ARGS="--upgrade-package rich"
	@command -v uv >/dev/null || { echo "uv is needed to lock: pip install uv" >&2; exit 1; }
	uv pip compile -q --python-version 3.11 --python-platform x86_64-manylinux_2_28 --generate-hashes \
		--no-header --no-annotate $(ARGS) pyproject.toml -o requirements.txt
	uv pip compile -q --python-version 3.11 --python-platform x86_64-manylinux_2_28 --generate-hashes \
		--no-header --no-annotate $(ARGS) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt

clean: ## remove the environment and all caches; data in var/ stays
	rm -rf $(VENV) .bench-venv build dist *.egg-info .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
