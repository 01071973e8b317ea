package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"

	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/config"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/what"
	commands "keypull/pull/what/command"
	"keypull/pull/what/slot"
)

// docRow is a row of a table in docs/understanding.md or docs/check.md, with what the headings
// above it say.
type docRow struct {
	line  int
	cells []string
	// language is that of the reader: the tag in brackets at the end of a
	// heading, English otherwise.
	language string
	// autocorrect is what the heading says of it: autocorrect = "offer"; wishes
	// the same of how many keywords one message may run.
	autocorrect, wishes string
}

var (
	docLanguage    = regexp.MustCompile(`\((\w\w)\)$`)
	docAutocorrect = regexp.MustCompile("`autocorrect = \"(\\w+)\"`")
	docWishes      = regexp.MustCompile("`wishes = (\\d)`")
	docCell        = regexp.MustCompile("^`(.*)`$")
)

// readDoc returns the rows of all tables by the titles of their columns, and
// what stands in the blocks of TOML, JSON and commands.
func readDoc(t *testing.T, name string) (tables map[string][]docRow, blocks []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", name)) //nolint:gosec // a file of this repository
	if err != nil {
		t.Fatal(err)
	}
	tables = map[string][]docRow{}
	title, at := "", docRow{language: "en"}
	var block *strings.Builder
	for n, line := range strings.Split(string(text), "\n") {
		switch {
		case block != nil && line == "```":
			blocks = append(blocks, block.String())
			block = nil
		case block != nil:
			block.WriteString(line + "\n")
		case line == "```toml", line == "```jsonl", line == "```sh":
			block = &strings.Builder{}
		case strings.HasPrefix(line, "#"):
			at = docRow{language: "en"}
			if m := docLanguage.FindStringSubmatch(line); m != nil {
				at.language = m[1]
			}
			if m := docAutocorrect.FindStringSubmatch(line); m != nil {
				at.autocorrect = m[1]
			}
			if m := docWishes.FindStringSubmatch(line); m != nil {
				at.wishes = m[1]
			}
		case !strings.HasPrefix(line, "|"):
			title = ""
		case title == "":
			title = line
		case !strings.HasPrefix(line, "|---"):
			at.line, at.cells = n+1, nil
			for cell := range strings.SplitSeq(strings.Trim(line, "|"), "|") {
				cell = strings.TrimSpace(cell)
				if m := docCell.FindStringSubmatch(cell); m != nil {
					cell = m[1]
				}
				at.cells = append(at.cells, cell)
			}
			tables[title] = append(tables[title], at)
		}
	}
	return tables, blocks
}

// docPublisher reads a publisher as it stands in a configuration file.
func docPublisher(t *testing.T, block string) catalogue.Publisher {
	t.Helper()
	var file struct {
		Publisher []map[string]any `toml:"publisher"`
	}
	if err := toml.Unmarshal([]byte(block), &file); err != nil || len(file.Publisher) != 1 {
		t.Fatalf("%d publishers, %v in\n%s", len(file.Publisher), err, block)
	}
	var p catalogue.Publisher
	p.Defaults()
	if err := settings.Fill(&p, file.Publisher[0]); err != nil {
		t.Fatal(err)
	}
	return p
}

// docIndex returns what answers the readers of a publisher.
func docIndex(p catalogue.Publisher, row docRow) *what.Index {
	wishes, _ := strconv.Atoi(row.wishes)
	terms := map[string]*what.Vocabulary{}
	for _, s := range p.Sources {
		var known []what.Term
		symbols, _ := s.Settings["symbols"].([]any)
		for _, row := range symbols {
			if row, ok := row.(map[string]any); ok {
				known = append(known, what.Term{Value: fmt.Sprint(row["symbol"]), Names: []string{fmt.Sprint(row["name"])}})
			}
		}
		terms[s.ID] = what.NewVocabulary(known)
	}
	all := make([]what.Keyword, 0, len(p.Keywords))
	for _, k := range p.Keywords {
		all = append(all, what.Keyword{ID: k.ID, Phrases: k.Phrases, Argument: what.Argument(k.Argument), Slot: slot.Kind(k.Slot), Bare: k.Bare, Tie: k.Tie,
			Vocabulary: terms[k.Source], Autocorrect: what.Autocorrect(k.Autocorrect)})
	}
	return what.NewIndex(all, what.Options{Autocorrect: what.Autocorrect(row.autocorrect), Wishes: wishes})
}

