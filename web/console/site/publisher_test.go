package site_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"keypull/pull/catalogue"
	"keypull/web/console"
)

func TestAnAdminMakesAPublisher(t *testing.T) {
	r := newRig(t)
	admin := r.as("admin")
	admin.get("/console/new").wants(t, 200, `value="en" checked`, `name="id"`)
	admin.post("/console/new", "outlet", "", "time_zone", "Mars", "id", "lecker").wants(t, http.StatusUnprocessableEntity,
		`value="Mars"`, `href="#f-outlet"`, `href="#f-languages"`, `href="#f-time_zone"`, `href="#f-id"`)
	admin.post("/console/new", "outlet", "Le Monde", "languages", "fr", "time_zone", "Europe/Paris", "autocorrect", "off", "id", "monde").
		leads(t, "/console/p/monde/sources/new?first=1&done=publisher_made")
	if o := r.Publisher("monde"); o == nil || o.Autocorrect != "off" {
		t.Errorf("%+v", o)
	}
	admin.get("/console").wants(t, 200, "Le Monde", "Lecker")
}

func TestASecondPublisherNeedsItsNameAlone(t *testing.T) {
	r := newRig(t)
	admin := r.as("admin")
	admin.get("/console/p/lecker/today").wants(t, 200, `<a href="/console/new">`)
	admin.get("/console/p/lecker/search?q=publisher").wants(t, 200, `href="/console/new"`)
	page := admin.get("/console/new").wants(t, 200, `<details class="fold"><summary>`)
	above, _, _ := strings.Cut(page.body, `<details class="fold">`)
	for name, shown := range map[string]bool{"outlet": true, "languages": true, "time_zone": true, "autocorrect": false, "id": false, "contact": false} {
		if strings.Contains(above, `name="`+name+`"`) != shown {
			t.Errorf("%s stands above what can wait: %v", name, !shown)
		}
	}
	admin.post("/console/new", "outlet", "Le Monde", "languages", "en", "time_zone", "UTC").leads(t, "/console/p/le-monde/sources/new?first=1&done=publisher_made")
	page.wants(t, 200, `<option value="office">Front office of a newspaper</option>`)
	const begun = "/console/p/le-figaro/starters/office?first=1&done=publisher_made"
	admin.post("/console/new", "outlet", "Le Figaro", "languages", "fr", "time_zone", "Europe/Paris", "begin", "office").leads(t, begun)
	admin.get(begun).wants(t, 200, `href="/console/p/le-figaro/sources/new?`, `name="missing_paper"`, `name="contact.fr"`)
	r.as("lecker owner").get("/console/p/lecker/today").wants(t, 200).lacks(t, `href="/console/new"`)
}

func TestAnOwnerChangesTheSettings(t *testing.T) {
	r := newRig(t)
	owner := r.as("lecker owner")
	page := owner.get("/console/p/lecker/settings").wants(t, 200, `value="Lecker"`, `value="en" checked`, `value="fr" checked`, `value="de"`, `value="Europe/Paris"`)
	version := between(t, page.body, `name="version" value="`, `"`)
	owner.post("/console/p/lecker/settings", "version", version, "outlet", strings.Repeat("x", 81), "languages", "fr", "more_languages", "123", "time_zone", "UTC").
		wants(t, http.StatusUnprocessableEntity, `value="fr" checked`, `value="123"`, strings.Repeat("x", 81))
	owner.post("/console/p/lecker/settings", "version", version, "outlet", "Lecker 2", "languages", "fr", "languages", "en", "more_languages", "de-CH; it", "time_zone", "UTC", "autocorrect", "offer").
		leads(t, "/console/p/lecker/settings?done=saved")
	o := r.Publisher("lecker")
	if o.Name != "Lecker 2" || strings.Join(o.Languages, " ") != "fr en de-CH it" || o.TimeZone != "UTC" || o.Autocorrect != "offer" || len(o.Sources) != 2 {
		t.Errorf("%+v", o.Publisher)
	}
	owner.get("/console/p/lecker/settings?done=saved").wants(t, 200, "Saved.", "Italian")

	// Somebody else was faster: both versions are shown, and the editor chooses.
	stale := owner.post("/console/p/lecker/settings", "version", version, "outlet", "Mine", "languages", "en", "time_zone", "UTC", "autocorrect", "off").
		wants(t, http.StatusConflict, "Lecker 2", "Mine", `name="outlet" value="Mine"`)
	now := between(t, stale.body, `name="version" value="`, `"`)
	owner.post("/console/p/lecker/settings", "version", now, "outlet", "Mine", "languages", "en", "time_zone", "UTC", "autocorrect", "off").leads(t, "/console/p/lecker/settings?done=saved")
	if o := r.Publisher("lecker"); o.Name != "Mine" {
		t.Errorf("%+v", o.Publisher)
	}
}

