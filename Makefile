# One word per chore. The first of them makes the environment in .venv; nothing else has to be prepared
# but Python 3.11 or newer (another one: make PYTHON=python3.12 test).

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
OPENSIM := .venv-opensim/.ready
PEERS := .venv-peers/.ready
TSC := web/node_modules/.bin/tsc

.PHONY: demo test check format bench validate clean types-of-the-page

demo: $(READY)
	$(BIN)/restride demo

# a process a core, each with one thread for its matrices; a file's tests stay together for their fixtures
test: $(READY)
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist loadfile

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy validation benchmarks
	$(BIN)/lint-imports
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory types-of-the-page; \
	else echo "No npm on this machine: the page's scripts are built, but their types are not checked"; fi

types-of-the-page: $(TSC)
	cd web && npm run --silent check

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY) $(OPENSIM) $(PEERS)
	$(BIN)/python -m benchmarks

validate: $(READY)
	$(BIN)/python -m validation

clean:
	rm -rf .venv .venv-opensim .venv-peers build dist

# made anew when what it is made from changes: the dependencies, the build hook, the page's scripts
$(READY): pyproject.toml $(wildcard hatch_build.py web/build.mjs web/tsconfig.json web/package.json web/package-lock.json web/src/*.ts)
	@$(PYTHON) -c 'import sys; v = sys.version_info; v >= (3, 11) or sys.exit("restride needs Python 3.11 or newer, found %d.%d; try: make PYTHON=python3.12" % v[:2])'
	@echo "Making the environment in .venv (a few minutes the first time)"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	@touch $@

$(TSC): web/package-lock.json
	cd web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# the peers of the benchmarks live in environments of their own and are never imported by restride
$(OPENSIM): Makefile
	@echo "Making OpenSim's environment in .venv-opensim"
	$(PYTHON) -m venv .venv-opensim
	.venv-opensim/bin/python -m pip install --quiet --disable-pip-version-check "opensim==4.6"
	@touch $@

$(PEERS): Makefile
	@echo "Making the environment of the peers from PyPI in .venv-peers"
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check \
		"fitdecode==0.11.0" "gaitmap==2.6.0" "neurokit2==0.2.13" "pyomeca==2026.0.2" "spm1d==0.4.55"
	@touch $@
