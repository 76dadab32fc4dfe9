# Everything a machine with Python 3.11 or later (with venv), git and make needs:
#   make quickstart   the environment, a Terraform if none is there, and a working stack
#   make test         everything that must pass
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
COMPILE := UV_CUSTOM_COMPILE_COMMAND="make locks" $(BIN)/uv pip compile --universal --python-version 3.11 \
	--generate-hashes --no-annotate --no-emit-index-url --no-emit-find-links --quiet
# A cluster with simulated nodes, one with real ones and this machine's services wait more than they work.
JOBS ?= 3
comma := ,
LOCKS := installer/mlops_install/environment/locks
LOCK_TOOL = $(subst $(BIN),$(CURDIR)/$(BIN),$(COMPILE)) --constraints common.in --override overrides.in
TOOLS := $(basename $(notdir $(wildcard $(LOCKS)/*.in)))

.PHONY: quickstart environment check test test-fast screens locks format image wheel clean
.DEFAULT_GOAL := help

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | column -t -s '|'

quickstart: $(VENV)/.installed ## Install the laptop preset on this machine
	$(BIN)/mlops-install quick laptop --yes

environment: $(VENV)/.developed ## Make the development environment in .venv/

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is $$($(PYTHON) -V): \
	Python 3.11 or later is needed. Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 3; }
	@$(PYTHON) -m venv $(VENV)

# The embedded Terraform (some 65 MB) is fetched only where none is on PATH.
$(VENV)/.installed: pyproject.toml requirements/app.txt requirements/terraform.txt requirements/build.txt | $(VENV)/bin/python
	@echo "Setting up $(VENV) …"
	@if command -v terraform >/dev/null || command -v tofu >/dev/null; then lock=app; else lock=terraform; fi; \
		$(PIP) install --require-hashes -r requirements/$$lock.txt
	@$(PIP) install --require-hashes -r requirements/build.txt
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.developed: pyproject.toml requirements/dev.txt | $(VENV)/bin/python
	@echo "Setting up $(VENV) for development …"
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@ $(VENV)/.installed

check: $(VENV)/.developed ## Format, lint, types and import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check ## Everything that must pass
	$(BIN)/pytest -n $(JOBS)

test-fast: check ## All but what installs tools
	$(BIN)/pytest -n $(JOBS) --ignore tests/local

format: $(VENV)/.developed ## Rewrite the code in the project's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

screens: $(VENV)/.developed ## Take the README's pictures from the running program
	$(BIN)/python docs/take_screens.py

locks: $(VENV)/.developed ## Make all hashed locks again, keeping what still fits
	$(COMPILE) pyproject.toml -o requirements/app.txt
	$(COMPILE) pyproject.toml --extra terraform -o requirements/terraform.txt
	$(COMPILE) requirements/build.in -o requirements/build.txt
	$(COMPILE) pyproject.toml --extra terraform --group dev -o requirements/dev.txt
	sed -n '/^uv==/,/[^\\]$$/p' requirements/app.txt > terraform/modules/environment/uv.txt
	cd $(LOCKS) && for tool in $(filter-out common overrides serving,$(TOOLS)); do \
		$(LOCK_TOOL) $$tool.in -o $$tool.txt || exit 1; done
	cd $(LOCKS) && differs=$$(sed -nE 's/^([a-z0-9-]+) .*/\1/p' serving-differs.txt | paste -sd '|') && \
		grep -E '^[a-z0-9]' environment.txt | sed 's/ *\\$$//' | grep -vE "^($$differs)==" > serving-constraints.tmp && \
		$(LOCK_TOOL) --constraints serving-constraints.tmp serving.in -o serving.txt; \
		status=$$?; rm -f serving-constraints.tmp; exit $$status

# The environment and the serving environment as images (images/environment/README.md), by what is there.
IMAGE ?= mlops-install
IMAGE_VERSION ?= $(shell sed -nE 's/^__version__ = "(.*)"/\1/p' installer/mlops_install/__init__.py)
INDEX ?= https://pypi.org/simple
# A client without its daemon builds nothing.
BUILDER ?= $(shell for tool in docker podman buildah; do $$tool info >/dev/null 2>&1 && echo $$tool && break; done)
image: ## Build the images of the environments (PACKAGES="polars": with more packages)
	@test -n "$(BUILDER)" || { echo "An image needs docker, podman or buildah; none is there."; exit 3; }
	for target in environment serving; do \
		$(BUILDER) build --file images/environment/Dockerfile --target $$target --tag $(IMAGE)/$$target:$(IMAGE_VERSION) \
			--build-arg INDEX="$(INDEX)" --build-arg PACKAGES="$(PACKAGES)" \
			$(if $(INDEX_LOGIN),--secret id=index$(comma)src=$(INDEX_LOGIN)) $(BUILD_ARGS) . || exit 1; done

wheel: $(VENV)/.developed ## Build the wheel into dist/
	$(PIP) wheel --no-build-isolation --no-deps --wheel-dir dist .

clean: ## Remove what can be made again
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
