package site_test

import (
	"net/http"
	"net/url"
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
