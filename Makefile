# Two commands matter: `make demo` and `make test`. Each installs what it needs into .venv, once.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

# The first Python on the path that is new enough.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
BIN := .venv/bin
UV_VERSION := 0.13.9
HOME_OF_DEMO ?= .demo
WORKERS ?= 2

export JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION := 1
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20

.PHONY: help
help: ## Show this list
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1	\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

.PHONY: demo
demo: .venv/installed-local web/vendor/chart.umd.min.js ## Simulate a contractor, refresh, and answer a question with its records
	@$(BIN)/datablueprint demo --home $(HOME_OF_DEMO)

.PHONY: test
test: check browser layers web/vendor/axe.min.js infra/node_modules/installed ## Everything: the checks, then all tests
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup

.PHONY: slow
slow: .venv/installed-test ## What takes minutes: every figure of the other contractors from raw records
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup -m slow

.PHONY: proof
proof: .venv/installed-test ## Every figure of 200 jobs and three seeds against the truth and the raw records (half an hour)
	@$(BIN)/pytest -m proof -s tests/golden

.PHONY: layers
layers: .venv/installed-test ## What the functions need on Lambda, from locks/, without Docker
	@$(BIN)/python -m infra.bundles

.PHONY: synth
synth: layers web/vendor/chart.umd.min.js ## The CloudFormation templates of infra/tenants.toml into cdk.out, without an AWS account
	@$(BIN)/python infra/app.py

.PHONY: picture
picture: layers ## Draw docs/architecture.svg anew from the templates
	@$(BIN)/python -m infra.picture

# The validator of the state machine, from infra/package-lock.json.
infra/node_modules/installed: infra/package-lock.json
	@{ npm ci --prefix infra --ignore-scripts --no-audit --no-fund --silent && touch $@; } >/dev/null 2>&1 \
		|| echo "npm could not fetch asl-validator; the test that uses it will be skipped." >&2

# Athena's engine is Trino. Its parts come from Maven, once; where they can't, the tests that need it are skipped.
.PHONY: conformance
conformance: .venv/installed-test .build/trino/ready ## The SQL that goes to Athena, on a real Trino server, beside DuckDB
	@$(BIN)/pytest -m conformance tests/conformance

COPIED := mvn --quiet --batch-mode --file tests/conformance/pom.xml \
	org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies -DincludeScope=runtime
.build/trino/ready: tests/conformance/pom.xml
	@echo "Fetching Trino (370 MB, once) ..." >&2
	@rm -rf .build/trino
	@{ command -v java && $(COPIED) -Dpart=trino-main -DoutputDirectory=$(CURDIR)/.build/trino/lib \
		&& $(COPIED) -Dpart=trino-hive -DoutputDirectory=$(CURDIR)/.build/trino/plugins/hive && touch $@; } >/dev/null 2>&1 \
		|| echo "Trino is not here and could not be fetched with Maven and a JDK; what needs it will be skipped." >&2

.PHONY: serve
serve: .venv/installed-local web/vendor/chart.umd.min.js ## The chat page over the demo's contractor, on this machine only
	@$(BIN)/datablueprint serve --home $(HOME_OF_DEMO)

# Where it may not be installed, the tests of the page are skipped and say so.
.PHONY: browser
browser:
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
		&& echo "Installing Chromium for the tests of the page ..." >&2 && apt-get update -qq \
		&& DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } >/dev/null \
		|| echo "Chromium is not here and could not be installed; the tests of the page will be skipped." >&2

# What the page is served with, and what its tests need, from web/package-lock.json.
# Without npm the page shows tables where charts would be.
NPM := npm ci --prefix web --ignore-scripts --no-audit --no-fund --silent
web/vendor/chart.umd.min.js: web/package-lock.json
	@{ $(NPM) --omit=dev && mkdir -p web/vendor && cp web/node_modules/chart.js/dist/chart.umd.min.js $@; } >/dev/null 2>&1 \
		|| echo "npm could not fetch the chart library; the page will show tables only." >&2

web/vendor/axe.min.js: web/package-lock.json
	@{ $(NPM) && mkdir -p web/vendor && cp web/node_modules/chart.js/dist/chart.umd.min.js web/node_modules/axe-core/axe.min.js web/vendor; } \
		>/dev/null 2>&1 || echo "npm could not fetch axe-core; the accessibility tests will be skipped." >&2

.PHONY: check
check: .venv/installed-test ## Lint, format, types, import contracts
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

.PHONY: lock
lock: .venv/uv ## Write locks/ anew from pyproject.toml
	@compile() { $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header "$$@"; }; \
	echo 'uv==$(UV_VERSION)' | compile - -o locks/uv.txt; \
	compile pyproject.toml --extra local --extra api --extra exports --extra build -o locks/local.txt; \
	compile pyproject.toml --extra local --extra api --extra exports --extra build --extra infra --extra dev -c locks/local.txt -o locks/test.txt; \
	compile pyproject.toml --extra local --extra api --extra exports --extra build --extra dev --extra bench -c locks/test.txt -o locks/bench.txt; \
	for deps in layers/deps/*.txt; do \
		$(BIN)/uv pip compile --quiet --python-platform aarch64-manylinux_2_28 --python-version 3.13 --only-binary :all: \
			--generate-hashes --no-annotate --no-header -c locks/local.txt "$$deps" -o "locks/lambda-$$(basename "$$deps")"; \
	done

.PHONY: bench-links
bench-links: .venv/installed-bench ## Links found without asking and with twenty questions, beside Splink
	@$(BIN)/python -m benchmarks.bench_links $(ARGS)

.PHONY: clean
clean: ## Remove everything that was installed or built
	@rm -rf web/node_modules infra/node_modules web/vendor .venv .demo .build cdk.out .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/created:
	@test -n "$(PYTHON)" || { echo "DataBlueprint needs Python 3.11 or newer; none was found on the path." >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is missing; install it (on Debian: python3-venv)." >&2; exit 1; }
	@touch $@

# uv is a faster pip. Where it cannot be had, pip does the same from the same lock.
.venv/uv: .venv/created locks/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r locks/uv.txt 2>/dev/null \
		|| echo "uv could not be installed; going on with pip, which is slower." >&2
	@touch $@

# The lock holds the build backend too, so that nothing unlocked is downloaded for our own package.
.venv/installed-%: .venv/uv locks/%.txt pyproject.toml
	@echo "Installing from locks/$*.txt ..." >&2
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r locks/$*.txt 2>/dev/null \
		|| $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r locks/$*.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
