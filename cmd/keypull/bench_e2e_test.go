package main

import (
	"encoding/json"
	"strings"
	"testing"

	"keypull/cmd/keypull/cli"
)

// What is measured is never asserted: only that each row is, by real processes.
func TestBenchMeasuresEveryRow(t *testing.T) {
	t.Setenv(asProcess, "1")
	for line, want := range map[string][]string{
		"--only database --database " + serveDatabase(t).url(): {"in a database : in a file", "CPU of an ask, in a database", "CPU of forwarding", "through a node that waits", "at three nodes in turn"},
		"--only fsync,webhook,pace,sync,readers,full,file,after": {
			"one fsync", "webhook → durable 2xx", "the whole ask : bare", "whole asks a second", "CPU of an ask, full load", "sent by https",
			"written of an ask, full load", "p99 at 300/s", "CPU of an ask, 300/s", "written of an ask, 300/s", "written of an ask, 2/s",
			"flushes that a cached ask waits for", "on a slow disk", "10 times as many readers", "first-time readers", "keeps all that one may", "file of an ask", "memory after many asks",
		},
		"--only soak --minutes 1": {"asks lost", "with chores of operators", "last part : first", "most : least"},
		"--only kills --kills 2":  {"accepted and not answered", "answered twice", "without a sentence", "lost by a cut", "beside the record spoilt"},
		"--peer kannel":           {"1 keyword", "p99 at 300/s", "1,000 keywords", "10,000 keywords", "static text, asks", "first-time readers"},
	} {
		t.Run(strings.Join(strings.Fields(line)[:2], " "), func(t *testing.T) {
			args := append([]string{"bench", "--json", "--asks", "64", "--readers", "16", "--rounds", "1", "--conns", "4", "--dir", t.TempDir()}, strings.Fields(line)...)
			code, stdout, stderr := command(t.Context(), args...)
			var rows []struct {
				Name, Unit, Missing string
				Value               float64
			}
			if err := json.Unmarshal([]byte(stdout), &rows); err != nil || code != cli.Done {
				t.Fatalf("ended with %d and said %q: %v", code, stderr, err)
			}
			for _, name := range want {
				found := false
				for _, r := range rows {
					if !strings.Contains(r.Name, name) {
						continue
					}
					// A store grows by steps that a few asks do not need.
					if found = true; r.Value == 0 && r.Missing == "" && r.Unit != "lost" && !strings.HasPrefix(r.Name, "file ") {
						t.Errorf("%s is nothing: %+v", name, r)
					}
					if r.Unit == "lost" && r.Value != 0 {
						t.Errorf("%s: %+v", name, r)
					}
				}
				if !found {
					t.Errorf("%s is not measured: %s", name, stdout)
				}
			}
		})
	}
}
