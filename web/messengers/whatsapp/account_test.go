package whatsapp_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/messengertest/metatest"
	"keypull/web/messengers/whatsapp"
)

func TestALinkHasTheWordsReady(t *testing.T) {
	m := suite().Open(t, "http://127.0.0.1:9", nil).(messengers.Linker)
	for asked, want := range map[string]string{
		"": "https://wa.me/4930901820", "GÂTEAU": "https://wa.me/4930901820?text=G%C3%82TEAU",
		"weather & wind?": "https://wa.me/4930901820?text=weather%20%26%20wind%3F",
	} {
		if got := m.Link(asked); got != want {
			t.Errorf("%q: %s, want %s", asked, got, want)
		}
	}
	bare := suite().Open(t, "http://127.0.0.1:9", map[string]any{"number": ""})
	if got := bare.(messengers.Linker).Link("news"); got != "" {
		t.Errorf("nobody knows the number, and %s", got)
	}
	if _, err := bare.Receive(t.Context(), metatest.Delivery(wrote(`"id":"w","type":"text","text":{"body":"news"}`))); err != nil {
		t.Fatal(err)
	}
	if got := bare.(messengers.Linker).Link("news"); got != "https://wa.me/4930901820?text=news" {
		t.Errorf("a delivery told the number, and %q", got)
	}
}

func TestANumberIsOneReaderInEverySpelling(t *testing.T) {
	m := suite().Open(t, "http://127.0.0.1:9", nil).(messengers.Identifier)
	for typed, want := range map[string]string{
		"+49 151 12345678": "4915112345678", "0049-151-12345678": "4915112345678", "4915112345678": "4915112345678", "tel:+4915112345678": "4915112345678",
		"DE.13491208655302741918": "DE.13491208655302741918", "group/Y2Fw": "group/Y2Fw", "group/": "", "kerry": "", "@kerry": "", "0151": "",
	} {
		if got, ok := m.Identify(typed); got != want || ok != (want != "") {
			t.Errorf("%q is %q, %t; want %q", typed, got, ok, want)
		}
	}
}

func TestSettingsSayWhatIsMissing(t *testing.T) {
	for name, tt := range map[string]struct {
		values map[string]any
		want   []string
	}{
		"nothing":                    {map[string]any{}, []string{"access_token", "phone_number_id"}},
		"a number for its id":        {map[string]any{"access_token": "t", "phone_number_id": "+49 30"}, []string{"phone_number_id"}},
		"360dialog, open to anybody": {map[string]any{"access_token": "t", "auth": "d360"}, []string{"hook_secret"}},
		"360dialog, with no header":  {map[string]any{"access_token": "t", "auth": "d360", "hook_secret": "s", "hook_header": "a b"}, []string{"hook_header"}},
		"an odd number":              {map[string]any{"access_token": "t", "phone_number_id": "1", "number": "call us"}, []string{"number"}},
	} {
		var problems settings.Problems
		if err := settings.Fill(whatsapp.Kind.New(), tt.values); !errors.As(err, &problems) {
			t.Errorf("%s: %v", name, err)
		}
		var fields []string
		for _, p := range problems.In("en") {
			fields = append(fields, p.Field)
		}
		slices.Sort(fields)
		if !slices.Equal(fields, tt.want) {
			t.Errorf("%s: %q, want %q", name, fields, tt.want)
		}
	}
	alone := whatsapp.Kind.New()
	if err := settings.Fill(alone, map[string]any{"access_token": "t", "phone_number_id": "1"}); err != nil {
		t.Fatal(err)
	}
	var denied *pull.Error
	if _, err := alone.Open(messengers.Env{}); !errors.As(err, &denied) || denied.Field != "app_secret" {
		t.Errorf("nobody could prove a delivery, and %v", err)
	}
}

