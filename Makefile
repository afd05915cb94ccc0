# make            the environment in .venv, then all figures
# make test       the environment, then all tests
# make lint       formatters, linters and types
# make ci         what .ci/run checks: tests and lint
# make bench      the measured ratios of docs/benchmarks.md
# make report     report.zip: the figures with their captions and provenance
# make gallery    docs/figures and the README's claims anew, from figures/ and results/
# make lock       requirements.lock anew, from pyproject.toml

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

# One thread a job: the jobs are what runs in parallel, and the bits do not depend on the cores.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1
export MKL_NUM_THREADS := 1

# One `make` at a time: whoever holds this lock may break the one that a killed snakemake left behind.
LOCK := $(if $(shell command -v flock),flock .dlnflow.lock)

.PHONY: figures test lint ci bench report gallery lock
.DEFAULT_GOAL := figures

figures: $(READY)
	@$(LOCK) sh -c '$(if $(LOCK),if [ -n "$$(ls .snakemake/locks 2>/dev/null)" ]; then $(BIN)/snakemake --unlock; fi;) \
	exec $(BIN)/snakemake --cores all'

test: $(READY)
	$(BIN)/python -m pytest -n auto --dist loadfile

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/mypy
	$(BIN)/snakemake --lint

ci: test lint

bench: $(READY)
	$(BIN)/python benchmarks/run.py

report: figures
	$(BIN)/snakemake --report report.zip

gallery: figures
	mkdir -p docs/figures
	cp figures/*/*.png docs/figures/
	$(BIN)/python scripts/write_claims.py results/tables/claims.parquet

lock: $(READY)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes \
	--no-header --fork-strategy fewest --upgrade --output-file requirements.lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version.split()[0]; sys.exit(sys.version_info < (3, 11) and f"dlnflow needs Python >= 3.11, found {v}; name another with make PYTHON=...")'
	@echo 'Installing requirements.lock into .venv (about a minute)'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
