# `make help` lists the targets. Python 3.11 to 3.13 and make are all that has to be there.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
NB ?=
PROFILE ?= cpu
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help install book test serve figures address check results train mutants kills benchmark pages measure colab links pdf clean

# Threads that wait sleep instead of turning: hardly slower alone, and half the time beside a busy process.
export OMP_WAIT_POLICY := PASSIVE
# glibc: large tensors take memory that is kept, and not new from the system each time. A fifth faster.
export MALLOC_MMAP_THRESHOLD_ := 1073741824
export MALLOC_TRIM_THRESHOLD_ := 4294967296

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/  \1\t\2/' | expand -t 14

# Installed once, and again only when what is asked for has changed; what only tests need when they are run.
$(VENV)/.book: pyproject.toml constraints.txt
	@$(PYTHON) tools/install.py $(VENV) book,imagenet
	@touch $@

$(VENV)/.test: $(VENV)/.book
	@$(PYTHON) tools/install.py $(VENV) book,imagenet,test
	@touch $@

install: $(VENV)/.book ## virtual environment with all that the book needs, in .venv

book: $(VENV)/.book ## run all notebooks (PROFILE=cpu) and build the book from them, in _build
	$(BIN)/python tools/book/build_book.py --run --profile $(PROFILE)

serve: $(VENV)/.book ## build the book from the committed notebooks and show it at http://localhost:8000
	$(BIN)/python tools/book/build_book.py
	cd _build/html && $(abspath $(BIN))/python -m http.server 8000 --bind 127.0.0.1

figures: address ## update the committed notebooks (one of them with NB=08), README, claims page, cards and small pictures
	$(BIN)/python tools/book/regenerate.py $(NB) --profile cpu
	$(BIN)/python tools/book/readme.py
	$(BIN)/python tools/book/claims.py
	$(BIN)/python tools/book/cards.py
	$(BIN)/python tools/book/pictures.py

address: $(VENV)/.book ## write the project's address, Source in pyproject.toml, wherever it stands
	$(BIN)/python tools/book/address.py

check: $(VENV)/.book ## which committed notebooks are stale, and why
	$(BIN)/python tools/book/regenerate.py --check

results: $(VENV)/.book ## bulk runs (hours, resumable) into data/results
	$(BIN)/python tools/runs/bulk.py
	$(BIN)/python tools/runs/alternatives.py
	$(BIN)/python tools/runs/side_by_side.py
	$(BIN)/python tools/runs/pixel_chains.py
	$(BIN)/python tools/runs/joint_chains.py
	$(BIN)/python tools/runs/mixing.py
	$(BIN)/python tools/runs/step_sizes.py
	$(BIN)/python tools/runs/hand_priors.py
	$(BIN)/python tools/runs/ablation.py
	$(BIN)/python tools/runs/other_codes.py
	$(BIN)/python tools/runs/retrained.py
	$(BIN)/python tools/runs/neurons.py
	$(BIN)/python tools/runs/fills.py
	$(BIN)/python tools/runs/restored.py
	$(BIN)/python tools/runs/foreign.py
	$(BIN)/python tools/runs/several.py
	$(BIN)/python tools/runs/unseen.py
	$(BIN)/python tools/runs/captions.py
	$(BIN)/python tools/runs/arithmetic.py
	$(BIN)/python tools/runs/memory.py
	$(BIN)/python tools/runs/noise_place.py
	$(BIN)/python tools/runs/more_chains.py
	$(BIN)/python tools/runs/taught.py
	$(BIN)/python tools/runs/sounds.py
	$(BIN)/python tools/runs/judgements.py
	$(BIN)/python tools/runs/acgan_nets.py
	$(BIN)/python tools/runs/acgan_table.py
	$(BIN)/python tools/runs/acgan_judges.py
	$(BIN)/python tools/runs/acgan_numbers.py
	$(BIN)/python tools/runs/manifest.py

train: $(VENV)/.book ## all networks again (hours, resumable) into runs/; NET=generator for one
	for net in $(or $(NET),$$($(BIN)/python -m ppgn_lib.training --list)); do \
	  $(BIN)/python -m ppgn_lib.training $$net --out runs --trained-in runs || exit 1; done

mutants: $(VENV)/.test ## do the tests of samplers, priors and denoisers notice a wrong one? (minutes)
	$(BIN)/python tools/checks/mutants.py

kills: $(VENV)/.book ## does a training killed at 20 random moments end as if it had not been? (minutes)
	$(BIN)/python tools/checks/kills.py

benchmark: $(VENV)/.test ## speed as ratios, into benchmarks/ (five minutes on an idle machine)
	$(BIN)/python tools/runs/benchmark.py

test: $(VENV)/.test ## everything that CI does: lint, types, tests, nbval, strict book build, links, some pages in a browser
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --dist worksteal tests
	PPGN_PROFILE=ci OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile --nbval-lax --nbval-cell-timeout 300 notebooks
	$(BIN)/python tools/book/build_book.py
	$(BIN)/python tools/checks/links.py
	$(BIN)/python tools/checks/pages.py book/intro.html book/live.html book/in_its_time.html 404.html

pages: $(VENV)/.test ## every page of the built book in a browser: accessible, narrow, no other host (seven minutes)
	$(BIN)/python tools/checks/pages.py

measure: $(VENV)/.test ## the live sampler's speed, error and memory, and all pages, into book/results.json (on an idle machine)
	$(BIN)/python tools/checks/browser_numbers.py

colab: $(VENV)/.book ## does a chapter (NB=08) run where there is what Colab has and nothing of the book? (minutes, needs the net)
	$(BIN)/python tools/checks/colab.py $(or $(NB),08) --profile $(PROFILE)

links: $(VENV)/.book ## do all links of the built book lead somewhere? (ASK=1: those to other hosts too, needs the net)
	$(BIN)/python tools/checks/links.py $(if $(ASK),--ask,--list)

pdf: $(VENV)/.test ## the built book as one PDF, _build/book.pdf, printed by Chromium
	$(BIN)/python tools/checks/pdf.py

clean: ## remove what was built, not the virtual environment
	rm -rf _build .pytest_cache .mypy_cache .ruff_cache
