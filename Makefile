# `make` lists the targets. Each can be run again at any time.
STACK ?= dev
PYTHON := .venv/bin/python
PYTHONS := 3.11 3.12 3.13 3.14
# Each shard has gateways of its own: it runs alone, and in any order with the others.
SHARDS := edge data updates configuration adopt monitoring hardening faults history official
# What runs on images with the vendors' layout.
OFFICIAL := tests/official tests/e2e/smoke $(addprefix tests/hardening/,test_lockdown.py test_health.py test_graceful_shutdown.py)
IMAGE_SET := $(CURDIR)/.cache/official.yaml
# Bootstrap installs a browser too, for the test of the Admin UI.
BROWSER := $(if $(GATEWAY_SKIP_BROWSER),,--browser)
# Each recipe line is one shell: the environment is loaded where Pulumi runs.
ENVIRONMENT := . ./.envrc
PYTEST := python -m pytest -rfE
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

.PHONY: help bootstrap browser up preview down lint lock format test unit unit-all smoke verify faults check-official
.PHONY: $(addprefix verify-,$(SHARDS))

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-21s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "STACK=$(STACK) (dev, staging or prod) is the stack of up, preview and down"

bootstrap: ## install what this machine lacks; other targets do it first
	@./bootstrap/run

browser: ## the same, and a browser for verify-edge unless GATEWAY_SKIP_BROWSER is set
	@./bootstrap/run $(BROWSER)

up: bootstrap ## start or update the stack; asks nothing
	@$(ENVIRONMENT) && python -m ops up $(STACK)

preview: bootstrap ## show what `make up` would change
	@$(ENVIRONMENT) && python -m ops preview $(STACK)

down: bootstrap ## remove the stack and its data
	@$(ENVIRONMENT) && python -m ops down $(STACK)

test: lint unit smoke ## check style, types and units, and try the main functions of a real gateway: 5 minutes
	@echo "Besides: style and types are clean, and every unit test passed."

verify: $(addprefix verify-,$(SHARDS)) ## run all other tests, shard by shard: two hours

lint: bootstrap ## check style, types, scripts, recipes and workflows
	@.ci/lint

unit: bootstrap ## run the unit tests and print their coverage: one minute, no containers, no network
	@$(ENVIRONMENT) && $(PYTEST) -q tests/unit --cov

unit-all: bootstrap ## run the unit tests with every Python from 3.11 to 3.14 that is installed
	@$(ENVIRONMENT) && for version in $(PYTHONS); do \
	  if ! command -v "python$$version" > /dev/null; then echo "Python $$version: not installed"; continue; fi; \
	  environment=.cache/pythons/$$version; \
	  "python$$version" -m venv "$$environment"; \
	  "$$environment/bin/pip" install --quiet --require-hashes -r requirements.txt -r requirements-dev.txt; \
	  echo "Python $$version:"; \
	  "$$environment/bin/python" -m pytest -q -rfE tests/unit; \
	done

smoke: bootstrap ## try the main functions of a real gateway: 3 minutes
	@$(ENVIRONMENT) && $(PYTEST) --proved tests/e2e/smoke

verify-edge: browser ## TLS, limits, streams and the Admin UI at the edge: 4 minutes
verify-data: ## keys, stored models, secrets, backups and outages: 10 minutes
verify-adopt: ## files and data of an existing LiteLLM become a stack: 25 minutes
verify-updates: ## refusals, failed updates, recovery, versions, image locks: 15 minutes
verify-configuration: ## deployments and weights, callbacks, own Python, root path, what LiteLLM rejects: 10 minutes
verify-monitoring: ## metrics, alerts, and the verbs health, models, load and doctor: 10 minutes
verify-hardening: ## every row of docs/hardening.md: 12 minutes
verify-faults: ## no request is lost under load: 7 minutes
verify-history: ## twenty updates, ten killed ones, the state in Postgres, the runbook: 35 minutes

verify-official: bootstrap ## the gateway on images with the vendors' layout, under a language host like Pulumi's
	@$(ENVIRONMENT) && python -m tests.official.build $(IMAGE_SET) && \
	  PATH="$(CURDIR)/tests/official/language_host:$$PATH" GATEWAY_TEST_IMAGES=$(IMAGE_SET) $(PYTEST) --proved $(OFFICIAL)

$(addprefix verify-,$(filter-out official,$(SHARDS))): verify-%: bootstrap
	@$(ENVIRONMENT) && $(PYTEST) --proved $(wildcard tests/e2e/$* tests/$*)

check-official: bootstrap ## try the vendors' own images where their registries answer, and write a report: 10 minutes
	@$(ENVIRONMENT) && python -m tools.check_official $(CURDIR)/.cache/official-report.md

faults: bootstrap ## measure faults and updates under load and write benchmarks/report/faults.md: 15 minutes
	@$(ENVIRONMENT) && python -m benchmarks faults

lock: bootstrap ## write the locked requirements anew: `.ci/lock --upgrade` raises versions
	@.ci/lock

format: bootstrap ## rewrite the sources in the project's style
	@$(PYTHON) -m ruff check --fix .
	@$(PYTHON) -m ruff format .
