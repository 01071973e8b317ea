package sourcetest

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"

	"keypull/pull/settings"
	"keypull/sources"
)

// Discovered is a document that the kind can make something of.
type Discovered struct {
	Name     string
	Document sources.Document
	// Settings are those of the first thing found; Leads where the document leads
	// to instead; nil if it does not.
	Settings map[string]any
	Leads    []string
	// Open are the settings that are left to the editor.
	Open []string
}

// discovers holds the option to its contract: what is found can be filled in, a
// document is left alone, and one that means nothing brings nothing.
func (c Case) discovers(t *testing.T) {
	if _, ok := c.Kind.New().(sources.Discoverer); !ok {
		if len(c.Discovered) > 0 {
			t.Error("the kind discovers nothing")
		}
		return
	}
	if len(c.Discovered) == 0 && c.Upstream != nil {
		t.Error("the kind discovers, and the case has no document for it")
	}
	for _, one := range c.Discovered {
		t.Run(one.Name, func(t *testing.T) { c.discoversOne(t, one) })
	}
	t.Run("nothing in what means nothing", c.discoversNothing)
}

func (c Case) discoversOne(t *testing.T, one Discovered) {
	body := bytes.Clone(one.Document.Body)
	found := c.discover(t, one.Document)
	if !bytes.Equal(body, one.Document.Body) {
		t.Error("the document was changed")
	}
	if again := c.discover(t, one.Document); !reflect.DeepEqual(found, again) {
		t.Errorf("a second look finds something else: %+v and %+v", found, again)
	}
	var leads []string
	for _, f := range found {
		if f.At != "" && !f.Guess {
			leads = append(leads, f.At)
		}
	}
	if !slices.Equal(leads, one.Leads) {
		t.Errorf("it leads to %q; want %q", leads, one.Leads)
	}
	if one.Settings == nil {
		return
	}
	if len(found) == 0 {
		t.Fatal("nothing was found")
	}
	f := found[0]
	if !reflect.DeepEqual(f.Settings, one.Settings) {
		t.Errorf("found %v; want %v", f.Settings, one.Settings)
	}
	if !slices.Equal(f.Open, one.Open) {
		t.Errorf("open is %q; want %q", f.Open, one.Open)
	}
	if f.Phrase.IsZero() {
		t.Error("no word is proposed to ask for it by")
	}
	if err := settings.Fill(c.Kind.New(), f.Settings); err != nil && len(f.Open) == 0 {
		t.Errorf("what was found is refused: %v", err)
	}
}

// discover asks the kind; a breakdown fails the test.
func (c Case) discover(t *testing.T, d sources.Document) (found []sources.Found) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("the discovery breaks down: %v", p)
		}
	}()
	s, _ := c.Kind.New().(sources.Discoverer)
	found = s.Discover(d)
	for _, f := range found {
		if (f.At == "") == (f.Settings == nil) {
			t.Errorf("%+v is neither a source nor a place to look at", f)
		}
	}
	return found
}

func (c Case) discoversNothing(t *testing.T) {
	const address = "https://example.org/x"
	for name, body := range map[string]string{
		"an empty document": "", "a picture": "\x89PNG\r\n\x1a\n\x00\x00", "a sentence": "Nothing to see here.",
		"a torn object": `{"a": [1, {"b":`, "a torn page": "<html><head><link rel=alternate type=", "a null": "null",
		"deep brackets": strings.Repeat("[", 100_000), "deep elements": strings.Repeat("<a>", 100_000),
	} {
		d := sources.Document{Address: address, URL: address, Body: []byte(body)}
		for _, f := range c.discover(t, d) {
			if f.At == "" {
				t.Errorf("%s brings %+v", name, f)
			}
		}
	}
}
