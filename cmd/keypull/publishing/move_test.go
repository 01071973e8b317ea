package publishing_test

import (
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/who"
)

// tap returns what a reader is told who presses a button.
func (r *rig) tap(t *testing.T, payload string) (string, string) {
	t.Helper()
	a := pull.Ask{ID: 1, Publisher: "lecker", Channel: "web", At: time.Now(), Incoming: pull.Incoming{Tap: payload}}
	o := r.resolver.Resolve(t.Context(), pull.Request{Edition: r.Edition("lecker"), Ask: a, Reader: who.Reader{}})
	var b strings.Builder
	for _, block := range o.Reply.Blocks {
		b.WriteString(block.Text + "\n")
	}
	return b.String(), o.Trace.What.Keyword
}

func TestARenamedSourceKeepsWhatWasFetchedAndButtonsGoOn(t *testing.T) {
	server, folder := press(t), t.TempDir()
	r := open(t, folder)
	r.save(t, 0, "lecker", lecker())
	source := r.save(t, 0, "news", feedAt(server.URL+"/one"))
	keyword := r.save(t, 0, "news", newsKeyword("news"))
	if got := r.ask(t, "news"); !strings.Contains(got, "Headline") {
		t.Fatalf("%q", got)
	}
	// What is told from here on was fetched before.
	server.Close()
	front, latest := feedAt(server.URL+"/one"), newsKeyword("news")
	front.ID, front.Formerly = "front", []string{"news"}
	latest.ID, latest.Source, latest.Formerly = "latest", "front", []string{"news"}
	metas, err := r.SaveAll(t.Context(), []catalogue.Change{
		change(0, "front", front), {Publisher: "lecker", Resource: catalogue.ResourceSource, ID: "news", When: source.Version},
		change(0, "latest", latest), {Publisher: "lecker", Resource: catalogue.ResourceKeyword, ID: "news", When: keyword.Version},
	})
	if err != nil {
		t.Fatal(err)
	}
	if told, ran := r.tap(t, "k:news"); !strings.Contains(told, "Headline of /one") || ran != "latest" {
		t.Errorf("a button that was sent before says %q by %q", told, ran)
	}
	if h := r.Cache.HealthOf("lecker"); h["front"].Good.IsZero() {
		t.Errorf("how it was doing is forgotten: %+v", h)
	}
	if r.Now("lecker", "news") != "latest" {
		t.Error("figures do not follow")
	}
	// Taken back, it is told as before, and given once more.
	taken, err := r.SaveAll(t.Context(), []catalogue.Change{
		change(0, "news", feedAt(server.URL+"/one")), change(0, "news", newsKeyword("news")),
		{Publisher: "lecker", Resource: catalogue.ResourceKeyword, ID: "latest", When: metas[2].Version}, {Publisher: "lecker", Resource: catalogue.ResourceSource, ID: "front", When: metas[0].Version},
	})
	if told, ran := r.tap(t, "k:news"); err != nil || !strings.Contains(told, "Headline of /one") || ran != "news" {
		t.Errorf("%v; with the former id again it says %q by %q", err, told, ran)
	}
	if _, err := r.SaveAll(t.Context(), []catalogue.Change{
		change(0, "front", front), {Publisher: "lecker", Resource: catalogue.ResourceSource, ID: "news", When: taken[0].Version},
		change(0, "latest", latest), {Publisher: "lecker", Resource: catalogue.ResourceKeyword, ID: "news", When: taken[1].Version},
	}); err != nil {
		t.Fatal(err)
	}
	r.close()
	again := open(t, folder)
	if told, ran := again.tap(t, "k:news"); ran != "latest" {
		t.Errorf("after a new start the button says %q by %q", told, ran)
	}
}

func TestChangesOfWhichOneIsRefusedChangeNothing(t *testing.T) {
	server := press(t)
	r := open(t, t.TempDir())
	r.save(t, 0, "lecker", lecker())
	r.save(t, 0, "news", feedAt(server.URL))
	m := r.save(t, 0, "news", newsKeyword("news"))
	other := newsKeyword("other")
	other.ID = "other"
	for _, when := range []uint64{m.Version + 1, 0} {
		_, err := r.SaveAll(t.Context(), []catalogue.Change{change(0, "other", other), change(when, "news", newsKeyword("changed"))})
		if pull.KindOf(err) != pull.Conflict {
			t.Fatalf("%v", err)
		}
	}
	if _, there := r.Publisher("lecker").Keyword("other"); there || !strings.Contains(r.ask(t, "news"), "Headline") {
		t.Error("half of the changes was made")
	}
}
