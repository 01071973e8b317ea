package site_test

import (
	"testing"
)

func TestTheBareAddressSaysHowTheFirstOwnerComesIn(t *testing.T) {
	r := newRig(t)
	w := r.stranger().get("/").wants(t, 200, "Nobody has an account here yet", "/console/welcome/…", "keypull user invite")
	if w.header.Get("Content-Security-Policy") == "" {
		t.Errorf("%v", w.header)
	}
	r.stranger().get("/console/sign-in").wants(t, 200, "Nobody has an account here yet", `href="/"`)
	r.as("admin")
	r.stranger().get("/").leads(t, "/console")
	r.stranger().get("/console/sign-in").wants(t, 200).lacks(t, "Nobody has an account here yet")
}
