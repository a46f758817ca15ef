# What there is to do here. `make` alone lists it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

# One debug build serves running and testing; lld links it in seconds.
SWIFT := --explicit-target-dependency-import-check error -Xswiftc -use-ld=lld

DATA ?=
PORT ?=

.PHONY: help setup build run test lint format errors bench crash clean

help: ## Lists what there is (the default).
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Installs what running needs, if it is missing. Seconds; the first time up to a minute.
	@scripts/setup.sh run

build: setup ## Builds the program. Seconds; the first time about five minutes on two cores.
	swift build $(SWIFT)

run: build ## Starts the demo company and serves it (DATA=folder, PORT=number). Ends with Ctrl-C.
	.build/debug/pingqiao demo $(if $(DATA),--data $(DATA)) $(if $(PORT),--port $(PORT))

test: ## Lint, unit tests, tests of the whole program. The first time about ten minutes on two cores.
	@scripts/setup.sh test
	scripts/lint.sh
	swift build --build-tests $(SWIFT)
	scripts/unit-tests.sh $(SWIFT)
	scripts/program-tests.sh

lint: ## Checks layout and generated pages. Half a minute.
	@scripts/lint.sh

format: ## Lays out every source file. Half a minute.
	swift format --in-place --parallel --recursive Package.swift Sources Tests $(wildcard Benchmarks)

errors: ## Writes docs/errors.md from the sources. Seconds.
	python3 scripts/errors.py

bench: ## Measures the program against plain C on this machine. Minutes.
	@test -x Benchmarks/run.sh || { echo "There is no Benchmarks/run.sh."; exit 1; }
	Benchmarks/run.sh

crash: build ## Kills the program at random moments and checks the books after each. Minutes.
	@test -x scripts/crash.sh || { echo "There is no scripts/crash.sh."; exit 1; }
	scripts/crash.sh

clean: ## Removes everything that was built or fetched.
	rm -rf .build .build-tools assets/vendor
