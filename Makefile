# Everything a fresh machine needs is set up by the first target that needs it. Python 3.11 or newer and make suffice.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
# Set PYTHON to choose another interpreter: make PYTHON=/opt/python3.12/bin/python3 run
ifndef PYTHON
PYTHON := $(shell for name in python3.13 python3.12 python3.11 python3 python; do \
	command -v $$name >/dev/null 2>&1 && $$name -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' \
	>/dev/null 2>&1 && echo $$name && break; done)
endif
ARGS ?=
# What the console is built of. The build hook of the package (hatch_build.py) builds it with what it brings along.
CONSOLE := hatch_build.py $(shell find console -type f ! -path '*/node_modules/*' ! -path '*/dist/*' ! -name '*.d.ts' 2>/dev/null)

.PHONY: help run setup test test-long lint format bench bench-peers lock clean

help:
	@echo "make run          start Farebox with a demo account and print a call that works (ARGS='--port 8000')"
	@echo "make setup        make .venv with everything for development"
	@echo "make test         all tests          make test-long    the long form of the fault tests"
	@echo "make lint         ruff, mypy, import-linter, tsc, eslint make format  let ruff rewrite"
	@echo "make bench        the benchmarks     make bench-peers  install the peers they compare with"
	@echo "make lock         write requirements/*.txt anew from pyproject.toml"

run: $(VENV)/.runtime
	$(BIN)/farebox serve $(ARGS)

setup: $(VENV)/.dev

# Files are spread over the processors as they come, the long ones of tests/e2e first; ARGS="-n 0" runs them in turn.
test: $(VENV)/.dev
	$(BIN)/python -m pytest -m "not long" -n logical --maxprocesses 8 --dist loadfile --no-loadscope-reorder $(ARGS)

test-long: $(VENV)/.dev
	$(BIN)/python -m pytest --timeout 7200 -m long $(ARGS)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.support.console_types
	$(BIN)/python -m tests.support.console types lint

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev
	$(BIN)/python -m bench $(ARGS)

bench-peers: $(VENV)/.dev
	$(BIN)/python -m bench.peers $(ARGS)

# The --universal lock holds for every platform and Python that we support; hashes pin every file.
lock: $(VENV)/.uv
	$(VENV)/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header pyproject.toml --group build -o requirements/runtime.txt
	$(VENV)/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header pyproject.toml --group build --group dev -o requirements/dev.txt

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis tests/node/node_modules console/node_modules console/src/api/schema.d.ts \
		src/farebox/control/console_files

# The stamps say what is installed; they are older than the requirements when these have changed. The requirements of
# development contain those of running, so that the second stamp is also good for the first.

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml $(CONSOLE)
	$(call venv)
	$(call install,requirements/runtime.txt)
	@touch $@

$(VENV)/.dev: requirements/dev.txt requirements/runtime.txt pyproject.toml $(CONSOLE)
	$(call venv)
	$(call install,requirements/dev.txt)
	@touch $@ $(VENV)/.runtime

# Apart from .venv: the lock must not depend on what is installed for development.
$(VENV)/.uv: pyproject.toml
	$(call venv)
	"$(PYTHON)" -m venv $(VENV)/uv
	$(VENV)/uv/bin/python -m pip install --quiet --disable-pip-version-check uv
	@touch $@

define venv
	@test -n "$(PYTHON)" || { echo "Farebox needs Python 3.11 or newer with venv: install it (on Debian and Ubuntu: \
	apt install python3 python3-venv), or name one with make PYTHON=..." >&2; exit 1; }
	@test -x $(BIN)/pip || "$(PYTHON)" -m venv $(VENV)
endef

define install
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
endef
