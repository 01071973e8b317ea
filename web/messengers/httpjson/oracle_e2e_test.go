package httpjson_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/web/messengers"
)

// The official package signs what we must take, and checks what we sign.

// oracleScript signs a body as the package does and checks those it is given,
// by the time that it is told.
const oracleScript = `
const { Webhook } = require("standardwebhooks");
let all = "";
process.stdin.on("data", d => all += d).on("end", () => {
  const { secret, now, body, check } = JSON.parse(all);
  Date.now = () => now * 1000;
  const hook = new Webhook(secret);
  const verified = check.map(c => { try { hook.verify(c.body, c.headers); return true; } catch (e) { return false; } });
  console.log(JSON.stringify({ signature: hook.sign("msg_7", new Date(now * 1000), body), verified }));
});`

type toCheck struct {
	Body    string            `json:"body"`
	Headers map[string]string `json:"headers"`
}

func oracle(t *testing.T, now time.Time, body string, check []toCheck) (signature string, verified []bool) {
	t.Helper()
	dir, err := filepath.Abs("../../../cmd/keypull/testdata/npm")
	if err != nil {
		t.Fatal(err)
	}
	in, err := json.Marshal(map[string]any{"secret": secret, "now": now.Unix(), "body": body, "check": check})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", "-e", oracleScript)
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(string(in))
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("the official package does not run; install nodejs, and run npm ci in %s: %v", dir, err)
	}
	var said struct {
		Signature string
		Verified  []bool
	}
	if err := json.Unmarshal(out, &said); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return said.Signature, said.Verified
}

func TestTheOfficialPackageSignsWhatIsTakenAndTakesWhatIsSigned(t *testing.T) {
	var posted []toCheck
	partner := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		one := toCheck{Body: string(body), Headers: map[string]string{}}
		for name := range r.Header {
			one.Headers[strings.ToLower(name)] = r.Header.Get(name)
		}
		posted = append(posted, one)
	}))
	defer partner.Close()
	m := native().Open(t, partner.URL, nil)
	s := messengers.Sending{Message: messengers.Message{Text: "Öl <5 €> & “mehr”\n😀", Buttons: []pull.Button{{Label: "News", Send: "k:news"}}}, Address: "+254711000111", Key: "12.0", Quote: "m1"}
	if _, err := m.Send(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := m.(messengers.Trier).Try(t.Context()); err != nil {
		t.Fatal(err)
	}
	answer := m.(messengers.InBand).Answer(messengers.Receipt{Asks: []messengers.Incoming{{ID: "m1"}}}, []messengers.Sending{s})
	posted = append(posted, toCheck{Body: string(answer.Body), Headers: answer.Header})
	if !strings.Contains(posted[0].Body, `"in_reply_to":"m1"`) {
		t.Errorf("the answer at the reply address does not name the message: %s", posted[0].Body)
	}
	spoilt := toCheck{Body: strings.Replace(string(answer.Body), "k:news", "k:newt", 1), Headers: answer.Header}
	now := native().Deliveries[0].At
	body := `{"id":"m9","from":"+254711000111","text":"Où est “GÂTEAU” ? 😀"}`
	signature, verified := oracle(t, now, body, append(posted, spoilt))
	if len(verified) != 4 || !verified[0] || !verified[1] || !verified[2] || verified[3] {
		t.Errorf("the package believes %v of what we posted, of our ping, our response, and that spoilt", verified)
	}
	want := `{"id":"12.0","in_reply_to":"m1","messages":[{"buttons":[{"label":"News","send":"k:news"}],"text":"Öl <5 €> & “mehr”\n😀"}],"session":"continue"}`
	if string(answer.Body) != want {
		t.Errorf("the response is\n%s, want\n%s", answer.Body, want)
	}
	d := post(body)
	d.Header["Webhook-Id"], d.Header["Webhook-Timestamp"] = []string{"msg_7"}, []string{strconv.FormatInt(now.Unix(), 10)}
	for shown, status := range map[string]int{
		signature: 0, "v1,bm9wZQ== " + signature: 0, "v2," + signature[3:]: 401, signature[:len(signature)-2] + "A=": 401, "": 401,
	} {
		d.Header["Webhook-Signature"] = []string{shown}
		if r, err := m.Receive(t.Context(), d); err != nil || r.Status != status || (len(r.Asks) == 1) != (status == 0) {
			t.Errorf("%q: %d with %d asks, %v", shown, r.Status, len(r.Asks), err)
		}
	}
}
