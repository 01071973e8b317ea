package page_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/sources"
	"keypull/sources/page"
)

func readPage(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "pages", name+".html")) //nolint:gosec // a file of this repository
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestThePartsThatRepeatAreFound holds which blocks of a page are thought to be its
// items, and what of them is what.
func TestThePartsThatRepeatAreFound(t *testing.T) {
	for name, want := range map[string]struct {
		count       int
		first, last string
		// fields are those that must be known; how they are spelled does not matter.
		fields string
	}{
		"events":     {5, "Die Zelte", "Swing zum Advent", "link price start summary title"},
		"prices":     {6, "Shirt", "Curtains", "price title"},
		"cards":      {4, "Dry cider", "Apple must", "image link price title"},
		"notices":    {4, "2026年11月20日", "2026年10月25日", "link start title"},
		"two":        {3, "Hall", "Vestry", "title"},
		"modules":    {3, "Le marché", "Une patinoire", "link start summary title"},
		"menu":       {5, "Spaghetti", "Fritto", "price title"},
		"arabic":     {3, "أمسية", "ورشة", "image link summary title"},
		"links":      {4, "1.", "4.", "link title"},
		"tailwind":   {3, "Single", "Sea", "link price summary title"},
		"departures": {5, "9:10", "17:15", "price title"},
		"jobs":       {4, "Mozo", "Dependienta", "link title"},
	} {
		t.Run(name, func(t *testing.T) {
			offers := page.Offers(t, readPage(t, name), fetched)
			i := slices.IndexFunc(offers[:min(len(offers), 3)], func(o page.Offered) bool { return len(o.Texts) == want.count })
			if i < 0 {
				t.Fatalf("of its %d items nothing is among the first three of %+v", want.count, offers)
			}
			o := offers[i]
			if !strings.Contains(o.Texts[0], want.first) || !strings.Contains(o.Texts[len(o.Texts)-1], want.last) {
				t.Errorf("%s finds %q", o.Selector, o.Texts)
			}
			for field := range strings.FieldsSeq(want.fields) {
				if o.Fields[field] == "" {
					t.Errorf("no %s is known: %v", field, o.Fields)
				}
			}
			source, _ := canned(t, values{"item": o.Selector, "fields": anyOf(o.Fields)}, "text/html; charset=utf-8", string(readPage(t, name)))
			if items := fetch(t, source); len(items) != want.count || slices.ContainsFunc(items, func(it what.Item) bool { return it.Title == "" }) {
				t.Errorf("they make %d items: %v", len(items), items)
			}
		})
	}
}

func anyOf(fields map[string]string) values {
	all := values{}
	for name, text := range fields {
		all[name] = text
	}
	return all
}

// TestNamesThatProgramsMakeAreNotRelied on: the next release of a site has others.
func TestNamesThatProgramsMakeAreNotReliedOn(t *testing.T) {
	for _, name := range []string{"cards", "modules"} {
		for _, o := range page.Offers(t, readPage(t, name), fetched)[:1] {
			spelled := o.Selector + " " + strings.Join(slices.Sorted(maps.Values(o.Fields)), " ")
			for _, made := range []string{"css-", "3xYz9", "b7Qm1", "9Lk2d"} {
				if strings.Contains(spelled, made) {
					t.Errorf("%s: %s relies on %s", name, spelled, made)
				}
			}
		}
	}
}

// TestWhatIsTypedIsShownAsChosen: a selector of the settings that finds the same
// blocks, or the same piece of one, is what is shown of them.
func TestWhatIsTypedIsShownAsChosen(t *testing.T) {
	s := &page.Settings{URL: "https://site.example/", Item: "section .event-row", Fields: map[string]string{"title": "h3 > a", "link": "h3 a@href"}}
	places := s.Places(sources.Document{URL: s.URL, Type: "text/html", Body: readPage(t, "events"), Fetched: fetched})
	blocks, pieces := 0, map[string]string{}
	for _, p := range places {
		if p.Path == s.Item {
			blocks++
		}
		if pieces[p.Item] == "" {
			pieces[p.Item] = p.Value
		}
	}
	if blocks != 3 || pieces["h3 > a"] != "Die Zelte" || pieces["h3 a@href"] != "/programm/die-zelte" || pieces[".event-price"] != "14 €" {
		t.Errorf("the places are %+v", places)
	}
}

// TestAPageIsShownAsText holds that nothing of a page but its text is shown.
func TestAPageIsShownAsText(t *testing.T) {
	body := `<html><base href="//evil.example"><meta http-equiv=refresh content="0;url=//evil.example"><style>p{background:url(//evil.example)}</style><body onload=alert(1)>` +
		strings.Repeat(`<div class=x onclick=alert(2)><h3>Shed<script>alert(3)</script></h3><p>wood <svg onload=alert(4)><text>svg</text></svg><iframe src=//evil.example>frame</iframe></p><form action=//evil.example><input value=typed></form></div>`, 4)
	places := (&page.Settings{}).Places(sources.Document{URL: "https://site.example/", Type: "text/html", Body: []byte(body), Fetched: fetched})
	if len(places) == 0 {
		t.Fatal("nothing is shown")
	}
	for _, p := range places {
		if said := fmt.Sprint(p); strings.ContainsAny(p.Value, "<>") || strings.Contains(said, "alert") || strings.Contains(said, "evil") || strings.Contains(said, "svg") || strings.Contains(said, "frame") {
			t.Errorf("it shows %+v", p)
		}
	}
}

