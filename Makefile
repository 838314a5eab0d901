# The bare call lists every target.
.DEFAULT_GOAL := help
.PHONY: help setup setup-test demo demo-verdicts test lint format unit reading prefect postgres browser docs lock samples \
	calibration clean

python := .venv/bin/python

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## Install what is missing to run hedui (.venv/bin/hedui)
	@./setup.sh run

setup-test: ## Install what is missing to run the tests
	@timeout 10m ./setup.sh test

demo: setup ## Install what is missing and do the main job on the sample batches (writes var/demo/)
	@./demo.sh

demo-verdicts: setup ## Fill the committed review.xlsx of the sample batches again, from their truth
	@./demo.sh --verdicts

test: setup-test lint unit reading prefect postgres browser ## Install what is missing and pass every test

lint: ## Style, types, layers
	@$(python) -m ruff check .
	@$(python) -m ruff format --check .
	@$(python) -m mypy
	@.venv/bin/lint-imports --no-cache

format: ## Put the code in order
	@$(python) -m ruff check --fix .
	@$(python) -m ruff format .

# Every part has a budget; a part that takes longer has failed.
unit: ## Tests of everything that needs no engine, server or flow
	@timeout 16m $(python) -m pytest -q -m "not reading and not prefect and not postgres and not browser"

reading: ## Tests with the real reading engines
	@timeout 10m $(python) -m pytest -q -m reading

prefect: ## Tests with real Prefect flows
	@timeout 6m $(python) -m pytest -q -m prefect

postgres: ## Tests with a real PostgreSQL server
	@timeout 6m $(python) -m pytest -q -m postgres

browser: ## Tests with a real Chromium
	@timeout 12m $(python) -m pytest -q -m browser

docs: ## Write the generated pages of docs/ again
	@$(python) -m tests.validators.rule_example_file
	@$(python) -m benchmarks.rules_page

samples: ## Make the committed sample batches again
	@rm -rf sample_inputs/language sample_inputs/degree
	@.venv/bin/hedui samples var/samples-new --n 72 --seed 2024
	@mv var/samples-new/sample-language sample_inputs/language
	@mv var/samples-new/sample-degree sample_inputs/degree
	@rmdir var/samples-new
	@./demo.sh --verdicts

# Labelled folders of its own, or those named: make calibration labelled="DIR DIR" workers=2
workers := 1
papers := 1600
labelled := var/calibration/drawn-$(papers)

calibration: $(labelled) ## Measure the shipped thresholds of confidence again
	@.venv/bin/hedui calibrate $(labelled) --workers $(workers) --name default \
		--out institutions/calibration/default.json

var/calibration/drawn-%:
	@$(python) -m benchmarks.calibration.drawing $@ $*

lock: ## Resolve the whole dependency tree again, with hashes (needs uv)
	@uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
		--no-header --no-annotate pyproject.toml -o requirements.lock
	@uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
		--no-header --no-annotate --extra dev -c requirements.lock pyproject.toml \
		-o requirements-dev.lock

clean: ## Remove what was made (the environment and var/ stay)
	@rm -rf build hedui.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
