# Every target works as the first command in a fresh clone: it installs what it needs and says so.
# npm is all that must be there; the Node release that everything runs on is one of the pinned packages.

.DEFAULT_GOAL := help
.PHONY: help demo test test-tools test-kill test-simulation test-cluster control-plane bench fuzz simulate soak soak-real mutate check build fmt generate clean

# What npm writes last; newer than the lockfile means that the packages are the pinned ones. `npm ci` refuses a lockfile
# that was written where packages for other platforms could not be had; `npm install` takes the same versions from it.
packages := node_modules/.package-lock.json

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(packages) ## Play four releases on a whole control plane in one process (KEEP=1 to look around afterwards)
	@npm run --silent kuberik -- demo $(if $(KEEP),--keep) $(ARGS)

test: $(packages) ## Run the tests (ARGS="src/core" for some of them)
	@npm run --silent test -- $(ARGS)
	@echo "Beside these: make test-tools (kubectl, skopeo), test-kill (SIGKILL), test-cluster (a real Kubernetes with Flux)"

test-tools: $(packages) ## Run the tests that need kubectl and skopeo, installing both where they are missing
	@scripts/install-tools.sh
	@npm run --silent test:tools -- $(ARGS)

test-kill: $(packages) ## Kill the controller again and again while releases arrive: 50 schedules, about 5 minutes
	@npm run --silent test:kill -- $(ARGS)

test-simulation: $(packages) ## Play fresh simulated worlds for two minutes, some of them twice, and the regressions
	@npm run --silent test:simulation -- $(ARGS)

control-plane: $(packages) ## Obtain a real Kubernetes, Flux and registries as programs (UP=1 to start them and look around)
	@scripts/install-tools.sh cluster
	@node_modules/.bin/node test/cluster/control-plane/main.ts $(if $(UP),up)

test-cluster: control-plane ## Run the tests that need the real control plane
	@npm run --silent test:cluster -- $(ARGS)

bench: control-plane ## Measure what releases cost on a real API server, about a quarter of an hour (ARGS="--scenario release" for some)
	@npm run --silent bench -- $(ARGS)

fuzz: $(packages) ## Give every parser of what others wrote hostile inputs (FUZZ_INPUTS=1000000, FUZZ_SEED=1, FUZZ_TARGET=duration)
	@node_modules/.bin/node --disable-warning=Warning test/fuzz/main.ts

simulate: $(packages) ## Play worlds made from seeds on virtual time, with faults, and judge them (ARGS="--seeds 1-20", "--saboteurs")
	@npm run --silent simulate -- $(ARGS)

soak: $(packages) ## Play fresh simulated worlds of every size for MINUTES (default 10), with every core
	@npm run --silent simulate -- --world mix --minutes $(or $(MINUTES),10) $(ARGS)

soak-real: control-plane ## Kill etcd, kube-apiserver and controllers under 200 Rollouts for 10 minutes (ARGS="--minutes 60 --seed 1")
	@npm run --silent soak-real -- $(ARGS)

mutate: $(packages) ## Break the core in thousands of small ways; its tests must notice 90 % (ARGS="src/core/bake.ts" for one file)
	@npm run --silent mutate -- $(ARGS)

check: $(packages) ## Check types, lint, format, unused code, import arrows and generated files (ARGS="types lint" for some)
	@npm run --silent check -- $(ARGS)

build: $(packages) ## Bundle the command into dist/kuberik.mjs
	@npm run --silent build

fmt: $(packages) ## Format the sources
	@npm run --silent fmt

generate: $(packages) ## Write the CRDs and the reference pages anew
	@npm run --silent generate

clean: ## Remove what was installed, built and cached
	rm -rf node_modules dist coverage .cache

$(packages): package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing: install Node.js 20 or newer, any way you like" >&2; exit 1; }
	@echo "Installing the pinned packages (npm ci), about a minute the first time"
	@npm ci --no-progress --loglevel=silent || { \
	  echo "npm ci refuses this lockfile here; installing the versions it pins with npm install"; \
	  npm install --no-save --no-progress --loglevel=error; }
	@node_modules/.bin/node --version >/dev/null 2>&1 || { echo "The pinned Node did not install: npm must be allowed to run install scripts (npm config get ignore-scripts)" >&2; exit 1; }
	@touch $@
