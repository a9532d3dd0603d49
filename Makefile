# make demo   judge the study that ships with the project and say where its map is
# make test   every check there is; both do all their set-up themselves, into .venv
# Needs GNU make 3.81 and Python 3.11 or newer. PYTHON=… names a Python to use.

VENV := .venv
PIP := $(VENV)/bin/python -m pip --quiet --disable-pip-version-check
# A lock is complete, so nothing is resolved beside it: some pips look again at coverage[toml], find
# a newer release than the locked one, and stop. tests/test_house.py holds the locks complete.
INSTALL := $(PIP) install --no-deps --require-hashes --requirement
THIS := $(PIP) install --no-deps --no-build-isolation --editable .
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate pyproject.toml --group build

.PHONY: help demo test maps pictures frame schemas bench bench-map bench-siting lock clean reference mutants
.NOTPARALLEL:

help:
	@echo "make demo   judge the study in data/guixi and draw its map"
	@echo "make test   style, types, tests, and the demo"
	@echo "make bench  print how fast reach is against its peers (docs/benchmarks.md)"
	@echo "make bench-map  the same for the map, against geopandas and folium"
	@echo "make bench-siting  the same for where to build, against spopt where it is installed"
	@echo "make reference  rewrite docs/reference.md and .zh.md from the program"
	@echo "make mutants  change the judging line by line and list what no test notices"
	@echo "make maps   rebuild the published maps in maps/"
	@echo "make pictures  photograph the published maps for the README (needs Chromium)"
	@echo "make frame    rewrite the page around the map, from folium"
	@echo "make schemas  rewrite the JSON Schemas that ship, from what they describe"
	@echo "make lock   rewrite the locked requirements from pyproject.toml (needs uv)"
	@echo "make clean  remove .venv and every cache"

demo: $(VENV)/.demo
	@$(VENV)/bin/lifecircle demo

test: $(VENV)/.test
	$(VENV)/bin/python -m ruff check .
	$(VENV)/bin/python -m ruff format --check .
	$(VENV)/bin/python -m mypy
	$(VENV)/bin/python -m pytest -n auto --dist worksteal
	out=$$(mktemp -d) && $(VENV)/bin/lifecircle demo --out "$$out"; status=$$?; rm -rf "$$out"; exit $$status

bench: $(VENV)/.test
	$(VENV)/bin/python tests/benchmarks/table.py

bench-map: $(VENV)/.test
	$(VENV)/bin/python tests/benchmarks/map_table.py

bench-siting: $(VENV)/.test
	$(VENV)/bin/python tests/benchmarks/siting.py

reference: $(VENV)/.demo
	$(VENV)/bin/python docs/build_reference.py

maps: $(VENV)/.demo
	$(VENV)/bin/lifecircle assess data/guixi --out maps/guixi --replace
	$(VENV)/bin/lifecircle assess data/wudaokou --out maps/wudaokou --replace

pictures: $(VENV)/.test
	$(VENV)/bin/python maps/pictures.py

frame: $(VENV)/.test
	$(VENV)/bin/python -m lifecircle.outputs.maps.page

schemas: $(VENV)/.test
	$(VENV)/bin/python -m lifecircle.outputs.saved.schemas
	$(VENV)/bin/python -m lifecircle.standards.file_schema

# ROOMS="shares judge" and SAMPLE=… (0: all) choose what is changed; TABLE=1 only prints what is known.
mutants: $(VENV)/.mutation
	$(VENV)/bin/python tests/mutants/run.py $(ROOMS) --sample $(or $(SAMPLE),60) $(if $(TABLE),--table)

# UPGRADE=--upgrade takes the newest versions; without it only what pyproject.toml asks for moves.
lock:
	$(LOCK) $(UPGRADE) --output-file requirements.lock
	$(LOCK) $(UPGRADE) --extra dev --output-file requirements-dev.lock
	$(LOCK) $(UPGRADE) --extra dev --extra mutation --output-file requirements-mutation.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# The stamps make a second run instant; a changed lock installs again. An environment whose Python
# was upgraded away, or that was left without pip, is made anew with all that was in it.
ifneq ($(shell $(VENV)/bin/python -c 'import pip; print("runs")' 2>/dev/null),runs)
.PHONY: $(VENV)/bin/python $(VENV)/.demo $(VENV)/.test
endif

$(VENV)/.demo: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing the locked requirements into $(VENV) …"
	@$(INSTALL) requirements.lock
	@$(THIS)
	@touch $@

$(VENV)/.test: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing the locked requirements for development into $(VENV) …"
	@$(INSTALL) requirements-dev.lock
	@$(THIS)
	@touch $@ $(VENV)/.demo

$(VENV)/.mutation: requirements-mutation.lock | $(VENV)/.test
	@$(INSTALL) requirements-mutation.lock
	@touch $@

$(VENV)/bin/python:
	@PYTHON="$(PYTHON)" sh .ci/venv $(VENV)
