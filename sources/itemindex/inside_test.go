package itemindex_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keypull/pull/what"
)

// told is a message of testdata/inside: the beginning of the title that it is about, ""
// where it wants nothing.
type told struct {
	text, want string
}

// outletOf is an outlet of one language: what it has, and what its readers write.
func outletOf(t *testing.T, language string) (*outlet, []told) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "inside", language+".txt")) //nolint:gosec // a file of this repository
	if err != nil {
		t.Fatal(err)
	}
	o := newOutlet(t)
	o.publisher.Languages = []string{language}
	sources, section, messages := map[string]*list{}, "", []told{}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimRight(line, "\n")
		title, text, _ := strings.Cut(line, "\t")
		switch {
		case strings.HasPrefix(line, "# "):
			section = line[2:]
		case strings.HasPrefix(line, "? "):
			messages = append(messages, told{title[2:], text})
		case strings.HasPrefix(line, "- "):
			messages = append(messages, told{text: line[2:]})
		default:
			if sources[section] == nil {
				sources[section] = &list{}
			}
			it := what.Item{ID: title, Title: title, Language: language, Summary: text}
			if section == "events" || section == "recipes" {
				it.Summary, it.Facts = "", what.Facts{{Name: "has", Text: text}}
			}
			sources[section].items = append(sources[section].items, it)
		}
	}
	for id, s := range sources {
		o.add("the-"+id, s)
	}
	o.publish()
	return o, messages
}

// quietOf returns the messages of our sets that ask for nothing, of a language.
func quietOf(t *testing.T, language string) (all []string) {
	t.Helper()
	files, err := filepath.Glob("../../cmd/keypull/eval/testdata/*/*.queries.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, name := range files {
		f, err := os.Open(name) //nolint:gosec // a file of this repository
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(f)
		for lines.Scan() {
			var q struct {
				Q, Lang string
				Expect  struct {
					Type string
					OK   []string
				}
			}
			if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
				t.Fatal(err)
			}
			if q.Expect.Type == "none" && q.Lang == language {
				all = append(all, q.Q)
			}
		}
		_ = f.Close()
	}
	return all
}

// TestMessagesFindWhatTheyAreAbout holds the share of messages that are offered what they
// are about, and that of ordinary ones which are offered anything.
func TestMessagesFindWhatTheyAreAbout(t *testing.T) {
	var right, wanted, wrong, noisy, quiet, broken, kept int
	for _, language := range []string{"en", "de", "es", "fr"} {
		o, messages := outletOf(t, language)
		for _, text := range quietOf(t, language) {
			kept++
			if o.ask(text).Trace.What.Tier == "inside" {
				broken++
				t.Logf("%s: %q is offered something", language, text)
			}
		}
		for _, m := range messages {
			r := o.ask(m.text)
			shown := r.Trace.What.Tier == "inside"
			hit := shown && m.want != "" && strings.Contains(said(r.Reply), m.want)
			if m.want != "" && !hit || m.want == "" && shown {
				t.Logf("%s: %q, about %q: %s", language, m.text, m.want, strings.ReplaceAll(said(r.Reply), "\n", " "))
			}
			switch {
			case m.want == "":
				quiet++
				if shown {
					noisy++
				}
			case hit:
				wanted++
				right++
			default:
				wanted++
				if shown {
					wrong++
				}
			}
		}
	}
	t.Logf("%d of %d are offered what they are about, %d something else; of %d that share a word and want nothing %d are offered something, of %d ordinary ones %d",
		right, wanted, wrong, quiet, noisy, kept, broken)
	if right*100 < wanted*83 || wrong*100 > wanted*2 || noisy*100 > quiet*4 || broken*200 > kept {
		t.Error("they were 84 %, 0 %, 3 % and 0 %")
	}
}
