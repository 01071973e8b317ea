package site_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestACrisisTextGoesUpAndDownByOnePress(t *testing.T) {
	const at = "/console/p/lecker/settings/crisis"
	r := newRig(t)
	owner := r.as("lecker owner")
	owner.get("/console/p/lecker/settings").wants(t, 200, at)
	owner.get(at).wants(t, 200, "Text in English", "Text in French", "72 hours").lacks(t, "It stands until")

	up := url.Values{"text.en": {"The bridge is closed."}, "keywords": {"news, sap"}, "hours": {"12"}}
	owner.submit(at, up).leads(t, at+"?done=crisis_up")
	c := r.Publisher("lecker").Crisis
	if c.Text["en"] != "The bridge is closed." || len(c.Keywords) != 2 || !c.Until.Equal(r.clock().Add(12*time.Hour)) {
		t.Errorf("%+v", c)
	}
	if p := r.Publisher("lecker"); p.Name != "Lecker" || len(p.Languages) != 2 {
		t.Errorf("the publisher is another one: %+v", p.Publisher)
	}
	owner.get(at).wants(t, 200, "It stands until", "The bridge is closed.", "news, sap")
	r.as("lecker editor").get(at).wants(t, 200, "It stands until").lacks(t, "Take it down")
	r.as("lecker editor").submit(at, up).wants(t, http.StatusForbidden)

	owner.submit(at, url.Values{"hours": {"3"}}).wants(t, http.StatusUnprocessableEntity, "Write the text in one language at least.")
	owner.submit(at, url.Values{"text.en": {"Stay at home"}, "hours": {"100"}}).wants(t, http.StatusUnprocessableEntity, "at most 72 hours from now", "Stay at home")
	owner.submit(at, url.Values{"do": {"end"}}).leads(t, at+"?done=crisis_over")
	if c := r.Publisher("lecker").Crisis; len(c.Text) != 0 || c.Until != nil {
		t.Errorf("%+v", c)
	}
}

func TestACrisisTextIsRehearsedBeforeItIsPutUp(t *testing.T) {
	const at = "/console/p/lecker/settings/crisis"
	r := newRig(t)
	owner := r.as("lecker owner")
	text := url.Values{"text.en": {"The bridge is closed."}, "keywords": {"news"}, "hours": {"24"}}
	owner.submit(at+"/rehearse", text).wants(t, 200, "What readers would be told", "The bridge is closed. Told by news", "Web chat", `value="The bridge is closed."`, `<option value="24" selected>`).
		lacks(t, "Told by sap", "It stands until").page(t).harmless()
	owner.submit(at+"/rehearse", url.Values{"text.en": {"x"}, "hours": {"100"}}).wants(t, http.StatusUnprocessableEntity, "at most 72 hours from now")
	owner.submit(at+"/rehearse", url.Values{}).wants(t, http.StatusUnprocessableEntity, "Write the text")
	r.as("lecker editor").submit(at+"/rehearse", text).wants(t, http.StatusForbidden)
	if c := r.Publisher("lecker").Crisis; len(c.Text) != 0 {
		t.Errorf("a rehearsal put up %+v", c)
	}
}

// TestTheKeywordsOfACrisisTextAreThere: they are named by what people call them or by their id, and
// a name that is none of any keyword is refused wherever the text is put up or rehearsed.
func TestTheKeywordsOfACrisisTextAreThere(t *testing.T) {
	const at = "/console/p/lecker/settings/crisis"
	r := newRig(t)
	owner := r.as("lecker owner")
	for _, c := range []struct {
		typed, refused string
		want           []string
	}{
		{"news, sap", "", []string{"news", "sap"}},
		{" Headlines ;SAP, news,", "", []string{"news", "sap"}},
		{"", "", nil},
		{"nosuch", "There is no keyword “nosuch”", nil},
		{"news, opening hours", "There is no keyword “opening hours”", nil},
		{"newz", "did you mean “news”?", nil},
	} {
		text := url.Values{"text.en": {"The bridge is closed."}, "keywords": {c.typed}, "hours": {"24"}}
		if c.refused != "" {
			owner.submit(at, text).wants(t, http.StatusUnprocessableEntity, c.refused, `value="`+c.typed+`"`)
			owner.submit(at+"/rehearse", text).wants(t, http.StatusUnprocessableEntity, c.refused)
			continue
		}
		owner.submit(at+"/rehearse", text).wants(t, 200, "The bridge is closed. Told by news")
		owner.submit(at, text).leads(t, at+"?done=crisis_up")
		if got := r.Publisher("lecker").Crisis.Keywords; !slices.Equal(got, c.want) {
			t.Errorf("%q is kept as %q, want %q", c.typed, got, c.want)
		}
	}
}

