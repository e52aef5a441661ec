# What .ci/run does in one, in parts.

.PHONY: help test race nested ci

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

test: ## the tests of the root module
	go test ./...

race: ## the same with the race detector
	go test -race ./...

nested: ## the tests of the nested modules
	for module in $$(git ls-files '*/go.mod' | xargs -n1 dirname); do (cd $$module && go test ./...) || exit 1; done

ci: ## everything, as the gate does it
	bash .ci/run
