package site_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/who"
)

// Where an id may stand: small beside a name, and in what nobody reads.
var (
	besideName = regexp.MustCompile(`(?s)<small[^>]*>.*?</small>`)
	markedUp   = regexp.MustCompile(`(?s)<[^>]*>`)
)

// TestThingsGoByTheirNames walks the pages with ids that are unlike the names.
func TestThingsGoByTheirNames(t *testing.T) {
	const source, keyword, phrase, title = "zq7src", "zq7key", "football", "Front page"
	p := lecker()
	p.Sources[0].ID, p.Sources[0].Title = source, title
	p.Sources = p.Sources[:1]
	k := catalogue.Keyword{ID: keyword, Source: source, Phrases: map[string][]string{"en": {phrase, "soccer"}}, Formerly: []string{"headlines"}}
	k.Defaults()
	p.Keywords = []catalogue.Keyword{k}
	r := newRig(t, p)
	r.ask(keyword)
	r.demands("fotball", 6, keyword)
	r.demanded = append(r.demanded, journal.Tell{Text: phrase, Keyword: keyword, Language: "en", At: r.clock()})
	r.holds(askingReader, who.Reader{First: r.clock(), Recent: []who.Pull{{Keyword: keyword, At: r.clock()}}})
	r.health.all = []pull.Health{{Publisher: "lecker", Source: source, Good: r.clock()}}
	r.wait(time.Minute)
	owner := r.visit(r.person("ann@example.org", "lecker owner"))
	owner.post(room+"keywords/"+keyword+"/rename", "version", "*", "take_away", "headlines").leads(t, room+"keywords/"+keyword+"/rename?done=keyword_saved")
	if got := r.keywordOf(keyword); len(got.Formerly) > 0 {
		t.Errorf("it was %v before", got.Formerly)
	}
	for path, name := range map[string]string{
		"today": phrase, "keywords": phrase, "keywords?q=x": title, "sources": title, "sources?q=front": title, "demand": phrase, "audit": phrase,
		"search?q=front": title, "search?q=foot": phrase, "keywords/new": title, "keywords/" + keyword: title, "sources/" + source: phrase,
		"keywords/" + keyword + "/delete": title, "sources/" + source + "/delete": phrase,
		"keywords/" + keyword + "/rename": phrase, "sources/" + source + "/rename": title,
	} {
		statusWord(t, path, owner.get(room+path).wants(t, 200), name, source, keyword)
	}
	statusWord(t, "readers", owner.post(readersAt, "channel", "web", "id", askingReader).wants(t, 200), phrase, keyword)
	for _, many := range []string{"change", "drop"} {
		statusWord(t, many, owner.post(room+"keywords/"+many, "id", keyword).wants(t, 200), phrase, source, keyword)
	}
	owner.post(room+"keywords/"+keyword+"/delete", "version", "*").leads(t, room+"keywords?done=keyword_deleted")
	owner.get(room+"audit").wants(t, 200, "<bdi>"+phrase+"</bdi>", "deleted the keyword "+phrase)
}

// statusWord wants a page to tell a name, and no id but small beside one.
func statusWord(t *testing.T, path string, a answer, name string, ids ...string) {
	t.Helper()
	text := markedUp.ReplaceAllString(besideName.ReplaceAllString(a.body, ""), " ")
	if !strings.Contains(text, name) {
		t.Errorf("%s does not name %q", path, name)
	}
	for _, id := range ids {
		if at := strings.Index(text, id); at >= 0 {
			t.Errorf("%s tells the id %s: %q", path, id, strings.Join(strings.Fields(text[max(at-80, 0):min(at+40, len(text))]), " "))
		}
	}
}
