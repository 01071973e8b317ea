package config

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"

	"keypull/pull/settings"
)

// manyRows are keyword tables, some with tables of their own below them.
func manyRows(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "  [[publisher.keyword]] # %d\n  id = \"k%d\"\n  phrases = { en = [\"word %d\"] }\n", i, i, i)
		if i%5 == 0 {
			b.WriteString("  [publisher.keyword.template]\n  en = '''\n[[publisher.keyword]]\n'''\n")
		}
	}
	return b.String()
}

func TestADocumentInPiecesIsTheDocument(t *testing.T) {
	const head, source = "[[publisher]]\nid = \"a\"\n", "[[publisher.source]]\nid = \"s\"\n"
	for _, c := range []struct {
		name, text string
		// whole says that it is for parse to look at.
		whole bool
	}{
		{"one publisher", "[server]\nlisten = \"x\"\n" + head + source + manyRows(7), false},
		{"more rows than are read at a time", head + manyRows(2*rowsAtOnce+3) + source, false},
		{"runs between other tables", head + manyRows(3) + source + manyRows(2) + "[fetch]\nper_host = 3\n", false},
		{"two publishers", head + manyRows(2) + "[[publisher]]\nid = \"b\"\n[[publisher]]\nid = \"c\"\n" + manyRows(4), false},
		{"headers in quotes", head + "[[ \"publisher\" . 'keyword' ]]\nid = \"k\"\n", false},
		{"no keywords", head + source, true},
		{"no publisher before them", manyRows(1), true},
		{"a publisher that is no list", "[publisher]\nid = \"a\"\n" + manyRows(1), true},
		{"publishers in one line", "publisher = [{ id = \"a\" }]\n" + manyRows(1), true},
		{"keywords in one line too", head + "keyword = [{ id = \"k\" }]\n" + manyRows(1), true},
		{"a table that is the list", head + manyRows(1) + source + "[publisher.keyword.template]\nen = \"x\"\n", true},
		{"broken syntax", head + manyRows(1) + "id = \n", true},
		{"a key without end", head + manyRows(1) + strings.Repeat("a.", maxKeyParts) + "b = 1\n", true},
		{"a header without end", head + manyRows(1) + "[a" + strings.Repeat(".a", maxKeyParts) + "]\n", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := &loader{config: Default(), path: "x.toml"}
			got, broken := l.inPieces([]byte(c.text))
			if (got == nil) != c.whole {
				t.Fatalf("read in pieces: %t", got != nil)
			}
			if c.whole {
				return
			}
			var want map[string]any
			if err := toml.Unmarshal([]byte(c.text), &want); err != nil {
				t.Fatal(err)
			}
			publishers, _ := got["publisher"].([]any)
			for _, p := range publishers {
				p, _ := p.(map[string]any)
				if rows, ok := p["keyword"].(settings.Stream); ok {
					if p["keyword"] = slices.Collect(rows.Rows); len(p["keyword"].([]any)) != rows.Len {
						t.Errorf("%d rows were announced", rows.Len)
					}
				}
			}
			if diff := cmp.Diff(want, got); diff != "" || *broken {
				t.Errorf("broken %t; other than whole:\n%s", *broken, diff)
			}
		})
	}
}

func TestARowThatIsNoneInPiecesIsToldWithItsLine(t *testing.T) {
	text := "[[publisher]]\nid = \"a\"\nname = \"A\"\nlanguages = [\"en\"]\n[[publisher.source]]\nid = \"s\"\nkind = \"feed\"\n[publisher.source.settings]\nurl = \"https://example.org/\"\n" +
		"[[publisher.keyword]]\nid = \"k\"\nsource = \"s\"\nphrases = { en = [\"${WORD}\"] }\n" +
		"[[publisher.keyword]]\nid = \"k\"\nsource = \"t\"\nphrases = { en = [\"${NONE}\"] }\ncount = 99\n"
	env := func(name string) (string, bool) { return "news", name == "WORD" }
	for _, c := range []struct{ name, more string }{{"in pieces", ""}, {"after all whole", "[[publisher.keyword]]\nid = \"x\"\nid = \"y\"\n"}} {
		config, found := Read("x.toml", []byte(text+c.more), env, testKinds())
		var lines []int
		for _, f := range found {
			lines = append(lines, f.Line)
		}
		if c.more != "" {
			if len(lines) == 0 || !slices.Contains(lines, 21) {
				t.Errorf("%s: the key that stands there twice is not told: %v", c.name, found)
			}
			continue
		}
		if diff := cmp.Diff([]int{15, 16, 17, 18}, lines); diff != "" {
			t.Errorf("%s the lines are others: %v", c.name, found)
		}
		if got := config.Publishers[0].Keywords[0].Phrases["en"][0]; got != "news" {
			t.Errorf("%s the word is %q", c.name, got)
		}
	}
}
