# `make` lists the targets. Each is safe to run again.
STACK ?= dev
PYTHON := .venv/bin/python
# Need a machine that does nothing else: they measure, wait for no longer than so long, or run two replicas of two workers.
WATCHED := tests/e2e/test_models.py tests/e2e/test_monitoring.py
# Beside the bootstrap: a browser for the test of the Admin UI, unless that is left out.
BROWSER := $(if $(GATEWAY_SKIP_BROWSER),,--browser)
# Each recipe line is one shell: the environment is loaded where Pulumi runs.
ENVIRONMENT := . ./.envrc
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

.PHONY: help bootstrap browser up preview down test unit e2e hardening load history faults lint format

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "STACK=$(STACK) (dev, staging, prod or baseline) is the stack of up, preview and down"

bootstrap: ## install what this machine lacks; the targets below do it first
	@./bootstrap/run

browser: ## the same, and a browser for the end-to-end tests unless GATEWAY_SKIP_BROWSER is set
	@./bootstrap/run $(BROWSER)

up: bootstrap ## make the stack so: nothing is asked
	@$(ENVIRONMENT) && python -m ops up $(STACK)

preview: bootstrap ## show what `make up` would change
	@$(ENVIRONMENT) && python -m ops preview $(STACK)

down: bootstrap ## remove the stack
	@$(ENVIRONMENT) && python -m ops down $(STACK)

test: unit e2e hardening load history ## run all tests and print the figures they measure, on real containers: 70 minutes

unit: bootstrap ## run the unit tests: seconds, no containers
	@$(ENVIRONMENT) && python -m pytest tests/unit

e2e: browser ## run the end-to-end tests on this machine's Docker engine
	@$(ENVIRONMENT) && python -m pytest -rfEP tests/e2e $(addprefix --ignore=,$(WATCHED))

hardening: bootstrap ## prove each row of the hardening, and the monitoring, on running gateways
	@$(ENVIRONMENT) && python -m pytest -rfEP $(WATCHED)
	@$(ENVIRONMENT) && python -m pytest -rfEP tests/hardening

load: bootstrap ## run the shortest of the changes of `make faults`
	@$(ENVIRONMENT) && python -m pytest -rfEP tests/faults

history: bootstrap ## update a gateway twenty times, kill ten updates, keep its state in Postgres: nothing is lost
	@$(ENVIRONMENT) && python -m pytest -rfEP tests/history

faults: bootstrap ## break a gateway of its own under load and write benchmarks/report/faults.md; 15 minutes
	@$(ENVIRONMENT) && python -m benchmarks faults

lint: bootstrap ## check style and types
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check .
	@$(PYTHON) -m mypy

format: bootstrap ## rewrite the sources in the project's style
	@$(PYTHON) -m ruff check --fix .
	@$(PYTHON) -m ruff format .