// TestHugePagesAreLookedThroughWithinBounds goes by how much is shown, and that it
// ends.
func TestHugePagesAreLookedThroughWithinBounds(t *testing.T) {
	for name, body := range map[string]string{
		"many rows":     "<table>" + strings.Repeat("<tr><td>a 1</td><td>b</td><td><a href=/x>c</a></td></tr>", 12_000),
		"many lists":    strings.Repeat("<ul><li>a b c</li><li>d e f</li></ul>", 12_000),
		"many classes":  strings.Repeat(`<div class="a b c d e f g h i j k l m"><p>text</p><b>1</b></div>`, 8_000),
		"deep":          strings.Repeat("<div>", 190) + strings.Repeat("<p>one two</p>", 50),
		"large blocks":  strings.Repeat("<section>"+strings.Repeat("<p>one two</p>", 2_000)+"</section>", 4),
		"of one letter": strings.Repeat("<p>x", 40_000),
	} {
		t.Run(name, func(t *testing.T) {
			offers := page.Offers(t, []byte(body), fetched)
			places := (&page.Settings{}).Places(sources.Document{URL: "https://site.example/", Type: "text/html", Body: []byte(body), Fetched: fetched})
			if len(offers) > 8 || len(places) > 300 {
				t.Errorf("%d lists, %d places", len(offers), len(places))
			}
			if slices.ContainsFunc(places, func(p settings.Place) bool { return len(p.Value) > 1000 }) {
				t.Error("a text is shown whole")
			}
		})
	}
}

// TestSelectorsFindWhatTheyWereMadeFrom makes pages of lists in lists; Offers holds
// each selector against the page.
func TestSelectorsFindWhatTheyWereMadeFrom(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		tag := rapid.SampledFrom([]string{"div", "ul", "li", "section", "p", "a", "table", "tr", "td", "h3", "dl", "dt", "dd", "span", "b", "time", "img", "article", "nav"})
		class := rapid.SampledFrom([]string{"", ` class="row"`, ` class="item hot"`, ` class="css-1ab9x"`, ` class="Card_root__3xYz9"`, ` class="first"`, ` id="main"`, ` itemprop="name"`, ` data-testid="x"`, ` hidden`})
		text := rapid.SampledFrom([]string{"", "Plum jam", "4,20 €", "27.11.2026", "1", "早朝", "x"})
		var b strings.Builder
		open := []string{}
		for range rapid.IntRange(3, 120).Draw(rt, "steps") {
			switch rapid.IntRange(0, 3).Draw(rt, "do") {
			case 0:
				name := tag.Draw(rt, "tag")
				b.WriteString("<" + name + class.Draw(rt, "class") + ">")
				open = append(open, name)
			case 1:
				b.WriteString(text.Draw(rt, "text"))
			case 2:
				if len(open) > 0 {
					b.WriteString("</" + open[len(open)-1] + ">")
					open = open[:len(open)-1]
				}
			case 3:
				name, one := tag.Draw(rt, "tag"), ""
				for range rapid.IntRange(1, 3).Draw(rt, "pieces") {
					piece := tag.Draw(rt, "tag")
					one += "<" + piece + class.Draw(rt, "class") + ">" + text.Draw(rt, "text") + "</" + piece + ">"
				}
				b.WriteString(strings.Repeat("<"+name+class.Draw(rt, "class")+">"+one+"</"+name+">", rapid.IntRange(2, 5).Draw(rt, "times")))
			}
		}
		page.Offers(t, []byte(b.String()), fetched)
	})
}

func FuzzBlocks(f *testing.F) {
	f.Add([]byte(list), "article")
	f.Add([]byte(`<ul><li><a href=/a>a</a> 1<li>b<li class=x>c</ul><dl><dt>a<dd>b<dt>c<dd>d<dt>e<dd>f</dl>`), "dt")
	f.Add([]byte(`<table><tr><td>a<td>1<tr><td>b<td>2<tr><td>c<td>3</table><p hidden>x<template><p>y</template>`), "tr + tr")
	f.Fuzz(func(t *testing.T, body []byte, item string) {
		page.Offers(t, body, fetched)
		for _, p := range (&page.Settings{Item: item, Fields: map[string]string{"title": item}}).Places(sources.Document{URL: "https://site.example/", Body: body, Fetched: fetched}) {
			if p.Path == "" && p.Item == "" && p.Value == "" {
				t.Errorf("an empty place: %+v", p)
			}
		}
	})
}
