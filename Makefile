# `make help` lists the targets. Python 3.11 to 3.13 and make are all that has to be there.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
NB ?=
PROFILE ?= cpu
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help install book test serve figures check results train mutants kills benchmark clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/  \1\t\2/' | expand -t 14

# Installed once, and again only when what is asked for has changed.
$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
	  { echo "Python 3.11, 3.12 or 3.13 is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1). Try make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[book,imagenet,test]'
	@touch $@

install: $(VENV)/.installed ## virtual environment with all that is needed, in .venv

book: install ## run all notebooks (PROFILE=cpu) and build the book from them, in _build
	$(BIN)/python tools/build_book.py --run --profile $(PROFILE)

serve: install ## build the book from the committed notebooks and show it at http://localhost:8000
	$(BIN)/python tools/build_book.py
	cd _build/html && $(abspath $(BIN))/python -m http.server 8000 --bind 127.0.0.1

figures: install ## update the committed notebooks (one of them with NB=08), README, claims page and cards
	$(BIN)/python tools/regenerate.py $(NB) --profile cpu
	$(BIN)/python tools/readme.py
	$(BIN)/python tools/claims.py
	$(BIN)/python tools/cards.py

check: install ## which committed notebooks are stale, and why
	$(BIN)/python tools/regenerate.py --check

results: install ## bulk runs (hours, resumable) into data/results
	$(BIN)/python tools/bulk.py
	$(BIN)/python tools/manifest.py

mutants: install ## do the tests of samplers, priors and denoisers notice a wrong one? (minutes)
	$(BIN)/python tools/mutants.py

kills: install ## does a training killed at 20 random moments end as if it had not been? (minutes)
	$(BIN)/python tools/kills.py

benchmark: install ## speed as ratios, into benchmarks/ (five minutes on an idle machine)
	$(BIN)/python tools/benchmark.py

train: install ## all networks again (hours, resumable) into runs/; NET=generator for one
	for net in $(or $(NET),encoder selector evaluator generator denoiser); do \
	  $(BIN)/python -m ppgn_lib.training $$net --out runs $$([ $$net = generator ] && [ -f runs/encoder.safetensors ] && echo --encoder runs/encoder.safetensors) || exit 1; done

test: install ## everything that CI does: lint, types, tests, nbval, strict book build
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests
	PPGN_PROFILE=ci $(BIN)/python -m pytest --nbval-lax --nbval-cell-timeout 300 notebooks
	$(BIN)/python tools/build_book.py

clean: ## remove what was built, not the virtual environment
	rm -rf _build .pytest_cache .mypy_cache .ruff_cache
