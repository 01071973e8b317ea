package teams_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// official has Microsoft's own packages judge what a test hands them as JSON.
func official(t *testing.T, script string, in, out any) {
	t.Helper()
	dir, err := filepath.Abs("../../../cmd/keypull/testdata/npm")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "botframework-connector")); err != nil {
		t.Fatalf("Microsoft's packages are missing: run npm ci in %s", dir)
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal("the test with Microsoft's packages needs node: install the package nodejs")
	}
	asked, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), node, "-e", script) //nolint:gosec // a script of this file
	cmd.Dir, cmd.Stdin = dir, bytes.NewReader(asked)
	var told bytes.Buffer
	cmd.Stderr = &told
	answer, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, told.String())
	}
	if err := json.Unmarshal(answer, out); err != nil {
		t.Fatalf("%v\n%s\n%s", err, answer, told.String())
	}
}

// believes says of each token whether the connector's own package believes it.
const believes = `
const bc = require('botframework-connector');
const input = JSON.parse(require('fs').readFileSync(0));
bc.ChannelValidation.OpenIdMetadataEndpoint = input.openid;
console.error = () => {};
const credentials = new bc.SimpleCredentialProvider(input.app, '');
(async () => {
  const out = {};
  for (const [name, c] of Object.entries(input.cases)) {
    try { out[name] = (await bc.JwtTokenValidation.authenticateRequest(JSON.parse(c.body), c.header, credentials, '')).isAuthenticated; }
    catch (e) { out[name] = false; }
  }
  process.stdout.write(JSON.stringify(out));
})();`

