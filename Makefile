# All set-up and all checks. `make run` and `make test` need Python 3.11 or later and make, and a
# network the first time.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed

.PHONY: run test coverage format check types unit schema bench fuzz-engines clean

run: $(INSTALLED)  ## compare the two Pekanbaru halls
	$(BIN)/mppsim compare scenarios/pekanbaru/base.yaml scenarios/pekanbaru/south-wing.yaml --out out/pekanbaru

test: check types unit  ## format check, lint, layers, types, tests

check: $(INSTALLED)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: $(INSTALLED)
	$(BIN)/mypy

unit: $(INSTALLED)
	$(BIN)/pytest -n auto --maxschedchunk 1

format: $(INSTALLED)  ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

schema: $(INSTALLED)  ## write the JSON Schema that editors use
	$(BIN)/mppsim schema > scenarios/schema.json

$(INSTALLED): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@

fuzz-engines: $(INSTALLED)  ## compare both engines on a million visitors of random days
	PYTHONPATH=tests $(BIN)/python -m support.fuzz_engines 1000000

coverage: $(INSTALLED)  ## how often intervals hold the exact value, over 1,000 studies
	PYTHONPATH=tests $(BIN)/python -m support.coverage 1000

bench: $(INSTALLED)  ## compare speed with other simulators; writes benchmarks/results.md
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	$(BIN)/python -m benchmarks.run $(BENCH)

clean:
	rm -rf $(VENV) out build dist
