# make            the environment in .venv, then all figures
# make test       the environment, then all tests
# make test-faults   kills, full disks and damaged files at random, and what heals them (FAULTS=5: five of them)
# make test-cluster        the workflow on a real Slurm, started here, and what goes wrong there
# make test-cluster-short  the first of the two
# make lint       formatters, linters and types
# make ci         what must hold of every commit: tests, the short parts of the two above, lint
# make plan       jobs, cells, core hours and bytes of a run before it starts (CONFIG=workflow/presets/full.yaml: of a preset)
# make costs      what the plan and the progress of a run rest on, measured anew
# make bench      the measured ratios of docs/benchmarks.md
# make report     report.html: figures with captions, tables, pages to explore and provenance, in one file, offline
# make screenshots    docs/screenshots anew, from report.html in Debian's Chromium
# make gallery    docs/figures and the README's claims anew, from figures/ and results/
# make lock       requirements.lock anew, from pyproject.toml

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

# One thread a job: the jobs are what runs in parallel, and the bits do not depend on the cores.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1
export MKL_NUM_THREADS := 1

# One `make` at a time: whoever holds this lock may break the one that a killed snakemake left behind, unless a snakemake
# that was started without `make` is at work here.
LOCK := $(if $(shell command -v flock),flock .dlnflow.lock)
ALIVE := for p in /proc/[0-9]*; do [ "$$(readlink $$p/cwd)" = "$$(pwd -P)" ] && sed -zn 2p $$p/cmdline; done 2>/dev/null | \
tr "\0" "\n" | grep -q "/snakemake$$"

.PHONY: figures test test-cluster test-cluster-short test-faults lint ci plan costs bench report screenshots gallery lock
.DEFAULT_GOAL := figures

define run
@$(LOCK) sh -c '$(if $(LOCK),if [ -n "$$(ls .snakemake/locks 2>/dev/null)" ] && ! { $(ALIVE); }; then $(BIN)/snakemake --unlock; fi;) \
exec $(BIN)/snakemake --logger dlnflow --cores all $(1)'
endef

figures: $(READY)
	$(call run)

test: $(READY)
	$(BIN)/python -m pytest -n auto --dist loadfile

test-cluster test-cluster-short: $(READY)
	PATH="$$PATH:/usr/sbin" tests/system_packages.sh slurmctld=slurm-wlm munged=munge
	$(BIN)/python -m pytest -x tests/cluster/check_cluster.py $(if $(filter test-cluster,$@),tests/cluster/check_cluster_faults.py)

FAULTS ?= 100

test-faults: $(READY)
	$(BIN)/python tests/faults/campaign.py --faults $(FAULTS)

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/mypy
	$(BIN)/snakemake --lint

ci:
	.ci/run

bench: $(READY)
	$(BIN)/python benchmarks/run.py

report: $(READY)
	$(call run,report_pages)
	$(BIN)/snakemake --report report.html report_pages

screenshots: report
	tests/system_packages.sh chromium=chromium chromedriver=chromium-driver
	$(BIN)/python tests/take_screenshots.py report.html docs/screenshots

# A preset is planned for the folder out/<its name>, with what is there.
CONFIG ?= config.yaml
PRESET := $(if $(filter-out config.yaml,$(CONFIG)),$(basename $(notdir $(CONFIG))))

plan: $(READY)
	@$(BIN)/python scripts/plan_run.py $(if $(PRESET),--configfile $(CONFIG) --replace-workflow-config --directory out/$(PRESET))

costs: figures
	$(call run,--configfile workflow/presets/sizes.yaml --replace-workflow-config --directory out/sizes)
	$(BIN)/python scripts/fit_costs.py .=config.yaml out/sizes=workflow/presets/sizes.yaml

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
