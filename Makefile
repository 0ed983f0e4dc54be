# `make` lists the targets. Each can be run again at any time.
STACK ?= dev
PYTHON := .venv/bin/python
PYTHONS := 3.11 3.12 3.13 3.14
# Each shard has gateways of its own: it runs alone, and in any order with the others.
SHARDS := edge clients acme data databases identity updates recovery configuration adopt monitoring hosts prune hardening faults history kubernetes official
# What runs on images with the vendors' layout.
OFFICIAL := tests/official tests/e2e/smoke tests/history/test_first_up.py \
  $(addprefix tests/hardening/,test_lockdown.py test_health.py test_graceful_shutdown.py)
IMAGE_SET := $(CURDIR)/.cache/official.yaml
# Bootstrap installs a browser too, for the test of the Admin UI.
BROWSER := $(if $(GATEWAY_SKIP_BROWSER),,--browser)
# Each recipe line is one shell: the environment is loaded where Pulumi runs.
ENVIRONMENT := . ./.envrc
PYTEST := python -m pytest -rfE
# As many processes as there are processors; one that is done takes tests from the others.
PARALLEL := -n auto --dist=worksteal
# The unit tests make some hundred random edits of configurations, `make verify-configuration` 2,000.
EDITS := tests/unit/components/stack/test_fuzz.py tests/unit/ops/adopt/test_random_edits.py
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

.PHONY: help bootstrap browser test-cluster up preview down lint lock format test unit unit-all smoke verify faults admission bench bench-quick profile sizing check-official
.PHONY: verify-kubernetes-updates $(addprefix verify-,$(SHARDS))

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-25s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "STACK=$(STACK) (NAME of a stacks/Pulumi.NAME.yaml) is the stack of up, preview and down"

bootstrap: ## install what this machine lacks; other targets do it first
	@./bootstrap/run

browser: ## the same, and a browser for verify-edge unless GATEWAY_SKIP_BROWSER is set
	@./bootstrap/run $(BROWSER)

test-cluster: ## the same, and what verify-kubernetes needs: root, and half an hour of processor time the first time
	@./bootstrap/run --kubernetes --test-cluster

up: bootstrap ## start or update the stack; asks nothing
	@$(ENVIRONMENT) && python -m ops up $(STACK)

preview: bootstrap ## show what `make up` would change
	@$(ENVIRONMENT) && python -m ops preview $(STACK)

down: bootstrap ## remove the stack and its data
	@$(ENVIRONMENT) && python -m ops down $(STACK)

test: lint unit smoke ## check style, types and units, and try the main functions of a real gateway: 5 minutes
	@echo "Besides: style and types are clean, and every unit test passed."

verify: $(addprefix verify-,$(SHARDS)) ## run all other tests, shard by shard: more than six hours

lint: bootstrap ## check style, types, scripts, recipes and workflows
	@.ci/lint

unit: bootstrap ## run the unit tests and print their coverage: one minute, no containers, no network
	@$(ENVIRONMENT) && $(PYTEST) -q $(PARALLEL) tests/unit --cov

unit-all: bootstrap ## run the unit tests with every Python from 3.11 to 3.14 that is installed
	@$(ENVIRONMENT) && for version in $(PYTHONS); do \
	  if ! command -v "python$$version" > /dev/null; then echo "Python $$version: not installed"; continue; fi; \
	  environment=.cache/pythons/$$version; \
	  "python$$version" -m venv "$$environment"; \
	  "$$environment/bin/pip" install --quiet --require-hashes -r requirements.txt -r requirements-dev.txt -r requirements-kubernetes.txt; \
	  echo "Python $$version:"; \
	  "$$environment/bin/python" -m pytest -q -rfE $(PARALLEL) tests/unit; \
	done

smoke: bootstrap ## try the main functions of a real gateway: 3 minutes
	@$(ENVIRONMENT) && $(PYTEST) --proved tests/e2e/smoke

