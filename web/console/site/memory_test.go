package site_test

import (
	"keypull/pull/catalogue"
	"keypull/web/console/consoletest"
)

// memory is a Catalogue that forgets everything with its test.
type memory = consoletest.Memory

func newMemory(publishers ...catalogue.Publisher) *memory { return consoletest.New(publishers...) }
