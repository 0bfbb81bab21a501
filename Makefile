PYTHON ?= python3
PORT ?= 8000
BIN = .venv/bin
MANAGE = $(BIN)/python manage.py
export PORT

.DEFAULT_GOAL := help
.PHONY: help run test lint bench lock
LOCK = uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header pyproject.toml

help:  ## say what can be made
	@grep -hE '^[a-z]+:.*##' Makefile | sed 's/:.*##/\t/' | expand -t 8

run:  ## start Hearth on http://127.0.0.1:8000 with demo content (PORT=8001 make run for another port)
	@$(PYTHON) scripts/prepare.py
	@$(MANAGE) start_demo

test:  ## check everything: style, types, structure, and all tests on SQLite, PostgreSQL and in Chromium
	@$(PYTHON) scripts/prepare.py --dev
	@$(BIN)/python scripts/gate.py

lint:  ## check style, types and structure only
	@$(PYTHON) scripts/prepare.py --dev
	@$(BIN)/python scripts/gate.py --lint

bench:  ## measure pages and operations against the floor, in one run
	@$(PYTHON) scripts/prepare.py --dev
	@$(BIN)/python -m bench

lock:  ## resolve the packages of pyproject.toml anew (for maintainers; needs uv)
	@$(LOCK) --upgrade -o requirements/base.txt
	@$(LOCK) --upgrade --group dev -o requirements/dev.txt
