# From nothing to a running program, or to passed tests: each target makes what it needs.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

.PHONY: run test check audit format docs pictures clean

run: $(VENV)/installed
	@$(BIN)/readouts demo

test: $(VENV)/installed-dev
	$(BIN)/pytest

check: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m supply.dependencies --check
	$(BIN)/python -m supply.audit

format: $(VENV)/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The documentation as a site in build/docs; a warning is an error, and nothing is fetched.
docs: $(VENV)/installed-dev
	$(BIN)/sphinx-build --fail-on-warning --keep-going --quiet -b html docs build/docs
	@echo "build/docs/index.html"

# Whether a hole is known in any pinned version; not to be able to ask is a failure here, in check it is only told.
audit: $(VENV)/installed-dev
	$(BIN)/python -m supply.audit --strict

# Pictures of the screen's main states, from the real app over the bundled readouts.
pictures: $(VENV)/installed-dev
	$(BIN)/readouts index --quiet --index build/pictures-index docs_corpus
	$(BIN)/python -m benchmarks.pictures build/pictures-index build/pictures

# torch comes first and by its exact version: a range would let pip take a build with gigabytes of CUDA.
$(VENV)/torch: constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt torch
	touch $@

$(VENV)/installed: $(VENV)/torch pyproject.toml
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/installed-dev: $(VENV)/torch pyproject.toml
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev,benchmarks]'
	touch $@ $(VENV)/installed

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