func TestTheConnectorsOwnPackageBelievesTheSame(t *testing.T) {
	now := time.Now()
	keys := publish(t, published("k1", signingKey(), "msteams"), published("web", signingKey(), "webchat"))
	m := lone(t, map[string]any{"openid_url": keys.url})
	fresh := func(set map[string]any) map[string]any {
		c := with(map[string]any{"nbf": now.Unix() - 10, "exp": now.Unix() + 3600})
		maps.Copy(c, set)
		return c
	}
	signs := func(kid string, set map[string]any) messengers.Delivery {
		return carries(token(rs256(kid), fresh(set), signingKey()))
	}
	other := "https://smba.trafficmanager.net/amer/"
	tests := map[string]messengers.Delivery{
		"right":                 signs("k1", nil),
		"another app":           signs("k1", map[string]any{"aud": "x"}),
		"another issuer":        signs("k1", map[string]any{"iss": "https://sts.windows.net/x/"}),
		"another service":       signs("k1", map[string]any{"serviceurl": other}),
		"an activity elsewhere": changed(signs("k1", nil), service, other),
		"an unknown key":        signs("k9", nil),
		"another channel's key": signs("web", nil),
		"another key":           carries(token(rs256("k1"), fresh(nil), otherKey())),
		"over":                  signs("k1", map[string]any{"exp": now.Unix() - 400}),
		"ended just now":        signs("k1", map[string]any{"exp": now.Unix() - 200}),
		"begins later":          signs("k1", map[string]any{"nbf": now.Unix() + 400}),
		"begins in a moment":    signs("k1", map[string]any{"nbf": now.Unix() + 200}),
		"no algorithm":          carries(token(map[string]any{"alg": "none", "kid": "k1"}, fresh(nil), signingKey())),
	}
	type asked struct {
		Body   string `json:"body"`
		Header string `json:"header"`
	}
	cases, ours := map[string]asked{}, map[string]bool{}
	for name, d := range tests {
		d.At = now
		cases[name] = asked{string(d.Body), d.Header["Authorization"][0]}
		r, err := m.Receive(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		ours[name] = len(r.Asks) == 1
	}
	var theirs map[string]bool
	official(t, believes, map[string]any{"openid": keys.url, "app": appID, "cases": cases}, &theirs)
	if diff := cmp.Diff(theirs, ours); diff != "" {
		t.Errorf("believed by the package, and by us: %s", diff)
	}
	if !ours["right"] || ours["another key"] {
		t.Errorf("got %v", ours)
	}
}

// reads has the package send each activity as its own types know it, and the
// cards' package read each card: what both keep, where it goes, and complaints.
const reads = `
const { ConnectorClient, MicrosoftAppCredentials } = require('botframework-connector');
const cards = require('adaptivecards/dist/adaptivecards.js');
const http = require('http');
const input = JSON.parse(require('fs').readFileSync(0));
const got = [];
const server = http.createServer((req, res) => {
  let body = '';
  req.on('data', (c) => body += c);
  req.on('end', () => { got.push({ path: req.url, body: JSON.parse(body) }); res.writeHead(201, { 'Content-Type': 'application/json' }); res.end('{"id":"7"}'); });
}).listen(0, '127.0.0.1', async () => {
  const client = new ConnectorClient(new MicrosoftAppCredentials('', ''), { baseUri: 'http://127.0.0.1:' + server.address().port });
  const wrong = [];
  for (const a of input) {
    await (a.replyToId ? client.conversations.replyToActivity(a.conversation.id, a.replyToId, a) : client.conversations.sendToConversation(a.conversation.id, a));
    for (const file of a.attachments || []) {
      const card = new cards.AdaptiveCard(), context = new cards.SerializationContext();
      card.parse(file.content, context);
      for (let i = 0; i < context.eventCount; i++) wrong.push(context.getEventAt(i).message);
      for (const f of card.validateProperties().validationEvents || []) wrong.push(f.message);
      const kept = card.toJSON();
      if (card.getItemCount() !== file.content.body.length || card.getActionCount() !== (file.content.actions || []).length) wrong.push('lost: ' + JSON.stringify(kept));
    }
  }
  server.close();
  process.stdout.write(JSON.stringify({ got, wrong }));
});`

func TestMicrosoftsOwnPackagesReadWhatIsSent(t *testing.T) {
	c := &connector{}
	m := open(t, c.serve)
	var many []pull.Button
	for range 10 {
		many = append(many, pull.Button{Label: "A choice whose label is *far* too long for any button, and <goes> on", Send: "o:1:tok"})
	}
	plain := hello("a:personal")
	threaded := hello("19:channel@thread.tacv2/https://smba.trafficmanager.net/emea")
	threaded.Thread, threaded.Quote = "17", "1763629200125"
	pressed, listed, silent := hello("a:personal"), hello("a:personal"), hello("a:personal")
	pressed.Buttons = []pull.Button{{Label: "More", Send: "c:more"}, {Label: "Site", URL: "https://example.org"}}
	pressed.Media = []what.Media{{Type: what.Image, URL: "https://example.org/a.jpg", Alt: "A cake"}}
	silent.Text, silent.Media = "", pressed.Media
	listed.Message = messengers.Shape(pull.Reply{Blocks: []pull.Block{{Kind: pull.Paragraph, Text: "Which?"}}, Buttons: many}, m.Limits())[0]
	if len(listed.Rows) != len(many) {
		t.Fatalf("got %+v", listed.Message)
	}
	type request struct {
		Path string         `json:"path"`
		Body map[string]any `json:"body"`
	}
	var sent []json.RawMessage
	var want []request
	for _, s := range []messengers.Sending{plain, threaded, pressed, listed, silent} {
		if _, err := m.Send(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		last := c.sent[len(c.sent)-1]
		var body map[string]any
		if err := json.Unmarshal(last.Body, &body); err != nil {
			t.Fatal(err)
		}
		_, path, _ := bytes.Cut([]byte(last.URL), []byte("/v3/"))
		sent, want = append(sent, last.Body), append(want, request{"/v3/" + string(path), body})
	}
	var read struct {
		Got   []request `json:"got"`
		Wrong []string  `json:"wrong"`
	}
	official(t, reads, sent, &read)
	if diff := cmp.Diff(want, read.Got); diff != "" {
		t.Errorf("the package sends something else: %s", diff)
	}
	if len(read.Wrong) > 0 {
		t.Errorf("a card is wrong: %q", read.Wrong)
	}
}
