package config_test

import (
	"fmt"
	"strings"
	"testing"

	"keypull/cmd/keypull/config"
	"keypull/pull/words"
)

// found is a finding of each of so many rows, and two between them that say something else.
func found(rows int) (all config.Findings) {
	for n := range rows {
		f := config.NewFinding("c.toml", "required", words.Verbatim("Give a title."))
		f.Line, f.Path = n+1, fmt.Sprintf("publisher[0].source[0].events[%d].title", n)
		if all = append(all, f); n == 3 {
			all = append(all, config.NewFinding("c.toml", "unknown", words.Verbatim("another.")), config.NewFinding("c.toml", "required", words.Verbatim("Something else.")))
		}
	}
	return all
}

func TestOneMistakeOfManyRowsIsTold(t *testing.T) {
	for _, c := range []struct{ rows, lines, more int }{
		{rows: 1, lines: 1},
		{rows: 6, lines: 8}, // a line that counts one more would say less
		{rows: 7, lines: 8, more: 2},
		{rows: 250, lines: 8, more: 245},
	} {
		folded := found(c.rows).Folded()
		if len(folded) != c.lines {
			t.Errorf("of %d rows there are %d lines:\n%s", c.rows, len(folded), folded)
		}
		if said := folded.String(); strings.Contains(said, "more") != (c.more > 0) || c.more > 0 && !strings.Contains(said, fmt.Sprintf(":6: publisher.source.events.title: and %d more", c.more)) {
			t.Errorf("of %d rows it is said\n%s", c.rows, said)
		}
	}
}
