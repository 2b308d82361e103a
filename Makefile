# The commands of this repository; `make help` lists them. What they do is written in scripts/ and deploy/local/.
.DEFAULT_GOAL := help
.PHONY: help run test fuzz corpus pictures bench hostile databases drill drill-alerts drill-upgrade drill-sync receivers stop clean audit services-start services-stop

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## build and run everything, with a demonstration (DEMO=0: without), until Ctrl-C
	@deploy/local/run up

test: ## check everything that CI checks
	@scripts/test

fuzz: ## fuzz every parser of untrusted input (a minute for each target; fuzz/README.md)
	@scripts/fuzz

corpus: ## render the templates of crates/jinja/corpus with Python's Jinja2 again (needs the network)
	@scripts/jinja-corpus

pictures: ## take pictures of all pages of the console (.local/browser/pages)
	@scripts/web pictures

bench: ## measure what Posthorn does on this machine (BENCH_RUNS=3: medians; docs/performance.md)
	@scripts/bench

hostile: ## attack what tenants share, measure what another tenant notices (docs/reliability.md)
	@scripts/hostile

databases: ## run the store's tests on the oldest PostgreSQL here and on 18, and with an ICU collation
	@scripts/databases

drill: ## break everything in turn under load, account for every event (DRILL_SECONDS=, DRILL_RATE=; docs/reliability.md)
	@deploy/local/drill faults --write $(DRILL_OPTIONS)

drill-alerts: ## hold each fault until its alert fires, and no other
	@deploy/local/drill alerts --write $(DRILL_OPTIONS)

drill-upgrade: ## an old version (OLD=revision) and this one side by side, up and down again under load
	@deploy/local/drill upgrade --write $(DRILL_OPTIONS)

drill-sync: ## measure what it costs that NATS waits for the disk
	@deploy/local/drill sync --write $(DRILL_OPTIONS)

receivers: ## deliver to the servers that receivers run, across idle time-outs and reloads (docs/receivers.md)
	@deploy/local/receivers --write $(RECEIVERS_OPTIONS)

stop: ## stop everything that runs and keep its data
	@deploy/local/run stop --all
	@deploy/local/services stop --all

clean: ## stop everything, delete its data and all that was built or downloaded here
	@deploy/local/run stop --all
	@deploy/local/services clean --all
	@rm -rf .local/checks .local/test-logs tests/clients/.venv tests/clients/node_modules
	@cargo clean

audit: ## check the dependencies against published advisories (needs cargo-deny)
	@cargo deny check advisories

services-start: ## start PostgreSQL and nats-server for development
	@deploy/local/services start

services-stop: ## stop them and keep their data
	@deploy/local/services stop