func TestTheSettingsSayHowManyKeywordsAMessageMayRun(t *testing.T) {
	r := newRig(t)
	owner := r.as("lecker owner")
	owner.get("/console/p/lecker/settings").wants(t, 200, `name="wishes"`, `<option value="1" selected>`)
	set := []string{"version", "*", "outlet", "Lecker", "languages", "en", "time_zone", "UTC"}
	for _, wrong := range []string{"0", "4", "many"} {
		owner.post("/console/p/lecker/settings", append(set, "wishes", wrong)...).wants(t, http.StatusUnprocessableEntity, `href="#f-wishes"`)
	}
	owner.post("/console/p/lecker/settings", append(set, "wishes", "2")...).leads(t, "/console/p/lecker/settings?done=saved")
	if o := r.Publisher("lecker"); o.Wishes != 2 {
		t.Errorf("%+v", o.Publisher)
	}
	owner.get("/console/p/lecker/settings").wants(t, 200, `<option value="2" selected>`)
}

func TestTheSettingsSayWhoTheReadersAre(t *testing.T) {
	r := newRig(t)
	owner := r.as("lecker owner")
	save := func(fields ...string) {
		t.Helper()
		owner.post("/console/p/lecker/settings", append([]string{"version", "*", "outlet", "Lecker", "languages", "en", "time_zone", "UTC"}, fields...)...).wants(t, 303)
	}
	save("under_age", "on", "staff_only", "on")
	if p := r.Publisher("lecker"); !p.UnderAge || !p.StaffOnly {
		t.Errorf("%+v", p.Own())
	}
	owner.get("/console/p/lecker/settings").wants(t, 200, "Readers may be children", "For staff only", "Anybody can write to the channel")
	save()
	if p := r.Publisher("lecker"); p.UnderAge || p.StaffOnly {
		t.Errorf("%+v", p.Own())
	}
}

func TestTheSettingsAskWhomReadersMayTurnTo(t *testing.T) {
	r := newRig(t)
	owner := r.as("lecker owner")
	owner.get("/console/p/lecker/settings").wants(t, 200, `name="contact"`, `name="privacy"`, `data-level="warning"`, `href="#f-contact"`, `href="#f-privacy"`)
	set := []string{"version", "*", "outlet", "Lecker", "languages", "en", "time_zone", "UTC"}
	owner.post("/console/p/lecker/settings", append(set, "contact", "ada@", "privacy", "nowhere")...).
		wants(t, http.StatusUnprocessableEntity, `value="ada@"`, `value="nowhere"`, `href="#f-contact"`, `href="#f-privacy"`)
	owner.post("/console/p/lecker/settings", append(set, "contact", "ada@example.org", "privacy", "https://example.org/privacy")...).
		leads(t, "/console/p/lecker/settings?done=saved")
	if o := r.Publisher("lecker"); o.Contact != "ada@example.org" || o.Privacy != "https://example.org/privacy" {
		t.Errorf("%+v", o.Publisher)
	}
	owner.get("/console/p/lecker/settings").wants(t, 200, `value="ada@example.org"`).lacks(t, `data-level="warning"`)
	r.as("admin").get("/console/new").wants(t, 200, `name="contact"`, `name="privacy"`)
}

func TestWhatOperationsSayOfSettingsIsInTheLanguageOfWhoReads(t *testing.T) {
	r := newRig(t)
	owner := r.as("lecker owner")
	owner.post("/console/me", "name", "Ann", "language", "fr", "zone", "Europe/Paris").leads(t, "/console/me?done=saved")
	owner.post("/console/p/lecker/settings", "version", "*", "outlet", strings.Repeat("x", 70_000), "languages", "fr", "time_zone", "UTC").
		wants(t, http.StatusUnprocessableEntity, "64 Kio au plus").lacks(t, "Write at most")
}

// between returns what stands between two texts.
func between(t *testing.T, text, begin, end string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, begin)
	if !ok {
		t.Fatalf("%q is not on the page:\n%s", begin, text)
	}
	found, _, _ := strings.Cut(rest, end)
	return found
}

func TestSettingsThatNobodyMayChangeAreShown(t *testing.T) {
	r := newRig(t)
	for _, grant := range []string{"lecker viewer", "lecker editor"} {
		r.as(grant).get("/console/p/lecker/settings").wants(t, 200, "Only owners of the publisher", `value="Lecker"`, "disabled").lacks(t, "settings/delete")
	}
	r.Provision("lecker")
	owner, admin := r.as("lecker owner"), r.as("admin")
	owner.get("/console/p/lecker/settings").wants(t, 200, "configuration file")
	admin.get("/console/p/lecker/settings").wants(t, 200).lacks(t, "settings/delete")
	owner.post("/console/p/lecker/settings", "version", "*", "outlet", "X", "languages", "en", "time_zone", "UTC").wants(t, http.StatusForbidden, "config.toml")
	admin.get("/console/p/lecker/settings/delete").wants(t, http.StatusForbidden, "configuration file")
	admin.post("/console/p/lecker/settings/delete", "id", "lecker", "version", "*").wants(t, http.StatusForbidden)
	if o := r.Publisher("lecker"); o == nil || o.Name != "Lecker" {
		t.Errorf("%+v", o)
	}
}

