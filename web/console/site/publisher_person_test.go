package site_test

import (
	"net/http"
	"testing"
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
