package publishing_test

import (
	"slices"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/catalogue"
)

func TestWhatWasSetUpInTheConsoleIsNotTakenOverByTheFile(t *testing.T) {
	folder, site := t.TempDir(), press(t)
	r := open(t, folder)
	r.save(t, 0, "lecker", lecker())
	r.save(t, 0, "news", feedAt(site.URL+"/console"))
	r.save(t, 0, "news", newsKeyword("news"))
	other := lecker()
	other.ID = "other"
	own := lecker()
	own.Name, own.Sources, own.Keywords = "Of the file", []catalogue.Source{feedAt(site.URL + "/file")}, []catalogue.Keyword{newsKeyword("news")}
	if changed, err := r.Provision(t.Context(), []catalogue.Publisher{other, own}); pull.KindOf(err) != pull.Invalid || changed != nil || r.Edition("other") != nil {
		t.Errorf("changed %v, %v", changed, err)
	}
	if got := r.ask(t, "news"); !strings.Contains(got, "Headline of /console") {
		t.Errorf("a reader is told %q", got)
	}

	// One that was there before the file named it is put aside, and back once the file does not.
	r.close()
	r = open(t, folder, own)
	if got := r.ask(t, "news"); !strings.Contains(got, "Headline of /file") {
		t.Errorf("a reader is told %q", got)
	}
	changed, err := r.Provision(t.Context(), nil)
	if err != nil || !slices.Equal(changed, []string{"lecker"}) {
		t.Errorf("changed %v, %v", changed, err)
	}
	if got := r.ask(t, "news"); !strings.Contains(got, "Headline of /console") {
		t.Errorf("a reader is told %q", got)
	}
}
