package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// storedNames are the names that stores, clients and audit logs of today know where the
// code has another word. They keep their names.
var storedNames = []struct{ stored, code, file string }{
	{`"qvols:"`, "tablesPrefix", "store/bolt/layout.go"},          // volumes: sorted tables (SST) of ids
	{`"old"`, "headlessKey", "store/internal/engine/engine.go"},   // a file whose values may have no heads
	{`"log"`, "lineageKey", "store/internal/engine/lineage.go"},   // which log continues the file
	{`"segment"`, "firstKey", "store/internal/engine/lineage.go"}, // the first segment that is needed
	{`"KPSLATE1"`, "magic", "store/inflight/inflight.go"},         // slate: in-flight markers
	{`"suspicions"`, "poisonKey", "store/poison.go"},              // suspects: poison messages
	{`"place"`, "channelStatePrefix", "store/channel_state.go"},   // what a channel keeps of its own
	{`json:"noun"`, "Resource", "store/publisher.go"},             // nouns: resources
	{`json:"noun"`, "Resource", "web/console/find.go"},            // what clients of the API read
	{`"keyword.ways"`, "KeywordLinks", "web/links/operation.go"},  // ways: links to a keyword
	{`"epoch"`, "epochKey", "cmd/keypull/standby/epoch.go"},
	{`".resolving"`, "inFlightFile", "cmd/keypull/backup_live.go"},
}

func TestWhatStoresAndClientsKnowKeepsItsName(t *testing.T) {
	for _, n := range storedNames {
		code, err := os.ReadFile(filepath.Join("..", "..", n.file))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for line := range strings.Lines(string(code)) {
			found = found || strings.Contains(line, n.code) && strings.Contains(line, n.stored)
		}
		if !found {
			t.Errorf("%s: %s is not %s any more, which stores and clients know", n.file, n.code, n.stored)
		}
	}
}
