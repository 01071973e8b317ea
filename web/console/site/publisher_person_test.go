package site_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// TestTheSettingsSayHowAPersonIsReached holds that the form reads what it wrote, and that a
// save of something else leaves it alone.
func TestTheSettingsSayHowAPersonIsReached(t *testing.T) {
	const at = "/console/p/lecker/settings"
	r := newRig(t)
	ann := r.as("lecker owner")
	ann.submit(at, ann.changed(at, "person.hours", "mon-fri 09:00-17:00\nsat 09:00-12:00", "person.away", "en = We are closed.", "person.contacts", "delivery = 030 1234\nads = ads@example.org")).leads(t, at+"?done=saved")
	for _, change := range []string{"", "desk@example.org"} {
		if change != "" {
			ann.submit(at, ann.changed(at, "contact", change)).leads(t, at+"?done=saved")
		}
		p := r.Publisher("lecker").Person
		if len(p.Hours) != 2 || p.Away.In("en") != "We are closed." || p.Contacts["delivery"] != "030 1234" || p.Contacts["ads"] != "ads@example.org" {
			t.Fatalf("%+v", p)
		}
		ann.get(at).wants(t, http.StatusOK, "sat 09:00-12:00", "delivery = 030 1234", "en = We are closed.")
	}
	ann.submit(at, ann.changed(at, "person.hours", "always")).wants(t, http.StatusUnprocessableEntity, "always")
	ann.submit(at, ann.changed(at, "person.hours", "", "person.away", "", "person.contacts", "")).leads(t, at+"?done=saved")
	if p := r.Publisher("lecker").Person; len(p.Hours)+len(p.Away)+len(p.Contacts) != 0 {
		t.Errorf("%+v", p)
	}
}

// TestTheSettingsSayWhereConversationsAreCarried holds that a bridge that is chosen asks for what
// it needs, that its secret is not shown, and that a save of something else leaves it alone.
func TestTheSettingsSayWhereConversationsAreCarried(t *testing.T) {
	const at, of = "/console/p/lecker/settings", "person.bridge.settings."
	r := newRig(t)
	ann := r.as("lecker owner")
	if among := ann.get(at).page(t).among("person.calendar"); !slices.Contains(among, "news") || !slices.Contains(among, "") {
		t.Errorf("a calendar is chosen among %q", among)
	}
	form := ann.changed(at, "person.bridge.kind", "helpdesk")
	ann.submit(at, form).wants(t, http.StatusUnprocessableEntity, of+"to", of+"secret")
	if among := ann.submit(at, form).page(t).among(of + "over"); !slices.Equal(among, []string{"", "web"}) {
		t.Errorf("a channel is chosen among %q", among)
	}
	form.Set(of+"over", "gone")
	form.Set(of+"to", "desk")
	form.Set(of+"from", "ann\nben")
	form.Set(of+"secret", "a-secret-word")
	ann.submit(at, form).leads(t, at+"?done=saved")
	if shown := ann.get(at); strings.Contains(shown.body, "a-secret-word") || !strings.Contains(shown.body, "ann\nben") {
		t.Error("the secret is shown, or the rest is not")
	}
	if among := ann.get(at).page(t).among(of + "over"); !slices.Equal(among, []string{"", "web", "gone"}) {
		t.Errorf("with one that is gone, a channel is chosen among %q", among)
	}
	ann.submit(at, ann.changed(at, "contact", "desk@example.org")).leads(t, at+"?done=saved")
	b := r.Publisher("lecker").Person.Bridge
	if b.Kind != "helpdesk" || b.Settings["to"] != "desk" || b.Settings["secret"] != "a-secret-word" {
		t.Errorf("%+v", b)
	}
	ann.submit(at, ann.changed(at, "person.bridge.kind", "")).leads(t, at+"?done=saved")
	if b := r.Publisher("lecker").Person.Bridge; b.Kind != "" || len(b.Settings) != 0 {
		t.Errorf("%+v", b)
	}
}

// among returns the values that a list of the page's forms offers.
func (p page) among(name string) (values []string) {
	for _, n := range p.all(func(n *html.Node) bool {
		return n.Data == "option" && n.Parent.Data == "select" && attr(n.Parent, "name") == name
	}) {
		values = append(values, attr(n, "value"))
	}
	return values
}
