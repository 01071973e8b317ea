package main

import (
	"strings"
	"testing"

	"keypull/pull/journal"
)

func TestTheTraceInTheTerminalTellsForWhomKeywordsAre(t *testing.T) {
	var trace journal.Trace
	trace.What.Keyword, trace.When.Source = "tomorrow", "tomorrow"
	trace.What.Variants = []journal.Variant{{Keyword: "tomorrow", By: []string{"code", "hours"}, Stand: "teaser", Lacks: "code"}, {Keyword: "today", Stand: "open"}}
	name := called(func(id string) string { return id })
	got := explainText(trace, name, name)
	for _, want := range []string{"keyword tomorrow, by code, hours: teaser, for lack of: code\n", "keyword today, by nothing: open\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if strings.Contains(got, "asked upstream") {
		t.Errorf("a source that was not looked at is told of:\n%s", got)
	}
}
