package smstwilio_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

// The official package signs what we must take, and reads what we answer.

// oracleScript signs each request that it reads as Twilio does, and tells the
// TwiML that the package writes for some texts.
const oracleScript = `
const twilio = require("twilio");
let all = "";
process.stdin.on("data", d => all += d).on("end", () => {
  const { token, requests, texts } = JSON.parse(all);
  const signatures = requests.map(r => r.json !== undefined
    ? (r.url += "?bodySHA256=" + twilio.getExpectedBodyHash(r.json), twilio.getExpectedTwilioSignature(token, r.url, {}))
    : twilio.getExpectedTwilioSignature(token, r.url, r.params));
  const response = new twilio.twiml.MessagingResponse();
  texts.forEach(t => response.message(t));
  console.log(JSON.stringify({ signatures, urls: requests.map(r => r.url), twiml: response.toString() }));
});`

type request struct {
	URL    string              `json:"url"`
	Params map[string][]string `json:"params"`
	JSON   *string             `json:"json,omitempty"`
}

type judgement struct {
	Signatures, URLs []string
	TwiML            string
}

func oracle(t *testing.T, requests []request, texts []string) (j judgement) {
	t.Helper()
	dir, err := filepath.Abs("../../../cmd/keypull/testdata/npm")
	if err != nil {
		t.Fatal(err)
	}
	in, err := json.Marshal(map[string]any{"token": token, "requests": requests, "texts": texts})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", "-e", oracleScript)
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(string(in))
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("the official package does not run; install nodejs, and run npm ci in %s: %v", dir, err)
	}
	if err := json.Unmarshal(out, &j); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return j
}

func TestTheOfficialPackageSignsWhatIsTaken(t *testing.T) {
	message := map[string][]string{
		"Body": {"Où est “GÂTEAU” & 50 % + 1 ?\n😀"}, "From": {"+33612345678"}, "To": {"+33700000000"}, "MessageSid": {"SM1"}, "Zukunft": {"neu"},
	}
	twice := map[string][]string{"Body": {"news"}, "From": {"+33612345678"}, "MessageSid": {"SM2"}, "A": {"2", "1", "1"}, "B": {""}}
	body := `{"a":1}`
	requests := []request{
		{URL: hook, Params: message},
		{URL: hook + "?q=it's%20(1)&x", Params: message},
		{URL: strings.Replace(hook, "example.org", "example.org:443", 1), Params: message},
		{URL: hook, Params: twice},
		{URL: hook, JSON: &body},
	}
	texts := []string{"Tiramisu <1> & “2”\n3 €"}
	j := oracle(t, requests, texts)
	m := suite().Open(t, "http://127.0.0.1:9", nil)
	for i, r := range requests {
		d := messengers.Delivery{
			Method: http.MethodPost, URL: strings.Replace(j.URLs[i], ":443", "", 1), At: messengertest.Now(), Body: []byte(url.Values(r.Params).Encode()),
			Header: map[string][]string{"Content-Type": {"application/x-www-form-urlencoded"}, "X-Twilio-Signature": {j.Signatures[i]}},
		}
		if r.JSON != nil {
			d.Body, d.Header["Content-Type"] = []byte(*r.JSON), []string{"application/json"}
			u, err := url.Parse(d.URL)
			if err != nil {
				t.Fatal(err)
			}
			d.Query = u.Query()
		}
		got, err := m.Receive(t.Context(), d)
		if err != nil || got.Status != 0 || (r.JSON == nil) != (len(got.Asks) == 1) {
			t.Errorf("what the package signs for %s is answered %d with %d asks, %v", d.URL, got.Status, len(got.Asks), err)
		}
		if r.JSON == nil && got.Asks[0].Text != r.Params["Body"][0] {
			t.Errorf("got the text %q", got.Asks[0].Text)
		}
		d.Body = append([]byte(nil), d.Body...)
		d.Body[len(d.Body)-1] ^= 1
		if got, err := m.Receive(t.Context(), d); err != nil || got.Status != http.StatusUnauthorized || len(got.Asks) > 0 {
			t.Errorf("with one flipped bit %s is answered %d with %d asks, %v", d.URL, got.Status, len(got.Asks), err)
		}
	}
	var said []messengers.Sending
	for _, text := range texts {
		said = append(said, messengers.Sending{Message: messengers.Message{Text: text}, Key: "1.0"})
	}
	got := string(m.(messengers.InBand).Answer(messengers.Receipt{}, said).Body)
	got = strings.ReplaceAll(strings.ReplaceAll(got, "&#xA;", "\n"), "\n<Response", "<Response")
	want := strings.Replace(j.TwiML, "<Message>", `<Message statusCallback="`+hook+`/status/1.0"><Body>`, 1)
	want = strings.Replace(want, "</Message>", "</Body></Message>", 1)
	if got != want {
		t.Errorf("the response is\n%s, want\n%s", got, want)
	}
}

func TestAPictureTravelsInTheResponse(t *testing.T) {
	m := onWhatsApp().Open(t, "http://127.0.0.1:9", nil)
	said := []messengers.Sending{{Message: messengers.Message{Text: "Hi", Media: []what.Media{
		{Type: what.Image, URL: "https://example.org/a.jpg?x=1&y=2"}, {Type: what.Sound, URL: "https://example.org/a.mp3"},
	}}, Key: "7.0"}, {Message: messengers.Message{Text: "wait"}, Why: messengers.Interim}}
	got := string(m.(messengers.InBand).Answer(messengers.Receipt{}, said).Body)
	want := `<Response><Message statusCallback="` + hook + `/status/7.0"><Body>Hi</Body><Media>https://example.org/a.jpg?x=1&amp;y=2</Media></Message>` +
		`<Message><Media>https://example.org/a.mp3</Media></Message></Response>`
	if _, after, _ := strings.Cut(got, "\n"); after != want {
		t.Errorf("got %s, want %s", after, want)
	}
	reply := pull.Reply{Blocks: []pull.Block{{Kind: pull.Title, Text: "*a* _b_ ~c~ `d`"}, {Kind: pull.Link, URL: "https://example.org/a_b_c"}}}
	if text := messengers.Shape(reply, m.Limits())[0].Text; text != "*∗a∗ ˍbˍ ∼c∼ ˋdˋ*\n\nhttps://example.org/a_b_c" {
		t.Errorf("got %q", text)
	}
}
