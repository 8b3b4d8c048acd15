.DEFAULT_GOAL := help
PY ?= python3
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE ?= 1

.PHONY: help run digits test check bench sheet messages lock browser clean

help: ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: .venv/.run ## serve the demo office on http://localhost:8000 and print what to try
	@$(BIN)/portal demo

digits: .venv/.run ## print the demo ombuds' six digits
	@$(BIN)/portal demo --digits

# Kept from one run to the next: each of the processes would translate all tests anew.
test: export PYTHONDONTWRITEBYTECODE :=
test: .venv/.dev browser ## run every test
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

check: .venv/.dev ## lint, format, types, layers, templates, translations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --profile=jinja --lint portal/templates
	$(BIN)/python -m tools.translating check
	$(BIN)/python -m pytest tests/pages/test_missing_strings.py tests/pages/test_catalogues.py

bench: .venv/.dev ## measure the budgets, as ratios in one run; ARGS="--only timing" for one of them
	$(BIN)/python -m tools.bench $(ARGS)

sheet: .venv/.dev browser ## photograph every page on one sheet, docs/pictures/contact-sheet.jpg
	$(BIN)/python -m tools.sheet

messages: .venv/.run ## collect the visible words for translators; ADD="cy" begins a language
	$(BIN)/pybabel -q extract -F portal/locale/babel.cfg -k _l --omit-header --add-location=file --sort-by-file -w 120 -o portal/locale/messages.pot portal
	$(BIN)/python -m tools.translating $(ADD)

lock: ## compile the hash-locked requirements (needs uv)
	uv pip compile -q --generate-hashes --no-emit-index-url --universal --python-version 3.11 --no-header --no-annotate -o requirements.txt pyproject.toml
	uv pip compile -q --generate-hashes --no-emit-index-url --universal --python-version 3.11 --no-header --no-annotate --extra dev -o requirements-dev.txt pyproject.toml

browser: ## find Chromium for the browser tests, or install it when root
	@sh tools/find_browser.sh

clean: ## remove the environment and caches, never an instance
	find portal tests tools -name __pycache__ -prune -exec rm -rf {} +
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/.pip:
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "The portal needs Python 3.11 or newer; name one with PY=python3.12")'
	$(PY) -m venv .venv && touch $@

.venv/.run: requirements.txt pyproject.toml | .venv/.pip
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.run
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
