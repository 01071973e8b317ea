package pull_test

import (
	"testing"
	"time"

	"keypull/pull"
)

func TestAnAnswerThatLeavesLateTellsItsAgeByTheClock(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	midnight := time.Date(2026, 6, 2, 0, 0, 0, 0, paris)
	stamped := pull.Reply{
		Blocks: []pull.Block{{Kind: pull.Paragraph, Text: "Wipro 250\nAs of 14:02, 12 s ago"}, {Kind: pull.Note, Text: "Ask me anything."}},
		Told:   &pull.Told{Stamp: "As of 14:02, 12 s ago", Clock: "As of 14:02", Dated: "As of 1 June, 14:02", Midnight: midnight},
	}
	bare := pull.Reply{
		Blocks: []pull.Block{{Kind: pull.Paragraph, Text: "Wipro 250"}},
		Told:   &pull.Told{Clock: "As of 14:02", Dated: "As of 1 June, 14:02", Midnight: midnight, Aged: midnight.Add(-9 * time.Hour)},
	}
	for name, c := range map[string]struct {
		reply pull.Reply
		at    time.Time
		want  []string
	}{
		"the same day":          {stamped, midnight.Add(-time.Second), []string{"Wipro 250\nAs of 14:02", "Ask me anything."}},
		"the next day":          {stamped, midnight, []string{"Wipro 250\nAs of 1 June, 14:02", "Ask me anything."}},
		"fresh still":           {bare, midnight.Add(-9 * time.Hour), []string{"Wipro 250"}},
		"not fresh any more":    {bare, midnight.Add(-8 * time.Hour), []string{"Wipro 250", "As of 14:02"}},
		"without any such word": {pull.Reply{Blocks: []pull.Block{{Text: "MENU"}}}, midnight, []string{"MENU"}},
	} {
		late := c.reply.Late(c.at)
		if len(late.Blocks) != len(c.want) {
			t.Errorf("%s: %+v", name, late.Blocks)
			continue
		}
		for i, want := range c.want {
			if got := late.Blocks[i].Text; got != want {
				t.Errorf("%s: got %q, want %q", name, got, want)
			}
		}
	}
	if got := stamped.Blocks[0].Text; got != "Wipro 250\nAs of 14:02, 12 s ago" {
		t.Errorf("what was settled has changed: %q", got)
	}
}

func TestEarlierAnswersAreOneLineAboveTheNext(t *testing.T) {
	r := pull.Reply{Language: "en", Blocks: []pull.Block{{Text: "one"}}}
	for n, want := range map[int]string{0: "one", 1: "1 earlier answer was too old; ask again.", 3: "3 earlier answers were too old; ask again."} {
		if got := r.Earlier(n); got.Blocks[0].Text != want || len(r.Blocks) != 1 {
			t.Errorf("%d: %q", n, got.Blocks[0].Text)
		}
	}
}