// serve returns an API that says one thing, and tells what it was asked.
func serve(t *testing.T, status int, answer string) (base string, asked func() []string) {
	t.Helper()
	var all []string
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		all = append(all, r.Method+" "+r.URL.Path+" "+string(body))
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(api.Close)
	return api.URL, func() []string { return all }
}

func TestTheAccountIsTriedAndTold(t *testing.T) {
	base, _ := serve(t, http.StatusOK, `{"display_phone_number":"+49 30 901820","verified_name":"Lecker","id":"1"}`)
	m := suite().Open(t, base, map[string]any{"number": ""})
	if err := m.(messengers.Trier).Try(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := m.(messengers.Accountable).Whose().In("en"); got != "This is the number +4930901820, called “Lecker”." {
		t.Errorf("got %q", got)
	}
	for status, body := range map[int]string{401: metatest.Refused(190, 463), 400: metatest.Refused(100, 33), 403: metatest.Refused(200, 0)} {
		base, _ := serve(t, status, body)
		err := suite().Open(t, base, nil).(messengers.Trier).Try(t.Context())
		var said *pull.Error
		if !errors.As(err, &said) || said.Kind != pull.Denied || said.Field != "access_token" || strings.Contains(said.Error(), metatest.Token) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestWhatIsReadIsMarkedWhileAnAnswerIsWritten(t *testing.T) {
	base, asked := serve(t, http.StatusOK, `{"success":true}`)
	m := suite().Open(t, base, nil).(messengers.Typist)
	for _, quote := range []string{"", "wamid.Q"} {
		if err := m.Type(t.Context(), messengers.Sending{Address: "4915112345678", Quote: quote}); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{`POST /v25.0/` + own + `/messages {"message_id":"wamid.Q","messaging_product":"whatsapp","status":"read","typing_indicator":{"type":"text"}}`}
	if diff := cmp.Diff(want, asked()); diff != "" {
		t.Error(diff)
	}
}

func TestTheTokenGoesToNoOtherHost(t *testing.T) {
	_, other := serve(t, http.StatusOK, `{}`)
	elsewhere, _ := serve(t, http.StatusOK, `{}`)
	api := httptest.NewServer(http.RedirectHandler(elsewhere, http.StatusTemporaryRedirect))
	t.Cleanup(api.Close)
	if _, err := suite().Open(t, api.URL, nil).Send(t.Context(), messengers.Sending{Address: "4915112345678", Message: messengers.Message{Text: "A"}}); err == nil {
		t.Error("a redirect is taken for a message that was sent")
	}
	if len(other()) > 0 {
		t.Errorf("the other host is asked %q", other())
	}
}

// decoded reads texts as JSON, in which the order of fields means nothing.
func decoded(t *testing.T, texts []string) []any {
	t.Helper()
	all := make([]any, len(texts))
	for i, text := range texts {
		if err := json.Unmarshal([]byte(text), &all[i]); err != nil {
			t.Errorf("%v: %s", err, text)
		}
	}
	return all
}

func TestAMessageBecomesAsFewRequestsAsItCan(t *testing.T) {
	news, site := pull.Button{Label: "News", Send: "k:news"}, pull.Button{Label: "Site", URL: "https://example.org"}
	picture := what.Media{Type: what.Image, URL: "https://example.org/a.jpg", Alt: "A cake"}
	sound := what.Media{Type: what.Sound, URL: "https://example.org/a.mp3"}
	const to, group = `{"messaging_product":"whatsapp","recipient_type":"individual","to":"4915112345678",`, `{"messaging_product":"whatsapp","recipient_type":"group","to":"Y2Fw",`
	for name, tt := range map[string]struct {
		address string
		message messengers.Message
		want    []string
	}{
		"a text to a number": {"4915112345678", messengers.Message{Text: "A"}, []string{to + `"type":"text","text":{"body":"A"}}`}},
		"a text to somebody without one": {"US.1349", messengers.Message{Text: "A"},
			[]string{`{"messaging_product":"whatsapp","recipient_type":"individual","recipient":"US.1349","type":"text","text":{"body":"A"}}`}},
		"a picture above buttons": {"4915112345678", messengers.Message{Text: "A", Buttons: []pull.Button{news}, Media: []what.Media{picture}},
			[]string{to + `"type":"interactive","interactive":{"type":"button","header":{"type":"image","image":{"link":"https://example.org/a.jpg"}},"body":{"text":"A"},"action":{"buttons":[{"type":"reply","reply":{"id":"k:news","title":"News"}}]}}}`}},
		"a link below a picture": {"4915112345678", messengers.Message{Text: "A", Buttons: []pull.Button{site}, Media: []what.Media{picture}},
			[]string{to + `"type":"image","image":{"link":"https://example.org/a.jpg","caption":"A\n\nSite: https://example.org"}}`}},
		"a link as a button": {"4915112345678", messengers.Message{Text: "A", Buttons: []pull.Button{site}},
			[]string{to + `"type":"interactive","interactive":{"type":"cta_url","body":{"text":"A"},"action":{"name":"cta_url","parameters":{"display_text":"Site","url":"https://example.org"}}}}`}},
		"a sound before its text": {"4915112345678", messengers.Message{Text: "A", Media: []what.Media{sound}},
			[]string{to + `"type":"audio","audio":{"link":"https://example.org/a.mp3"}}`, to + `"type":"text","text":{"body":"A"}}`}},
		"buttons that nobody could tell apart": {"4915112345678", messengers.Message{Text: "A", Buttons: []pull.Button{news, {Label: "News", Send: "k:other"}}},
			[]string{to + `"type":"interactive","interactive":{"type":"list","body":{"text":"A"},"action":{"button":"MENU","sections":[{"rows":[{"id":"k:news","title":"News"},{"id":"k:other","title":"News"}]}]}}}`}},
		"nothing to press in a group": {"group/Y2Fw", messengers.Message{Text: "A", Buttons: []pull.Button{news}},
			[]string{group + `"type":"text","text":{"body":"A\n\n• News"}}`}},
	} {
		base, asked := serve(t, http.StatusOK, suite().Success)
		if _, err := suite().Open(t, base, nil).Send(t.Context(), messengers.Sending{Address: tt.address, Message: tt.message}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var got []string
		for _, a := range asked() {
			got = append(got, strings.TrimPrefix(a, "POST /v25.0/"+own+"/messages "))
		}
		if diff := cmp.Diff(decoded(t, tt.want), decoded(t, got)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestAPartnersSignatureIsDemandedWhereThereIsASecret(t *testing.T) {
	m := suite().Open(t, "http://127.0.0.1:9", map[string]any{"auth": "d360", "hook_secret": shownSecret, "app_secret": "plsecret", "hook_header": "x-keypull"})
	const body = `{"object":"whatsapp_business_account","entry":[]}`
	const hex = "4f435bc67f58e115a86bd476cb0610affdac22ba4e2ce10a3f599405d55db6c0"
	for name, tt := range map[string]struct {
		shown, signature string
		want             int
	}{
		"both":                   {shownSecret, hex, 0},
		"with a word before":     {shownSecret, "sha256=" + hex, 0},
		"in base64":              {shownSecret, "T0Nbxn9Y4RWoa9R2ywYQr/2sIrpOLOEKP1mUBdVdtsA=", 0},
		"another signature":      {shownSecret, hex[:63] + "1", 401},
		"no signature":           {shownSecret, "", 401},
		"no header but signed":   {"", hex, 401},
		"another header, signed": {"guess", hex, 401},
	} {
		r, err := m.Receive(t.Context(), messengers.Delivery{Method: http.MethodPost, Body: []byte(body), At: messengertest.Now(), Header: map[string][]string{
			"X-Keypull": {tt.shown}, "X-360dialog-Signature": {tt.signature},
		}})
		if err != nil || r.Status != tt.want {
			t.Errorf("%s: %d, %v", name, r.Status, err)
		}
	}
}
