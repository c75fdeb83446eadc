PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test long browser docs lint figures same mutants attack fuzz sbom audit clean

# The environment is made anew whenever what it should hold has changed.
.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Ostinato needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

demo: .venv/installed
	$(BIN)/ostinato demo --out demo-out

test: .venv/installed
	$(BIN)/python -m pytest -n auto --dist loadfile -m "not long"

# Kills, faults of each call, flipped bits and damaged media, which take minutes.
long: .venv/installed
	$(BIN)/python -m pytest -n auto --dist loadfile -m long

# The pages in a real Chromium, which has to be there: apt-get install chromium.
browser: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[browser]'
	OSTINATO_BROWSER=1 $(BIN)/python -m pytest -n 0 tests/browser

# The site goes to build/site. Its notebooks are run, its figures drawn, and its links followed; a
# warning is an error.
docs: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[docs]'
	$(BIN)/python -m sphinx -n -W --keep-going -q -b html docs build/site

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell README.md CHANGELOG.md docs src tests/*.py scripts benchmarks tools
	$(BIN)/deptry src

figures: .venv/installed
	$(BIN)/python scripts/make_figures.py

# By hand, before and after a change that should change no result.
same: .venv/installed
	$(BIN)/python benchmarks/same $(or $(KEPT),same-results) $(CORPUS)

# By hand: a few minutes a module, MUTANTS="timeline media.*" for some of them. It changes one thing
# at a time in the modules that pyproject.toml names, forty times in each, and runs their own tests.
mutants: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[mutants]'
	$(BIN)/python tools/count_mutants.py $(MUTANTS)

# By hand: hours. A scale of .05 takes some twenty minutes.
attack: .venv/installed
	$(BIN)/python -m tests.attack --seed $(or $(SEED),14) --scale $(or $(SCALE),1) --out docs/reliability.md

fuzz: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[fuzz]'
	$(BIN)/python -m tests.attack.fuzz --seconds $(or $(SECONDS_EACH),600)

sbom: .venv/installed
	$(BIN)/python scripts/write_sbom.py --out sbom.json

# It asks a network for known weaknesses, and is no part of what a change must pass.
audit: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[audit]'
	$(BIN)/pip-audit --skip-editable --progress-spinner off

clean:
	rm -rf .venv demo-out same-results build dist docs/generated docs/gallery docs/sg_execution_times.rst .mypy_cache .ruff_cache .pytest_cache .hypothesis