verify-edge: browser ## TLS, limits, streams and the Admin UI at the edge: 4 minutes
verify-clients: ## every real client, slow streams, large bodies, fair shares, own proxies: 9 minutes
verify-acme: ## certificates by ACME: issued, renewed under load, kept, the server away: 8 minutes
verify-data: ## keys, stored models, secrets, backups and outages: 10 minutes
verify-databases: ## a Postgres, a PgBouncer and a Redis that somebody else runs: 10 minutes
verify-identity: ## two states of one name, a state that is cut off, a state that is lost: 10 minutes
verify-adopt: ## files and data of an existing LiteLLM become a stack: 25 minutes
verify-updates: ## refusals, previews, plans, versions and rollback, image locks: 20 minutes
verify-recovery: ## updates that fail or are killed, changes made by hand: 25 minutes
verify-configuration: ## deployments and weights, callbacks, own Python, root path, what LiteLLM rejects: 14 minutes
verify-monitoring: ## metrics, alerts, and the verbs health, models, load and doctor: 10 minutes
verify-hosts: ## a user without root, another engine, a wiped checkout of a runner: 8 minutes
verify-prune: ## `docker system prune` between ten updates, on an engine of its own; needs root: 10 minutes
verify-hardening: ## every row of docs/hardening.md: 14 minutes
verify-faults: ## no request is lost under load, and what one costs: 10 minutes
verify-history: ## twenty updates, ten killed ones, ten killed first ones, the state in Postgres, the runbook: 55 minutes
verify-kubernetes: test-cluster ## a stack on a cluster of three nodes: updates, autoscaling, a lost node, repair, a move; needs root: 100 minutes

verify-kubernetes-updates: test-cluster ## of the same, changes under load and secrets alone; needs root; half of the time for programs that are not built yet: 30 minutes
	@$(ENVIRONMENT) && $(PYTEST) --proved tests/kubernetes/stack/test_stack.py \
	  tests/kubernetes/updates/test_updates.py::test_change_under_load_loses_no_request

verify-official: bootstrap ## the gateway on images with the vendors' layout, under a language host like Pulumi's: 35 minutes
	@$(ENVIRONMENT) && python -m tests.official.build $(IMAGE_SET) && \
	  PATH="$(CURDIR)/tests/official/language_host:$$PATH" GATEWAY_TEST_IMAGES=$(IMAGE_SET) $(PYTEST) --proved $(OFFICIAL)

$(addprefix verify-,$(filter-out official,$(SHARDS))): verify-%: bootstrap
	@$(ENVIRONMENT) && $(PYTEST) --proved $(wildcard tests/e2e/$* tests/$*) $(if $(filter configuration,$*),$(EDITS))

verify-configuration: export GATEWAY_FUZZ_EDITS := 2000

check-official: bootstrap ## try the vendors' own images where their registries answer, and write a report: 10 minutes
	@$(ENVIRONMENT) && python -m tools.check_official $(CURDIR)/.cache/official-report.md

faults: bootstrap ## measure faults and updates under load and write benchmarks/report/faults.md: 18 minutes
	@$(ENVIRONMENT) && python -m benchmarks faults

admission: bootstrap ## measure many streams, a model that hangs and large bodies, and write benchmarks/report/admission.md: 13 minutes (QUICK=1: 4)
	@$(ENVIRONMENT) && python -m benchmarks admission $(if $(QUICK),--quick)

bench: bootstrap ## compare with baseline, Compose and plain LiteLLM: hours (QUICK=1: 10 minutes; ONLY=name: one scenario)
	@$(ENVIRONMENT) && python -m benchmarks bench $(if $(QUICK),--quick) $(addprefix --only ,$(ONLY))

bench-quick: QUICK := 1
bench-quick: bench ## the same for its correctness, a round of most scenarios: 10 minutes

profile: bootstrap ## sample where LiteLLM's processor time goes, of a request and of a chunk; needs root: 7 minutes (QUICK=1: 3)
	@$(ENVIRONMENT) && python -m benchmarks profile $(if $(QUICK),--quick)

sizing: bootstrap ## measure what a request, a chunk and a connection cost, for docs/sizing.md: 8 minutes (QUICK=1: 2)
	@$(ENVIRONMENT) && python -m benchmarks sizing $(if $(QUICK),--quick)

lock: bootstrap ## write the locked requirements anew: `.ci/lock --upgrade` raises versions
	@.ci/lock

format: bootstrap ## rewrite the sources in the project's style
	@$(PYTHON) -m ruff check --fix .
	@$(PYTHON) -m ruff format .