func TestACrisisTextNeedsTwoPeopleWhereThatIsSet(t *testing.T) {
	const at, settings = "/console/p/lecker/settings/crisis", "/console/p/lecker/settings"
	r := newRig(t)
	ann, ben := r.as("lecker owner"), r.as("lecker owner")
	ann.post(settings, "version", "*", "outlet", "Lecker", "languages", "en", "time_zone", "UTC", "crisis_by_two", "on").leads(t, settings+"?done=saved")
	stands := func() bool { return r.Publisher("lecker").Crisis.TextAt(r.clock(), "en") != "" }
	text := url.Values{"text.en": {"The bridge is closed."}, "hours": {"12"}}
	ann.get(at).wants(t, 200, "Propose it", "two people")
	ann.submit(at, text).leads(t, at+"?done=crisis_proposed")
	ann.get(at).wants(t, 200, "You have proposed this until").lacks(t, "Put it up", "&lt;time")
	ann.submit(at, url.Values{"do": {"confirm"}})
	if stands() {
		t.Fatal("it stands by one person alone")
	}
	ben.get("/console/p/lecker/today").wants(t, 200, "waits for a second person")
	// Who changes something else, or the text itself, confirms nothing.
	page := ben.get(settings)
	ben.post(settings, "version", between(t, page.body, `name="version" value="`, `"`), "outlet", "Lecker!", "languages", "en", "time_zone", "UTC", "crisis_by_two", "on").leads(t, settings+"?done=saved")
	if stands() || r.Publisher("lecker").Crisis.Proposed == "" {
		t.Fatalf("%+v", r.Publisher("lecker").Crisis)
	}
	ben.submit(at, url.Values{"text.en": {"All is well."}, "hours": {"12"}}).leads(t, at+"?done=crisis_proposed")
	ben.submit(at, url.Values{"do": {"confirm"}})
	if stands() {
		t.Fatal("who changed the text put it up alone")
	}
	ann.get(at).wants(t, 200, "Somebody else has proposed this until", "All is well.", "Put it up")
	ann.submit(at, url.Values{"do": {"confirm"}}).leads(t, at+"?done=crisis_up")
	if !stands() {
		t.Error("it does not stand after two people")
	}
	ben.submit(at, url.Values{"do": {"end"}}).leads(t, at+"?done=crisis_over")
	if stands() {
		t.Error("one person does not take it down")
	}
}

// TestATrackingParameterThatIsNoneIsRefused holds that no line that was typed is left out without a word.
func TestATrackingParameterThatIsNoneIsRefused(t *testing.T) {
	const at = "/console/p/lecker/settings"
	r := newRig(t)
	ann := r.as("lecker owner")
	for _, typed := range []string{"keypull", "source: keypull", "source =", "= keypull", "source = keypull\nmedium"} {
		lines := strings.Split(typed, "\n")
		ann.submit(at, ann.changed(at, "utm", typed)).wants(t, http.StatusUnprocessableEntity, "“"+lines[len(lines)-1]+"” is not understood", lines[0])
		if utm := r.Publisher("lecker").UTM; len(utm) > 0 {
			t.Errorf("%q was saved as %v", typed, utm)
		}
	}
	ann.submit(at, ann.changed(at, "utm", "\n source=keypull \n\n")).leads(t, at+"?done=saved")
}

// TestTheSettingsLeaveTheCrisisTextAndEachOtherAlone holds that a save changes what was
// changed in the form, whatever else stands there or was saved meanwhile.
func TestTheSettingsLeaveTheCrisisTextAndEachOtherAlone(t *testing.T) {
	const at = "/console/p/lecker/settings"
	r := newRig(t)
	ann, ben := r.as("lecker owner"), r.as("lecker owner")
	ann.submit(at+"/crisis", url.Values{"text.en": {"The bridge is closed."}, "hours": {"12"}}).leads(t, at+"/crisis?done=crisis_up")
	form := ann.changed(at, "contact", "ann@example.org", "utm", "source = keypull\nutm_medium = {channel}")
	ben.submit(at, ben.changed(at, "privacy", "https://lecker.example/privacy", "under_age", "on")).leads(t, at+"?done=saved")
	ann.submit(at, form).leads(t, at+"?done=saved_along")
	p := r.Publisher("lecker").Publisher
	if p.Contact != "ann@example.org" || p.Privacy != "https://lecker.example/privacy" || !p.UnderAge || p.UTM["source"] != "keypull" || p.UTM["medium"] != "{channel}" {
		t.Errorf("of two who saved it has %+v", p)
	}
	if p.Crisis.TextAt(r.clock(), "en") == "" {
		t.Error("the settings took the crisis text down")
	}
	ann.get(at).wants(t, 200, "source = keypull", "medium = {channel}")
	clash := ann.changed(at, "contact", "desk@example.org")
	ben.submit(at, ben.changed(at, "contact", "ben@example.org", "utm", "")).leads(t, at+"?done=saved")
	ann.submit(at, clash).wants(t, http.StatusConflict, "desk@example.org", "ben@example.org")
	if p := r.Publisher("lecker").Publisher; len(p.UTM) != 0 || p.Contact != "ben@example.org" {
		t.Errorf("%+v", p)
	}
}
