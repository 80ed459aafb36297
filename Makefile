# `make compare` and `make test` do all the set-up; they need python3 with pip, and make.
# Another Python: make test PYTHON=python3.12. Works with GNU make and BSD make.

PYTHON ?= python3
VENV = .venv
SCENARIO = focus-tyopolut
DESIGNS = hourly monthly no-cure-no-pay mixed mixed-by-group capacity
COMPARE_ARGS ?=
PYTEST_ARGS ?=

# Which Python this is, and where; exit status 1 if labsim does not run on it.
IDENTITY = import os, sys; print(sys.version.split()[0], sys.base_prefix, os.getcwd()); \
	sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
# Begins a recipe line: BIN is where the environment keeps its programs (Windows says Scripts).
IN_VENV = BIN=$(VENV)/bin; test -d "$$BIN" || BIN=$(VENV)/Scripts;
PIP_INSTALL = "$$BIN/python" -m pip install --quiet --no-input --disable-pip-version-check
NO_PIP = labsim: $(PYTHON) has neither venv nor pip: install one of them \
	(Debian, Ubuntu: apt install python3-venv), then run make again

help:
	@echo 'make compare   simulate the Focus Työpolut pilot under six procurement designs'
	@echo 'make test      lint, check types and run the tests'
	@echo 'make lint      lint and check types only'
	@echo 'make bench     measure speed and memory'
	@echo 'make patterns  show what comes out unforced (docs/patterns.md)'
	@echo 'make coverage  simulate every pilot and write scenarios/COVERAGE.md'
	@echo 'make clean     remove the environment and caches; results stay'
	@echo
	@echo 'The first run makes $(VENV) and installs labsim there; then $(VENV)/bin/labsim works too.'
	@echo 'Options: PYTHON=python3.12  COMPARE_ARGS="--replications 10"  PYTEST_ARGS="-k ledger"'

compare: $(VENV)/.installed
	@$(IN_VENV) "$$BIN/labsim" compare $(SCENARIO) $(DESIGNS) $(COMPARE_ARGS)

lint: $(VENV)/.installed-dev
	@$(IN_VENV) "$$BIN/python" -m ruff check .
	@$(IN_VENV) "$$BIN/python" -m ruff format --check .
	@$(IN_VENV) "$$BIN/python" -m mypy

test: lint
	@$(IN_VENV) "$$BIN/python" -m pytest -n auto --dist worksteal $(PYTEST_ARGS)

bench: $(VENV)/.installed-dev
	@$(IN_VENV) "$$BIN/python" -m benchmarks

coverage: $(VENV)/.installed
	@$(IN_VENV) "$$BIN/python" -m labsim.study.validation.coverage

patterns: $(VENV)/.installed
	@$(IN_VENV) "$$BIN/python" -m patterns

clean:
	rm -rf $(VENV) build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: the set-up is redone only when one of these files, the Python or the folder changes.
$(VENV)/.installed: $(VENV)/.python pyproject.toml constraints.txt
	@echo 'labsim: installing into $(VENV) (the first time takes a minute or two)'
	@$(IN_VENV) $(PIP_INSTALL) -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.python pyproject.toml constraints.txt
	@echo 'labsim: installing into $(VENV) (the first time takes a minute or two)'
	@$(IN_VENV) $(PIP_INSTALL) -c constraints.txt -e '.[dev]'
	@touch $(VENV)/.installed $@

# Looked at every time, written only when the environment has to be made anew. Where Python
# comes without ensurepip (Debian), the machine's own pip puts pip into the environment.
$(VENV)/.python: FORCE
	@now=`$(PYTHON) -c '$(IDENTITY)'` || { found=$${now%% *}; \
		echo "labsim: needs Python 3.11, 3.12 or 3.13, and $(PYTHON) is $${found:-not there};" \
			"name another, as in: make test PYTHON=python3.12" >&2; exit 1; }; \
	if test "$$now" = "`cat $@ 2>/dev/null`"; then exit 0; fi; \
	rm -rf $(VENV); \
	if $(PYTHON) -c 'import ensurepip' 2>/dev/null; then $(PYTHON) -m venv $(VENV); \
	elif $(PYTHON) -c 'import pip' 2>/dev/null; then \
		$(PYTHON) -m venv --without-pip $(VENV) && $(IN_VENV) \
		$(PYTHON) -m pip --python "$$BIN/python" install --quiet --no-input \
			--disable-pip-version-check pip; \
	else echo '$(NO_PIP)' >&2; exit 1; fi && echo "$$now" > $@

FORCE:

.PHONY: FORCE bench clean compare coverage help lint patterns test