func TestTheConsentOfTheOnlyWebChatIsChangedBesideTheSettings(t *testing.T) {
	r := newRig(t)
	editor := r.as("lecker editor")
	page := editor.get("/console/p/lecker/settings").wants(t, 200, "What readers agree to")
	_, form, _ := strings.Cut(page.body, "settings/consent")
	version := between(t, form, `name="version" value="`, `"`)
	editor.post("/console/p/lecker/settings/consent", "version", version, "consent", strings.Repeat("x", 1001)).wants(t, http.StatusUnprocessableEntity, strings.Repeat("x", 1001), `href="#f-consent"`)
	editor.post("/console/p/lecker/settings/consent", "version", version, "consent", " May we?\r\nPlease. ").leads(t, "/console/p/lecker/settings?done=saved")
	c, _ := r.Publisher("lecker").Channel("web")
	if got, _ := c.Settings["consent"].(string); !strings.HasPrefix(got, "May we?") || c.Settings["title"] != "Lecker" {
		t.Errorf("%+v", c.Settings)
	}
	editor.post("/console/p/lecker/settings/consent", "version", version, "consent", "Mine").wants(t, http.StatusConflict, "Somebody else has changed the web chat", "Mine")
	r.as("lecker viewer").get("/console/p/lecker/settings").wants(t, 200, "May we?").lacks(t, "Save the consent")
}

// departing stands in for what takes publishers out.
type departing struct{ *rig }

func (d departing) Leave(_ context.Context, publisher string) (console.PublisherLeft, error) {
	of := console.Departure{Publisher: publisher, Name: d.Publisher(publisher).Name, Ended: d.clock(), Held: map[string]int{"readers": 7}}
	return console.PublisherLeft{Departure: of, Receipt: "signed of " + publisher}, nil
}

func TestAPublisherLeavesByWhoTypesItsIDAndChoosesSo(t *testing.T) {
	r := newRig(t, lecker(), empty("kiosk"))
	admin := r.as("admin")
	version := between(t, admin.get("/console/p/lecker/settings/delete").wants(t, 200, "Leave for good").body, `name="version" value="`, `"`)
	admin.post("/console/p/lecker/settings/delete", "version", version, "id", "Lecker", "leave", "on").wants(t, http.StatusUnprocessableEntity, "Type lecker")
	admin.post("/console/p/lecker/settings/delete", "version", version, "id", "lecker", "leave", "on").wants(t, 200, "“Lecker” has left", "signed of lecker", "7")
}

func TestAPublisherIsDeletedByWhoTypesItsID(t *testing.T) {
	r := newRig(t, lecker(), empty("kiosk"))
	admin := r.as("admin")
	page := admin.get("/console/p/lecker/settings/delete").wants(t, 200, "Delete “Lecker”?")
	version := between(t, page.body, `name="version" value="`, `"`)
	admin.post("/console/p/lecker/settings/delete", "version", version, "id", "Lecker").wants(t, http.StatusUnprocessableEntity, "Type lecker")
	admin.post("/console/p/lecker/settings", "version", "*", "outlet", "Changed", "languages", "en", "time_zone", "UTC").wants(t, http.StatusSeeOther)
	stale := admin.post("/console/p/lecker/settings/delete", "version", version, "id", "lecker").wants(t, http.StatusConflict, "Somebody else has changed this")
	if r.Publisher("lecker") == nil {
		t.Fatal("it is gone")
	}
	admin.post("/console/p/lecker/settings/delete", "version", between(t, stale.body, `name="version" value="`, `"`), "id", "lecker").leads(t, "/console?done=publisher_deleted")
	if r.Publisher("lecker") != nil {
		t.Error("it is there")
	}
}

func TestTheSettingsKeepWhatTheFormDoesNotAskFor(t *testing.T) {
	r := newRig(t)
	owner := r.as("lecker owner")
	own := r.Publisher("lecker").Publisher
	own.Sources, own.Keywords, own.Channels = nil, nil, nil
	own.Featured, own.Reserved = []string{"news"}, map[string][]string{"help": {"sos"}}
	if _, err := r.Save(t.Context(), catalogue.Change{Publisher: "lecker", Resource: catalogue.ResourcePublisher, ID: "lecker", Value: own, When: r.Publisher("lecker").MetaOf(catalogue.ResourcePublisher, "lecker").Version, By: "a test"}); err != nil {
		t.Fatal(err)
	}
	owner.post("/console/p/lecker/settings", "version", "*", "outlet", "Mine", "languages", "en", "time_zone", "UTC").leads(t, "/console/p/lecker/settings?done=saved")
	if o := r.Publisher("lecker"); o.Name != "Mine" || len(o.Featured) != 1 || len(o.Reserved["help"]) != 1 {
		t.Errorf("%+v", o.Publisher)
	}
}
