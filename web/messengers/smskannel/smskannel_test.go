package smskannel_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
	"keypull/web/messengers/messengertest"
	"keypull/web/messengers/smskannel"
)

const (
	secret = "path-secret_0123456789"
	report = "https://example.org/hook/lecker/test/" + secret + "/dlr?status=%d&message=1-1"
)

func suite() messengertest.Case {
	return messengertest.Case{
		Lacks: map[string]string{messengertest.Threads: "short messages have no threads", messengertest.Others: "a short message has one reader", messengertest.Things: "a gateway brings short messages alone"},
		Shows: "password={password}",
		Kind:  smskannel.Kind, Settings: map[string]any{"secret": secret, "username": "kp", "password": "pass-0123456789"}, Base: "sendsms_url",
		Folder: "testdata",
		Deliveries: []messengers.Delivery{
			get("u-1", "goals"), get("u-2", "météo"), get("u-3", "\x04\x1f\x04\x40\x04\x38", "coding", "2", "charset", "UTF-16BE"),
		},
		Unasked: []messengers.Delivery{get("u-4", ""), get("u-5", "news", "from", "INFO")},
		Forge:   func(d messengers.Delivery) messengers.Delivery { d.Path = "x" + d.Path; return d },
		Tells:   messengers.Delivered,
		Told: func(id string) messengers.Delivery {
			return messengers.Delivery{Method: http.MethodGet, Path: secret + "/dlr", At: messengertest.Now(), Query: map[string][]string{"status": {"1"}, "message": {id}}}
		},
		Headers: map[string]map[string]string{
			"goals":    {"X-Kannel-DLR-Mask": "19", "X-Kannel-DLR-Url": report},
			"5 € [x]":  {"X-Kannel-DLR-Mask": "19", "X-Kannel-DLR-Url": report},
			"привет":   {"X-Kannel-Coding": "2", "X-Kannel-DLR-Mask": "19", "X-Kannel-DLR-Url": report},
			"garçon 😀": {"X-Kannel-Coding": "2", "X-Kannel-DLR-Mask": "19", "X-Kannel-DLR-Url": report},
		},
		Address: "+336001", Other: "+336002", Success: "0: Accepted for delivery", ID: "{key}",
		Refused: func(no httpapi.Fault) (int, string) { return no.Status, "No" },
		Faults:  map[int]messengers.Fault{403: messengers.TokenInvalid, 404: messengers.TokenInvalid},
		Revoked: []messengertest.Revoked{{Status: 403, Body: "Authorization failed for sendsms"}, {Status: 401}},
	}
}

// get returns a message as get-url brings it.
func get(id, text string, others ...string) messengers.Delivery {
	d := messengers.Delivery{Method: http.MethodGet, Path: secret, At: messengertest.Now(), Query: map[string][]string{
		"from": {"+336001"}, "to": {"13013"}, "text": {text}, "id": {id}, "ts": {"1790000000"}, "coding": {"0"}, "charset": {"UTF-8"}, "smsc": {"FAKE"},
	}}
	for i := 0; i+1 < len(others); i += 2 {
		d.Query[others[i]] = []string{others[i+1]}
	}
	return d
}

func TestKannelKeepsThePromisesOfAMessenger(t *testing.T) {
	t.Run("in the response", func(t *testing.T) { messengertest.Run(t, suite()) })
	t.Run("by sendsms", func(t *testing.T) {
		c := suite()
		c.Settings = map[string]any{"secret": secret, "username": "kp", "password": "pass-0123456789", "reply": "sendsms", "from": "36123", "country": "KE"}
		c.Folder, c.Headers = "", nil
		messengertest.Run(t, c)
	})
}

func TestARequestThatDoesNotSayWhoWroteIsRefused(t *testing.T) {
	m := suite().Open(t, "http://127.0.0.1:9", nil)
	posted := get("u-1", "news")
	posted.Method, posted.Body = http.MethodPost, []byte("news")
	for name, tt := range map[string]struct {
		d             messengers.Delivery
		from          []string
		header        string
		status, asked int
	}{
		"a number":                 {get("u-1", "news"), []string{"+336001"}, "", 0, 1},
		"a name, which takes none": {get("u-1", "news"), []string{"INFO"}, "", 0, 0},
		"no from":                  {get("u-1", "news"), nil, "", http.StatusBadRequest, 0},
		"an empty from":            {get("u-1", "news"), []string{" "}, "", http.StatusBadRequest, 0},
		"posted without one":       {posted, nil, "", http.StatusBadRequest, 0},
		"posted with a header":     {posted, nil, "+336001", 0, 1},
	} {
		d := tt.d
		d.Query = maps.Clone(d.Query)
		d.Query["from"], d.Header = tt.from, map[string][]string{"X-Kannel-From": {tt.header}}
		r, err := m.Receive(t.Context(), d)
		if err != nil || r.Status != tt.status || len(r.Asks) != tt.asked || (tt.status != 0) != strings.Contains(string(r.Body), "from=%p") {
			t.Errorf("%s: %d %s, %d asks, %v", name, r.Status, r.Body, len(r.Asks), err)
		}
	}
}

