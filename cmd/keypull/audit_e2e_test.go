package main

import (
	"encoding/json"
	"strings"
	"testing"

	"keypull/cmd/keypull/cli"
	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/pipeline"
	"keypull/web/console"
)

// TestAnAuditNamesTheCauseOfEveryMessageAndEveryOrphan looks at all that was sent, with a
// server and without, and finds what no path of the service can write.
func TestAnAuditNamesTheCauseOfEveryMessageAndEveryOrphan(t *testing.T) {
	s := askedHouse(t)
	for _, running := range []bool{true, false} {
		if !running {
			s.stop()
		}
		code, lines, said := s.run("audit sends --json")
		if code != cli.Done || said != "orphans: none\n" || strings.Contains(lines, askingSession) || strings.Contains(lines, "gazpacho") {
			t.Fatalf("%d, %s, %s", code, said, lines)
		}
		all := strings.Split(strings.TrimSpace(lines), "\n")
		if len(all) != 3 {
			t.Fatal(lines)
		}
		for _, line := range all {
			var e console.SendEntry
			if err := json.Unmarshal([]byte(line), &e); err != nil || e.Kind != "asked" || e.Cause != e.Ask || e.Orphan || !e.CauseKept || e.Publisher != "lecker" || e.Channel != "web" {
				t.Errorf("%v: %s", err, line)
			}
			// The end of the last ask is written with what comes next.
			if e.Fate != pipeline.Handed && !running {
				t.Errorf("it is %q: %s", e.Fate, line)
			}
		}
		s.runs(t, []commandLine{
			{"in words", "audit sends --publisher lecker", cli.Done, `lecker/web .* asked  handed  \n(.*\n)*orphans: none\n$`, ""},
			{"no such publisher", "audit sends --publisher lekker", cli.Findings, "", "lecker"},
		})
	}
	h, err := openInstallation(t.Context(), s.config, s.logger, true)
	if err != nil {
		t.Fatal(err)
	}
	a := pull.Ask{ID: 1 << 40, Publisher: "lecker", Channel: "web", Reader: h.readerKey("lecker", "web", "session-of-nobody"), At: s.clock.Now()}
	_, err = h.ledger.Settle(t.Context(), pipeline.Settlement{Ask: a, Record: pipeline.Record{
		Reply: &pull.Reply{Blocks: []pull.Block{{Kind: pull.Paragraph, Text: "Big sale"}}},
		Trace: journal.Trace{Ask: a.ID, At: a.At, Channel: "web", Kind: string(pull.Human), Outcome: journal.Told},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	code, lines, said := s.run("audit sends --json")
	if code != cli.Findings || !strings.Contains(said, "orphans: 1 (lecker/1099511627776)") || strings.Count(lines, `"orphan":true`) != 1 || strings.Contains(lines, "sale") {
		t.Errorf("%d, %s, %s", code, said, lines)
	}
}
