package jsonapi_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/sources/sourcetest"
)

// told returns an item in a line.
func told(it what.Item) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s | %s | %s | %s", it.ID, it.Title, it.Summary, it.Link, it.Image())
	if !it.Published.IsZero() {
		b.WriteString(" | " + it.Published.Format("2006-01-02T15:04Z07"))
	}
	for _, f := range it.Facts {
		fmt.Fprintf(&b, " | %s=%s%s", f.Name, f.Text, strings.Join(f.List, ","))
	}
	return b.String()
}

// system is a file of testdata/systems: what is asked of a system as its
// documentation has it, its answer in full, what is told of it, and the ways in
// which it says no.
type system struct {
	Settings values
	Argument string
	URI      string
	Told     []string
	Answer   json.RawMessage
	Refusals []struct {
		Status int
		Kind   pull.ErrorKind
		Body   json.RawMessage
	}
}

// at returns a source of a system that stands at an address.
func (s system) at(t *testing.T, address string) pull.Source {
	t.Helper()
	set := values{"url": address}
	maps.Copy(set, s.Settings)
	return opened(t, set)
}

func TestPresetsKnowTheirSystems(t *testing.T) {
	for name, c := range sourcetest.Documented[system](t, "testdata/systems/*.json") {
		t.Run(name, func(t *testing.T) {
			address, calls := upstream(t, always(sourcetest.Sent(c.Answer)))
			s, _, err := ask(t, c.at(t, address), pull.Query{Argument: c.Argument})
			if err != nil || len(s.Warnings) > 0 {
				t.Fatal(err, s.Warnings)
			}
			if got := (*calls)[0].uri; got != c.URI {
				t.Errorf("asked for\n%s\nwant\n%s", got, c.URI)
			}
			var got []string
			for _, it := range s.Items {
				got = append(got, strings.ReplaceAll(told(it), address, "HOST"))
			}
			if !slices.Equal(got, c.Told) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.Told, "\n"))
			}
		})
	}
}

func TestPresetsKnowHowTheirSystemsSayNo(t *testing.T) {
	for name, c := range sourcetest.Documented[system](t, "testdata/systems/*.json") {
		for i, no := range c.Refusals {
			t.Run(fmt.Sprint(name, " ", i), func(t *testing.T) {
				address, _ := upstream(t, func(call) (int, string) { return no.Status, sourcetest.Sent(no.Body) })
				if _, _, err := ask(t, c.at(t, address), pull.Query{Argument: c.Argument}); pull.KindOf(err) != no.Kind {
					t.Errorf("%d with %s is %v; want %q", no.Status, sourcetest.Sent(no.Body), err, no.Kind)
				}
			})
		}
	}
}

func TestAPresetGoesByTheAddressOfTheAPI(t *testing.T) {
	address, calls := upstream(t, always(`[{"id":1,"title":{"rendered":"A"}}]`))
	source := opened(t, values{"preset": "wordpress", "url": address + "/blog/wp-json/wp/v2/news?per_page=5"})
	s, _, err := ask(t, source, pull.Query{})
	if err != nil || told(s.Items[0]) != "1: A |  |  | " || (*calls)[0].uri != "/blog/wp-json/wp/v2/news?per_page=5&_embed=1" {
		t.Errorf("%v of %v, %v", s.Items, *calls, err)
	}
	address, calls = upstream(t, always(`{"posts":[]}`))
	source = opened(t, values{"preset": "ghost", "key": "0123456789abcdef01234567", "url": address})
	_, _, err = ask(t, source, pull.Query{Argument: "a'b"})
	if got := (*calls)[0]; err != nil || !strings.Contains(got.uri, "filter=title:~'a+b'&") || got.header.Get("Accept-Version") != "v5.0" {
		t.Errorf("asked for %s with %v, %v", got.uri, got.header, err)
	}
}
