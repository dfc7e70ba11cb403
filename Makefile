# Two commands do all: `make run` opens the app, `make test` runs every test. Each installs what it needs into .venv.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: setup run test test-labelstudio test-trainers check bench fix

setup: .venv/development

run: .venv/ready
	$(BIN)/concord serve

test: .venv/development
	$(BIN)/python -m pytest

test-labelstudio: .venv/development .venv-labelstudio/ready
	$(BIN)/python -m pytest tests/labelstudio/round_trip.py

test-trainers: .venv/development .venv-trainers/ready
	$(BIN)/python -m pytest tests/trainers/two_steps.py

check: .venv/development
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/pyright
	$(BIN)/python -m pytest

bench: .venv/development
	$(BIN)/python -m bench

fix: .venv/development
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

# Pinned requirements first, then Concord itself, in place.
.venv/ready: requirements.txt pyproject.toml
	test -d .venv || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	touch $@

.venv/development: .venv/ready requirements-dev.txt
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.txt
	touch $@

# A Label Studio of its own: its requirements are not ours, and large.
.venv-labelstudio/ready: tests/labelstudio/requirements.txt
	test -d .venv-labelstudio || $(PYTHON) -m venv .venv-labelstudio
	.venv-labelstudio/bin/python -m pip install --quiet --requirement $<
	touch $@

# TRL with torch, and LLaMA-Factory without what it would bring.
.venv-trainers/ready: tests/trainers/requirements.txt tests/trainers/requirements-llamafactory.txt
	test -d .venv-trainers || $(PYTHON) -m venv .venv-trainers
	.venv-trainers/bin/python -m pip install --quiet --requirement tests/trainers/requirements.txt
	.venv-trainers/bin/python -m pip install --quiet --no-deps --requirement tests/trainers/requirements-llamafactory.txt
	touch $@
