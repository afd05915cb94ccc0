# make            the environment in .venv, then all figures
# make test       the environment, then all tests
# make reproduce  all figures, then whether tables, figures and verdicts are those of docs/reference.json, bit for bit
# make report     report.html: figures with captions, tables, pages to explore and provenance, in one file, offline
# make plan       jobs, cells, core hours and bytes of a run before it starts
#                 With CONFIG=mine.yaml each of these but `test` is of that config and works in out/mine.
#                 DLNFLOW_KERNELS=native in the environment: with the processor's own kernels (docs/design.md).
# make test-faults   kills, full disks and damaged files at random, and what heals them (FAULTS=5: five of them)
# make test-cluster        the workflow on a real Slurm, started here, and what goes wrong there
# make test-cluster-short  the first of the two
# make test-emulated       a few jobs of the workflow under an emulated processor: the same bits
# make lint       formatters, linters and types
# make ci         what must hold of every commit: tests, the short parts of those above, lint
# make costs      what the plan and the progress of a run rest on, measured anew
# make bench      the measured ratios of docs/benchmarks.md
# make screenshots    docs/screenshots anew, from report.html in Debian's Chromium
# make gallery    docs/figures, the README's claims and docs/reference.json anew, from figures/ and results/
# make stale      which entries of docs/reference.json the code would not make any more
# make lock       requirements.lock anew, from pyproject.toml

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

# One thread a job: the jobs are what runs in parallel, and the bits do not depend on the cores.
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1
export MKL_NUM_THREADS := 1

CONFIG ?= config.yaml
NAME := $(if $(filter-out config.yaml,$(CONFIG)),$(basename $(notdir $(CONFIG))))
OPTIONS := $(if $(NAME),--configfile $(CONFIG) --replace-workflow-config --directory out/$(NAME))
HERE := $(if $(NAME),out/$(NAME)/)
REFERENCE := docs/reference$(if $(NAME),-$(NAME)).json
RUN := @$(BIN)/python scripts/run_workflow.py

.PHONY: figures test reproduce report plan test-faults test-cluster test-cluster-short test-emulated lint ci costs bench \
screenshots gallery stale lock
.DEFAULT_GOAL := figures

figures: $(READY)
	$(RUN) $(OPTIONS)

reproduce: $(READY)
	@test -f $(REFERENCE) || { echo '$(REFERENCE) is not there: make gallery with the same CONFIG writes it' >&2; exit 1; }
	$(RUN) $(OPTIONS)
	@$(BIN)/python scripts/reference.py check $(REFERENCE) $(OPTIONS)

report: $(READY)
	$(RUN) $(OPTIONS) report_pages
	@$(BIN)/python -m snakemake $(OPTIONS) --report report.html report_pages
	@echo 'The report is $(HERE)report.html'

plan: $(READY)
	@$(BIN)/python scripts/plan_run.py $(OPTIONS)

test: $(READY)
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

test-cluster test-cluster-short: $(READY)
	PATH="$$PATH:/usr/sbin" tests/system_packages.sh slurmctld=slurm-wlm munged=munge
	$(BIN)/python -m pytest -x tests/cluster/check_cluster.py $(if $(filter test-cluster,$@),tests/cluster/check_cluster_faults.py)

FAULTS ?= 100

test-faults: $(READY)
	$(BIN)/python tests/faults/campaign.py --faults $(FAULTS)

test-emulated: $(READY)
	tests/system_packages.sh qemu-x86_64=qemu-user
	$(BIN)/python -m pytest -x tests/emulated/check_bits.py

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/snakemake --lint

ci:
	.ci/run

bench: $(READY)
	$(BIN)/python benchmarks/run.py

screenshots: report
	tests/system_packages.sh chromium=chromium chromedriver=chromium-driver
	$(BIN)/python tests/take_screenshots.py $(HERE)report.html docs/screenshots

costs: figures
	$(RUN) --configfile workflow/presets/sizes.yaml --replace-workflow-config --directory out/sizes
	$(BIN)/python scripts/fit_costs.py .=config.yaml out/sizes=workflow/presets/sizes.yaml

# of the default config all of it, of another one its reference alone
gallery: figures
	$(BIN)/python scripts/reference.py write $(REFERENCE) $(OPTIONS)
ifeq ($(NAME),)
	mkdir -p docs/figures
	cp figures/*/*.png docs/figures/
	$(BIN)/python scripts/write_claims.py results/tables/claims.parquet
endif

stale: $(READY)
	@$(BIN)/python scripts/reference.py stale $(REFERENCE) $(OPTIONS)

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