// docHappens says what becomes of a message, in the words of the document.
func docHappens(m what.Match) string {
	var names []string
	for _, c := range m.Candidates {
		name := "`" + c.Keyword + "`"
		if c.Argument != "" {
			name += " for “" + c.Argument + "”"
		}
		names = append(names, name)
	}
	switch m.Decision {
	case what.Run:
		if m.Corrected {
			return "answers " + names[0] + ", and names it"
		}
		return "answers " + strings.Join(names, " and ")
	case what.Offer:
		return "offers " + strings.Join(names, ", ")
	case what.Reserved:
		if len(names) > 0 && m.Command == commands.Save {
			return "saves " + names[0]
		}
		if len(names) > 0 && m.Command == commands.Unsave {
			return "lets " + names[0] + " go"
		}
		if !slices.Contains(commands.All(), m.Command) {
			return "is the wish " + strings.ToUpper(string(m.Command))
		}
		return "is the command " + strings.ToUpper(string(m.Command))
	}
	if m.Core == "" {
		return "is greeted"
	}
	for _, c := range m.Runners {
		names = append(names, "`"+c.Keyword+"`")
	}
	if len(names) > 0 {
		return "is not understood; nearest: " + strings.Join(names, ", ")
	}
	return "is not understood"
}

func TestTheExamplesOfUnderstandingAreTrue(t *testing.T) {
	tables, blocks := readDoc(t, "understanding.md")
	if len(blocks) == 0 {
		t.Fatal("there is no catalogue")
	}
	p := docPublisher(t, blocks[0])
	for _, f := range catalogue.Check(p, nil) {
		if f.Severity == catalogue.Error {
			t.Errorf("the catalogue: %+v", f)
		}
	}
	indexes, languages := map[string]*what.Index{}, map[string]bool{}
	for _, title := range []string{"| message | what happens |", "| message | what happens | rule |"} {
		for _, row := range tables[title] {
			of := row.autocorrect + row.wishes
			ix := indexes[of]
			if ix == nil {
				ix = docIndex(p, row)
				indexes[of] = ix
			}
			languages[row.language] = true
			m := ix.Match(row.cells[0], row.language)
			got := []string{row.cells[0], docHappens(m), string(m.Tier)}
			if diff := cmp.Diff(row.cells, got[:len(row.cells)]); diff != "" {
				t.Errorf("line %d: %s", row.line, diff)
			}
		}
	}
	for _, l := range strings.Fields("en fr de es it pt nl pl tr id ru ar hi ja zh th") {
		if !languages[l] {
			t.Errorf("there is no example in %q", l)
		}
	}
}

func TestTheSlotsOfUnderstandingAreTrue(t *testing.T) {
	tables, _ := readDoc(t, "understanding.md")
	rows := tables["| `slot` | a reader writes | the source gets |"]
	kinds := map[string]bool{}
	for _, row := range rows {
		kinds[row.cells[0]] = true
		monday := time.Date(2026, time.March, 2, 10, 0, 0, 0, time.UTC)
		got, ok := slot.Parse(slot.Kind(row.cells[0]), row.cells[1], monday, "en")
		if !ok {
			got = "what was written"
		}
		if got != row.cells[2] {
			t.Errorf("line %d: %q of kind %s becomes %q, %v", row.line, row.cells[1], row.cells[0], got, ok)
		}
	}
	if len(kinds) != 4 {
		t.Errorf("the kinds shown are %v", kinds)
	}
}

