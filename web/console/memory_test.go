package console_test

import (
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/web/console/consoletest"
)

// noon returns the moment of all tests.
func noon() time.Time { return consoletest.Noon() }

// object is a JSON object.
type object = map[string]any

// memory is a Catalogue that forgets everything with its test.
type memory = consoletest.Memory

func newMemory(publishers ...catalogue.Publisher) *memory { return consoletest.New(publishers...) }

func TestTheMemoryOfTestsKeepsVersions(t *testing.T) {
	m := newMemory(lecker())
	change := catalogue.Change{Publisher: "lecker", Resource: catalogue.ResourceKeyword, ID: "news",
		Value: catalogue.Keyword{ID: "news"}, When: m.Publisher("lecker").MetaOf(catalogue.ResourceKeyword, "news").Version}
	if _, err := m.Save(t.Context(), change); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Save(t.Context(), change); pull.KindOf(err) != pull.Conflict {
		t.Fatalf("an old version replaced a new one: %v", err)
	}
}
