# The commands of this repository; `make help` lists them. What they do is written in scripts/ and deploy/local/.
.DEFAULT_GOAL := help
.PHONY: help run test bench stop clean audit services-start services-stop

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## build and run everything, with a demonstration (DEMO=0: without), until Ctrl-C
	@deploy/local/run up

test: ## check everything that CI checks
	@scripts/test

bench: ## measure what Posthorn does on this machine (BENCH_RUNS=3: medians; docs/performance.md)
	@scripts/bench

stop: ## stop everything that runs and keep its data
	@deploy/local/run stop --all
	@deploy/local/services stop --all

clean: ## stop everything, delete its data and all that was built or downloaded here
	@deploy/local/run stop --all
	@deploy/local/services clean --all
	@rm -rf tests/clients/.venv tests/clients/node_modules
	@cargo clean

audit: ## check the dependencies against published advisories (needs cargo-deny)
	@cargo deny check advisories

services-start: ## start PostgreSQL and nats-server for development
	@deploy/local/services start

services-stop: ## stop them and keep their data
	@deploy/local/services stop
