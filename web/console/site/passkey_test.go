package site_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"keypull/pull/people"
)

// device gives the browser a device that keeps passkeys and knows its owner.
func (b *browser) device() webauthn.AuthenticatorID {
	b.T.Helper()
	if _, err := chromedp.Call(b.Ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		b.T.Fatal(err)
	}
	made, err := chromedp.Call(b.Ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
		HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
	}})
	if err != nil {
		b.T.Fatal(err)
	}
	return made.AuthenticatorID
}

func TestSomebodySignsInByAPasskey(t *testing.T) {
	r := newRig(t)
	v := r.as("lecker owner")
	b := newBrowser(t)
	b.Look(390, "light")
	device := b.device()
	// Devices keep keys for names, and not for numbers.
	v.server.URL = strings.Replace(r.server.URL, "127.0.0.1", "localhost", 1)
	home := v.server.URL
	b.signIn(v)
	b.Open(home + "/console/me")
	b.Until(`document.documentElement.classList.contains("passkeys")`)
	b.judge("passkeys-none")
	b.fill("#f-passkey-label", "My laptop")
	b.press(`[data-passkey-new]`)
	b.Until(`location.search === "?done=passkey_added"`)
	b.Until(`document.querySelector("#passkeys")?.closest("section").textContent.includes("My laptop")`)
	b.judge("passkeys-one")
	person, _, err := r.gate.People.Get(t.Context(), v.person.ID)
	if err != nil || len(person.Passkeys) != 1 || person.Passkeys[0].Host != "localhost" || !person.Passkeys[0].Used.IsZero() {
		t.Fatalf("%+v, %v", person.Passkeys, err)
	}

	// Over a form whose session has ended.
	b.fill("#f-name", "Typed before")
	v.lose()
	b.Eval(`document.querySelector("#f-name").form.requestSubmit()`)
	b.Until(`document.querySelector("dialog[open] [data-passkey]")`)
	b.press(`dialog[open] [data-passkey]`)
	b.Until(`location.search === "?done=saved" && document.querySelector("#f-name")?.value === "Typed before"`)

	// At the door, to stay.
	v.lose()
	b.Complaints()
	b.Open(home + "/console/sign-in?next=/console/p/lecker/keywords")
	b.judge("sign-in-passkey")
	b.Eval(`document.querySelector("#f-stay").click()`)
	b.press(`[data-passkey]`)
	b.Until(`location.pathname === "/console/p/lecker/keywords"`)
	sessions, err := r.gate.Sessions.Of(t.Context(), v.person.ID)
	if err != nil || len(sessions) != 1 || !sessions[0].Stays {
		t.Errorf("%+v, %v", sessions, err)
	}
	person, _, err = r.gate.People.Get(t.Context(), v.person.ID)
	if err != nil || person.Passkeys[0].Used.IsZero() || person.Passkeys[0].Uses < 2 {
		t.Errorf("%+v, %v", person.Passkeys, err)
	}

	// A device that does not know its owner opens nothing.
	v.lose()
	if _, err := chromedp.Call(b.Ctx, webauthn.SetResponseOverrideBits, webauthn.SetResponseOverrideBitsParams{AuthenticatorID: device, IsBadUV: new(true)}); err != nil {
		t.Fatal(err)
	}
	b.Open(home + "/console/sign-in")
	b.press(`[data-passkey]`)
	b.Until(`document.querySelector("[role=alert]:not([hidden])")?.textContent.includes("does not let you in")`)
	if _, err := chromedp.Call(b.Ctx, webauthn.SetResponseOverrideBits, webauthn.SetResponseOverrideBitsParams{AuthenticatorID: device, IsBadUV: new(bool)}); err != nil {
		t.Fatal(err)
	}

	// Nor does a key that was removed.
	again := r.visit(v.person)
	at := "/console/me/passkeys/" + person.Passkeys[0].ID + "/remove"
	again.get(at).wants(t, 200, "Remove the passkey “My laptop”?")
	again.post(at).leads(t, "/console/me?done=passkey_removed")
	again.get(at).wants(t, 404, "not there any more")
	b.Open(home + "/console/sign-in")
	b.press(`[data-passkey]`)
	b.Until(`document.querySelector("[role=alert]:not([hidden])")?.textContent.includes("does not let you in")`)
}

func TestWhatProvesNothingIsNoPasskey(t *testing.T) {
	r := newRig(t)
	v := r.as("lecker owner")
	const want = "does not let you in"
	for _, answer := range []string{"x", "{}", `{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"AA","signature":"AA","userHandle":"AA"}}`, strings.Repeat("[", 9000)} {
		r.stranger().post("/console/sign-in", "passkey", answer).wants(t, http.StatusUnauthorized, want)
		v.post("/console/me/passkeys", "label", "Mine", "passkey", answer).wants(t, http.StatusForbidden, want)
	}
	v.post("/console/me/passkeys", "label", " ", "passkey", "{}").wants(t, http.StatusUnprocessableEntity, "Write a name")
	v.post("/console/me/passkeys", "label", strings.Repeat("x", people.MaxPasskeyLabel+1), "passkey", "{}").wants(t, http.StatusUnprocessableEntity, "60")
	if p, _, err := r.gate.People.Get(t.Context(), v.person.ID); err != nil || len(p.Passkeys) != 0 {
		t.Errorf("%+v, %v", p.Passkeys, err)
	}
	// At the number of this machine browsers have none, and are told where.
	v.get("/console/me").wants(t, 200, "http://localhost:", "/console/me")
	r.stranger().get("/console/sign-in").lacks(t, "data-passkey")
	s := r.stranger()
	s.header = http.Header{"Origin": {"https://evil.example"}}
	s.send(http.MethodPost, "/console/passkey", url.Values{}).wants(t, http.StatusForbidden)
}