func TestTheFindingsOfTheCheckAreTrue(t *testing.T) {
	tables, blocks := readDoc(t, "check.md")
	if len(blocks) == 0 {
		t.Fatal("there is no catalogue with mistakes")
	}
	p := docPublisher(t, blocks[0])
	var want, got []string
	for _, row := range tables["| finding | here | what to do |"] {
		want = append(want, row.cells[0]+" at "+strings.Trim(row.cells[1], "`"))
	}
	about := func(string) catalogue.About {
		return catalogue.About{Terms: []what.Term{{Value: "SAP", Names: []string{"SAP SE"}}}}
	}
	for _, f := range catalogue.Check(p, about) {
		at := f.Args["phrase"]
		if at == "" {
			at = f.Path[strings.IndexByte(f.Path, '.')+1:]
		}
		got = append(got, f.Code+" at "+at)
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, slices.Compact(got)); diff != "" {
		t.Error(diff)
	}
}

// checkedCodes returns the codes of what check finds in a configuration, each once.
func checkedCodes(t *testing.T, text string) []string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "mistakes.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := command(t.Context(), "check", "--offline", "--json", path)
	if code != cli.Findings || stderr != "" {
		t.Errorf("check ends with %d and says %q", code, stderr)
	}
	var codes []string
	for line := range strings.Lines(stdout) {
		var f config.Finding
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatal(err)
		}
		codes = append(codes, f.Code)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

func TestTheCheckFindsEverythingAtOnce(t *testing.T) {
	tables, blocks := readDoc(t, "check.md")
	var all []string
	for _, row := range tables["| finding | here | what to do |"] {
		all = append(all, row.cells[0])
	}
	with := func(codes ...string) []string {
		codes = slices.Concat(all, codes)
		slices.Sort(codes)
		return slices.Compact(codes)
	}
	without := func(codes []string, code string) []string {
		return slices.DeleteFunc(codes, func(c string) bool { return c == code })
	}
	channel := "\n[[publisher.channel]]\nid = \"web\"\nkind = \"webcat\"\n"
	sourceless := regexp.MustCompile(`(?s)  \[\[publisher\.source\]\].*?\n\n`).ReplaceAllString(blocks[0], "")
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"as it stands":                            {blocks[0], with()},
		"beside a kind that nobody knows":         {blocks[0] + channel, without(with("contact", "privacy", "unknown_kind"), "vocabulary")},
		"beside sources that are not there":       {sourceless, without(with("unknown_source"), "vocabulary")},
		"beside a key that is none":               {"colour = 1\n" + blocks[0], without(with("unknown"), "vocabulary")},
		"nothing else where the file is not TOML": {blocks[0] + "\n[[[\n", []string{"syntax"}},
		"nothing that follows from an error":      {strings.Replace(blocks[0], `phrases = { en = ["for"], fr = [] }`, `phrases = "for"`, 1), without(without(with("lists"), "vocabulary"), "empty")},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, checkedCodes(t, c.text)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTheMatcherOfUnderstandingIsOneThatTheConfigurationTakes(t *testing.T) {
	_, blocks := readDoc(t, "understanding.md")
	const begin = "[publisher.matcher]"
	i := slices.IndexFunc(blocks, func(b string) bool { return strings.Contains(b, begin) })
	if i < 0 {
		t.Fatal("there is no " + begin)
	}
	var file struct {
		Publisher struct {
			Matcher map[string]any `toml:"matcher"`
		} `toml:"publisher"`
	}
	var m catalogue.Matcher
	if err := errors.Join(toml.Unmarshal([]byte(blocks[i]), &file), settings.Fill(&m, file.Publisher.Matcher)); err != nil || m.URL == "" {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestTheExamplesOfMeasuringAreTrue(t *testing.T) {
	_, blocks := readDoc(t, "measuring.md")
	if len(blocks) != 3 {
		t.Fatalf("there are %d blocks, not keywords, messages and commands", len(blocks))
	}
	t.Chdir(t.TempDir())
	for i, name := range []string{"catalogue.jsonl", "queries.jsonl"} {
		if err := os.WriteFile(name, []byte(blocks[i]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for line := range strings.Lines(blocks[2]) {
		args := strings.Fields(line)
		if code, out, problems := command(t.Context(), args[1:]...); args[0] != "keypull" || code != 0 || out == "" {
			t.Errorf("%q ends with %d\n%s\n%s", line, code, out, problems)
		}
	}
}
