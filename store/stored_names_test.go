package store_test

import (
	"os"
	"strings"
	"testing"
)

// storedNames are names that stores hold where the code has another word. What a store
// holds keeps its name.
var storedNames = []struct{ stored, code, file string }{
	{`"qvols:"`, "tablesPrefix", "bolt/layout.go"},          // volumes: sorted tables (SST) of ids
	{`"old"`, "headlessKey", "internal/engine/engine.go"},   // a file whose values may have no heads
	{`"log"`, "lineageKey", "internal/engine/lineage.go"},   // which log continues the file
	{`"segment"`, "firstKey", "internal/engine/lineage.go"}, // the first segment that is needed
	{`"KPSLATE1"`, "magic", "inflight/inflight.go"},         // slate: in-flight markers
	{`"suspicions"`, "poisonKey", "poison.go"},              // suspects: poison messages
	{`"place"`, "channelStatePrefix", "channel_state.go"},   // what a channel keeps of its own
	{`json:"noun"`, "Resource", "publisher.go"},             // nouns: resources
	{`".resolving"`, "inFlightFile", "../cmd/keypull/backup_live.go"},
}

func TestWhatStoresHoldKeepsItsName(t *testing.T) {
	for _, n := range storedNames {
		code, err := os.ReadFile(n.file)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for line := range strings.Lines(string(code)) {
			found = found || strings.Contains(line, n.code) && strings.Contains(line, n.stored)
		}
		if !found {
			t.Errorf("%s: %s is not %s any more, which stores hold", n.file, n.code, n.stored)
		}
	}
}
