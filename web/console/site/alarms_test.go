package site_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestAnOwnerHasSomebodyToldWhatFails(t *testing.T) {
	const at = "/console/p/lecker/settings/alarms"
	r := newRig(t)
	ann, bob := r.as("lecker owner"), r.as("lecker editor")
	ann.get("/console/p/lecker/settings").wants(t, http.StatusOK, `href="`+at+`"`)
	ann.get(at).wants(t, http.StatusOK, "Nobody is told yet", `name="way"`, `name="quiet"`)

	made := ann.post(at, "way", "account", "language", "fr", "quiet", "22:00", "quiet_until", "07:00")
	made.wants(t, http.StatusOK, "The code of the account", `id="alarm-code"`, "Not confirmed yet", "Quiet 22:00-07:00")
	hook := ann.post(at, "way", "webhook", "url", "https://hooks.example.org/services/a-secret", "language", "en")
	hook.wants(t, http.StatusOK, "whsec_", "https://hooks.example.org/…")
	ann.post(at, "way", "webhook", "url", "nowhere", "language", "en").wants(t, http.StatusUnprocessableEntity, `href="#f-url"`, "begins with https://")
	ann.post(at, "way", "mailbox", "mailbox", "desk@example.org", "language", "en").wants(t, http.StatusUnprocessableEntity, "add one of the kind e-mail first")
	ann.post(at, "way", "account", "quiet", "22:00", "language", "en").wants(t, http.StatusUnprocessableEntity, `href="#f-quiet"`)

	// An editor sees them, and neither their secrets nor a way to change them.
	seen := bob.get(at)
	seen.wants(t, http.StatusOK, "https://hooks.example.org/…", "Owners of the publisher set this up")
	for _, hidden := range []string{"a-secret", "whsec_", at + "/", `name="way"`} {
		if strings.Contains(seen.body, hidden) {
			t.Errorf("an editor sees %s", hidden)
		}
	}
	bob.post(at, "way", "account").wants(t, http.StatusForbidden)

	_, rest, _ := strings.Cut(made.body, `href="`+at+"/")
	id, _, _ := strings.Cut(rest, `"`)
	for _, path := range []string{"/" + id, "/" + id + "/try", "/" + id + "/renew", "/" + id + "/delete"} {
		bob.post(at+path, "language", "en").wants(t, http.StatusForbidden)
	}
	ann.get(at+"/"+id).wants(t, http.StatusOK, `value="fr" selected`, `value="22:00"`)
	ann.post(at+"/"+id, "language", "es", "quiet", "", "quiet_until", "").wants(t, http.StatusSeeOther)
	ann.get(at+"/"+id).wants(t, http.StatusOK, `value="es" selected`)
	ann.post(at+"/"+id+"/try").wants(t, http.StatusConflict, "It has to be confirmed first")
	ann.post(at+"/"+id+"/renew").wants(t, http.StatusOK, "The code of the account")
	ann.get(at+"/"+id+"/delete").wants(t, http.StatusOK, "nothing more?")
	ann.post(at+"/"+id+"/delete").wants(t, http.StatusSeeOther)
	ann.get(at+"/"+id).wants(t, http.StatusNotFound)
	ann.get(at+"/none").wants(t, http.StatusNotFound)
}
