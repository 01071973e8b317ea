package site_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestABrowserIsKnownAfterASignInAndStaysSo(t *testing.T) {
	r := newRig(t)
	ann := r.person("ann@example.org", "lecker owner")
	in := r.stranger().post("/console/sign-in", "email", "ann@example.org", "password", goodPassword).leads(t, "/console")
	cookies := in.header.Values("Set-Cookie")
	if len(cookies) != 2 || !strings.HasPrefix(cookies[1], r.cookies().DeviceName()+"=") {
		t.Fatalf("the cookies are %q", cookies)
	}
	for _, attribute := range []string{"; Path=/", "; HttpOnly", "; Secure", "; SameSite=Strict", "; Max-Age=34560000"} {
		if !strings.Contains(cookies[1], attribute) {
			t.Errorf("the device's cookie lacks %q: %s", attribute, cookies[1])
		}
	}
	if strings.Contains(cookies[1], ann.ID) || strings.Contains(cookies[1], "ann@") {
		t.Errorf("it tells who: %s", cookies[1])
	}
	guesser := r.stranger()
	for range 30 {
		guesser.post("/console/sign-in", "email", "ann@example.org", "password", "wrong")
	}
	back := r.stranger()
	back.post("/console/sign-in", "email", "ann@example.org", "password", goodPassword).wants(t, 429, "There were too many tries")
	device, _, _ := strings.Cut(cookies[1], ";")
	back.header = http.Header{"Cookie": {device}}
	back.post("/console/sign-in", "email", "ann@example.org", "password", goodPassword).leads(t, "/console")
	wrong := r.stranger().post("/console/sign-in", "email", "ann@example.org", "password", "wrong")
	if got := wrong.header.Values("Set-Cookie"); len(got) > 0 {
		t.Errorf("a wrong password brought %q", got)
	}
}