func TestTextsAreReadInTheirEncoding(t *testing.T) {
	m := suite().Open(t, "http://127.0.0.1:9", nil)
	for name, tt := range map[string]struct{ raw, coding, charset, want string }{
		"UTF-8":                    {"été 5 €", "0", "UTF-8", "été 5 €"},
		"nobody says":              {"été", "", "", "été"},
		"Latin letters, raw":       {"caf\xe9", "1", "8-BIT", "café"},
		"UCS-2":                    {"\x04\x1f\x04\x20", "2", "UTF-16BE", "ПР"},
		"UCS-2 without a charset":  {"\x04\x1f", "2", "", "П"},
		"UCS-2, recoded":           {"Привет", "2", "UTF-8", "Привет"},
		"beyond the plane":         {"\xd8\x3d\xde\x00", "2", "UTF-16BE", "😀"},
		"half a pair":              {"\xd8\x3d", "2", "UTF-16BE", "�"},
		"an odd byte at the end":   {"\x00a\x00", "2", "UTF-16BE", "a"},
		"a zero and space around":  {" a\x00b ", "0", "UTF-8", "ab"},
		"the other way round":      {"a\x00", "2", "UTF-16LE", "a"},
		"with a mark of its order": {"\xfe\xff\x00a", "2", "UTF-16BE", "a"},
	} {
		r, err := m.Receive(t.Context(), get("u-1", tt.raw, "coding", tt.coding, "charset", tt.charset))
		if err != nil || len(r.Asks) != 1 || r.Asks[0].Text != tt.want {
			t.Errorf("%s: got %+v, %v, want %q", name, r.Asks, err, tt.want)
		}
	}
}

func TestANumberIsOneReaderInEverySpelling(t *testing.T) {
	of := func(country string) messengers.Identifier {
		return suite().Open(t, "http://127.0.0.1:9", map[string]any{"country": country}).(messengers.Identifier)
	}
	for _, typed := range []string{"+254 711 000 111", "0711000111", "254711000111", "00254711000111", "+254711000111"} {
		if id, ok := of("KE").Identify(typed); id != "+254711000111" || !ok {
			t.Errorf("%q is %q, %v", typed, id, ok)
		}
	}
	if id, ok := of("").Identify("0711 000 111"); id != "0711000111" || !ok {
		t.Errorf("a number of nobody knows where is %q, %v", id, ok)
	}
}

func TestWhatLeavesIsToldAsTheGatewayTakesIt(t *testing.T) {
	var asked []url.Values
	box := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/cgi-bin/sendsms" {
			t.Errorf("%s is called", r.URL.Path)
		}
		asked = append(asked, r.URL.Query())
		w.WriteHeader(http.StatusAccepted)
	}))
	defer box.Close()
	for i, base := range []string{box.URL, box.URL + "/", box.URL + "/cgi-bin/sendsms"} {
		m := suite().Open(t, base, map[string]any{"from": "36123"})
		text := []string{"5 €", "garçon", "привет"}[i]
		id, err := m.Send(t.Context(), messengers.Sending{Message: messengers.Message{Text: text}, Address: "+336001", Key: "1-1"})
		if err != nil || id != "1-1" {
			t.Fatalf("got %q, %v", id, err)
		}
		want := url.Values{"username": {"kp"}, "password": {"pass-0123456789"}, "to": {"+336001"}, "from": {"36123"}, "text": {text}, "charset": {"UTF-8"},
			"coding": {[]string{"0", "2", "2"}[i]}, "dlr-mask": {"19"}, "dlr-url": {report}}
		if got := asked[i].Encode(); got != want.Encode() {
			t.Errorf("got %s, want %s", got, want.Encode())
		}
	}
}

func TestTheGatewayIsTriedWithoutAMessage(t *testing.T) {
	for status, want := range map[int]pull.ErrorKind{400: "", 403: pull.Denied, 404: pull.Unusable, 503: pull.Unavailable} {
		box := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Has("to") {
				t.Error("somebody is sent something")
			}
			w.WriteHeader(status)
		}))
		m := suite().Open(t, box.URL, nil)
		err := m.(messengers.Trier).Try(t.Context())
		if got := pull.KindOf(err); err != nil && got != want || (err == nil) != (want == "") {
			t.Errorf("%d: %v", status, err)
		}
		if err != nil && strings.Contains(err.Error(), "pass-0123456789") {
			t.Errorf("the password is told: %v", err)
		}
		if err := m.(messengers.Answering).Answers(t.Context()); (err == nil) != (status < 500) {
			t.Errorf("%d answers: %v", status, err)
		}
		box.Close()
	}
}

func TestItsMessageFilesAreWhole(t *testing.T) {
	messengertest.Words(t, smskannel.Kind)
}

// FuzzReceive: whatever comes to the secret address, or to another, breaks nothing.
func FuzzReceive(f *testing.F) {
	f.Add(secret, "+336001", "news", "0", "UTF-8", "news")
	f.Add(secret+"/dlr", "", "\xff\xfe\x00", "2", "UTF-16BE", "")
	f.Add("x", "0711", strings.Repeat("x", 1<<16), "-1", "\x00", "\xd8")
	m := suite().Open(f, "http://127.0.0.1:9", nil)
	f.Fuzz(func(t *testing.T, path, from, text, coding, charset, body string) {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			d := get("u-1", text, "from", from, "coding", coding, "charset", charset)
			d.Method, d.Path, d.Body = method, path, []byte(body)
			d.Header = map[string][]string{"Content-Type": {"text/plain; charset=" + charset}, "X-Kannel-Coding": {coding}}
			r, err := m.Receive(t.Context(), d)
			known, _, _ := strings.Cut(path, "/")
			if err != nil || r.Status >= 500 || known != secret && (r.Status != 401 || len(r.Asks) > 0) {
				t.Fatalf("%d with %d asks, %v", r.Status, len(r.Asks), err)
			}
			for _, in := range r.Asks {
				if in.ID == "" || in.Reader == "" || in.Address == "" {
					t.Fatalf("an ask of nobody: %+v", in)
				}
			}
		}
	})
}
