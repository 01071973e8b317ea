package site_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"keypull/pull/catalogue"
)

// pageLimit is how large a page of a list may be, in bytes.
const pageLimit = 200_000

// vast returns a publisher with 1,000 sources and 10,000 keywords.
func vast() catalogue.Publisher {
	p := lecker()
	p.Sources, p.Keywords = nil, nil
	for i := range 1000 {
		p.Sources = append(p.Sources, catalogue.Source{ID: fmt.Sprintf("source-%04d", i), Kind: "feed",
			Settings: map[string]any{"url": fmt.Sprintf("https://www.example.org/a/rather/long/path/of/the/feed/%04d/rss.xml", i)}})
	}
	for i := range 10_000 {
		k := catalogue.Keyword{ID: fmt.Sprintf("keyword-%05d", i), Source: fmt.Sprintf("source-%04d", i%1000), Phrases: map[string][]string{}}
		for _, language := range []string{"en", "fr"} {
			for n := range 5 {
				k.Phrases[language] = append(k.Phrases[language], fmt.Sprintf("%s word %c number %05d", language, 'a'+n, i))
			}
		}
		k.Defaults()
		k.Hours = []string{"mon-fri 09:15-15:30", "sat 10:00-12:00", "sun 10:00-12:00"}
		p.Keywords = append(p.Keywords, k)
	}
	return p
}

// href returns the address of the link whose rel is that.
func (p page) href(rel string) string {
	for _, n := range p.all(func(n *html.Node) bool { got, _ := attribute(n, "rel"); return got == rel && n.Data == "a" }) {
		href, _ := attribute(n, "href")
		return href
	}
	return ""
}

func TestListsOfAnySizeStaySmallAndLeadEverywhere(t *testing.T) {
	r := newRig(t, vast())
	ann := r.as("lecker editor")
	for room, want := range map[string]int{"sources": 1000, "keywords": 10_000} {
		path := "/console/p/lecker/" + room
		seen, steps := map[string]bool{}, 0
		for path != "" {
			a := ann.get(path).wants(t, http.StatusOK)
			if len(a.body) > pageLimit {
				t.Fatalf("%s has %d bytes", path, len(a.body))
			}
			p := a.page(t)
			for _, n := range p.all(func(n *html.Node) bool { role, _ := attribute(n, "role"); return role == "rowheader" }) {
				seen[said(n)] = true
			}
			if back := p.href("prev"); (back != "") != (steps > 0) {
				t.Errorf("%s leads back to %q", path, back)
			}
			path = p.href("next")
			steps++
		}
		if len(seen) != want || steps != want/25 {
			t.Errorf("%d %s on %d pages", len(seen), room, steps)
		}
	}
	for _, path := range []string{"/console/p/lecker/keywords?q=word", "/console/p/lecker/keywords?source=source-0999", "/console/p/lecker/keywords/new", "/console/p/lecker/keywords/keyword-09999", "/console/p/lecker/sources/source-0001"} {
		if a := ann.get(path).wants(t, 200); len(a.body) > pageLimit {
			t.Errorf("%s has %d bytes", path, len(a.body))
		}
	}
}

func TestTheWayBackIsTheWayThere(t *testing.T) {
	r := newRig(t, vast())
	ann := r.as("lecker editor")
	path := "/console/p/lecker/sources?q=source"
	var way []string
	for range 4 {
		way = append(way, firstRow(ann.get(path).page(t)))
		path = ann.get(path).page(t).href("next")
	}
	for i := len(way) - 1; i >= 0; i-- {
		path = ann.get(path).page(t).href("prev")
		if !strings.Contains(path, "q=source") {
			t.Fatalf("the search is lost: %s", path)
		}
		if got := firstRow(ann.get(path).page(t)); got != way[i] {
			t.Errorf("back on page %d stands %s, not %s", i, got, way[i])
		}
	}
}

func firstRow(p page) string {
	for _, n := range p.all(func(n *html.Node) bool { role, _ := attribute(n, "role"); return role == "rowheader" }) {
		return said(n)
	}
	return ""
}

func TestOneOfVeryManySourcesIsTyped(t *testing.T) {
	r := newRig(t, vast())
	ann := r.as("lecker editor")
	p := ann.get(room+"keywords/new?source=source-0999").wants(t, 200).page(t)
	if n := p.by("f-source"); n == nil || n.Data != "input" || p.form("thing").Get("source") != "source-0999" {
		t.Error("the source is not typed")
	}
	if options := p.all(func(n *html.Node) bool {
		return n.Data == "option" && n.Parent.Data == "datalist" && strings.HasPrefix(attr(n, "value"), "source-")
	}); len(options) != 200 {
		t.Errorf("%d sources are offered", len(options))
	}
	form := ann.changed(room+"keywords/new", "phrases.en", "something new", "source", "source-99999")
	ann.submit(room+"keywords", form).wants(t, 422).page(t).says("f-source-problem", "There is no source")
	form.Set("source", "source-0999")
	ann.submit(room+"keywords", form).wants(t, 303)
}

func attr(n *html.Node, name string) string {
	value, _ := attribute(n, name)
	return value
}

func BenchmarkLists(b *testing.B) {
	r := newRig(b, vast())
	ann := r.as("lecker editor")
	for _, path := range []string{"sources", "keywords", "keywords?q=word", "keywords?state=open", "channels"} {
		b.Run(path, func(b *testing.B) {
			for b.Loop() {
				if a := ann.get(room + path); a.status != http.StatusOK {
					b.Fatal(a.status)
				}
			}
		})
	}
}

func TestEachOfManyPublishersIsFound(t *testing.T) {
	all := []catalogue.Publisher{lecker()}
	for i := range 300 {
		all = append(all, empty(fmt.Sprintf("outlet-%03d", i)))
	}
	r := newRig(t, all...)
	admin := r.as("admin")
	last := admin.get("/console/p/outlet-299/keywords").wants(t, 200, `aria-current="page"`, `<a href="/console/p/outlet-299/today" aria-current="true"`, "All publishers")
	if n := strings.Count(last.body, `/today"`); n > 60 {
		t.Errorf("a page has %d links to publishers", n)
	}
	admin.get("/console/p/outlet-299/search?q=outlet-250").wants(t, 200, `href="/console/p/outlet-250/today"`)
	admin.get("/console?q=outlet+250").wants(t, 200, `href="/console/p/outlet-250/today"`)
	admin.get("/console?q=nothing+of+it").wants(t, 200, "Show all")
	seen, path := 0, "/console"
	for path != "" {
		p := admin.get(path).wants(t, 200).page(t)
		seen += len(p.all(func(n *html.Node) bool { class, _ := attribute(n, "class"); return class == "kind" }))
		path = p.href("next")
	}
	if seen != len(all) {
		t.Errorf("%d of %d publishers are listed", seen, len(all))
	}
	r.as("lecker editor").get("/console/p/lecker/keywords").wants(t, 200).lacks(t, "All publishers")
}
