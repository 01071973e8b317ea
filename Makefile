.DEFAULT_GOAL := build
.PHONY: build release run demo test quick lint cover tables reference screenshot

build: ## the binary, static
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o keypull ./cmd/keypull

release: ## archives and debs, in the new folder .cache/release
	rm -rf .cache/release
	deploy/release .cache/release

run: ## the service with config.toml
	go run ./cmd/keypull serve -c config.toml

demo: ## a publisher with a small world of its own
	go run ./cmd/keypull demo

test: ## everything that a change must pass
	bash .ci/test

quick: ## the part of it that needs no browser and no process
	bash .ci/test quick

lint:
	golangci-lint run ./...

cover: ## how much of the code its tests reach
	@mkdir -p .cache
	go test -coverpkg=./... -coverprofile=.cache/cover.out ./...
	go tool cover -func=.cache/cover.out | tail -1

tables: ## what is understood of each language, from the folders of languages
	go generate ./pull/what/languages

reference: ## docs/reference.md, docs/messengers and config.example.toml, from the code
	go test ./cmd/keypull -count=1 -run 'TestReferenceIsCurrent|TestMessengerPagesAreCurrent|TestExampleIsCurrent|TestNoMessengerLosesAnOption' -args -update-reference -update-example

screenshot: ## the pictures in docs/img, by Chromium
	go test ./cmd/keypull -count=1 -run 'TestTheDemoShowsWhatBecomesOfAWord|TestTheDemoInMotion|TestTheTour' -args -picture $(CURDIR)/docs/img/demo.png -motion $(CURDIR)/docs/img/demo.gif -pictures $(CURDIR)/docs/img
