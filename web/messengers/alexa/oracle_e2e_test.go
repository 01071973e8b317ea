package alexa_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull/outside"
	"keypull/web/messengers"
)

// verifies has an independent verifier judge requests. It fetches certificates by
// https itself: they are handed to it there.
const verifies = `
const { Readable } = require('stream');
const https = require('https');
const input = JSON.parse(require('fs').readFileSync(0));
https.get = (url, done) => { const r = Readable.from([input.chains[url] || '']); r.statusCode = input.chains[url] ? 200 : 403; process.nextTick(done, r); return { on() {} }; };
import('alexa-verifier').then(async ({ default: verify }) => {
  const out = {};
  for (const [name, c] of Object.entries(input.cases)) {
    out[name] = await verify(c.chain, c.signature, c.body).then(() => true, () => false);
  }
  process.stdout.write(JSON.stringify(out));
});`

func TestAnIndependentVerifierBelievesTheSame(t *testing.T) {
	s := newStandIn(t)
	now := time.Now()
	fresh := func(id string, moment time.Time) messengers.Delivery {
		d := changed(asks(id, "tiramisu"), "2026-11-20T09:00:00Z", moment.UTC().Format(time.RFC3339))
		d.At = now
		return d
	}
	const base = "https://s3.amazonaws.com/echo.api/"
	chains := map[string]string{
		base + "good.pem":  string(pemOf(s.root.signer("echo-api.amazon.com"), s.root.cert)),
		base + "other.pem": string(pemOf(s.root.signer("evil.example.org"), s.root.cert)),
	}
	good := func() messengers.Delivery { return sign(fresh("1", now), base+"good.pem", signerKey()) }
	flipped := good()
	flipped.Body = bytes.Replace(flipped.Body, []byte("tiramisu"), []byte("tiramisv"), 1)
	tests := map[string]messengers.Delivery{
		"a signed request":   good(),
		"one flipped bit":    flipped,
		"another key":        sign(fresh("1", now), base+"good.pem", otherKey()),
		"another name":       sign(fresh("1", now), base+"other.pem", signerKey()),
		"no certificate":     sign(fresh("1", now), base+"none.pem", signerKey()),
		"said long ago":      sign(fresh("1", now.Add(-200*time.Second)), base+"good.pem", signerKey()),
		"said a while ago":   sign(fresh("1", now.Add(-100*time.Second)), base+"good.pem", signerKey()),
		"another host":       sign(fresh("1", now), "https://evil.example.org/echo.api/good.pem", signerKey()),
		"another folder":     sign(fresh("1", now), "https://s3.amazonaws.com/EcHo.aPi/good.pem", signerKey()),
		"another port":       sign(fresh("1", now), "https://s3.amazonaws.com:563/echo.api/good.pem", signerKey()),
		"without encryption": sign(fresh("1", now), "http://s3.amazonaws.com/echo.api/good.pem", signerKey()),
	}
	m := open(t, s, func(r outside.Request) (outside.Response, error) {
		if chain, ok := chains[r.URL]; ok {
			return outside.Response{Status: http.StatusOK, Body: []byte(chain)}, nil
		}
		return outside.Response{Status: http.StatusForbidden}, nil
	})
	type asked struct {
		Chain     string `json:"chain"`
		Signature string `json:"signature"`
		Body      string `json:"body"`
	}
	cases, ours := map[string]asked{}, map[string]bool{}
	for name, d := range tests {
		cases[name] = asked{d.Header["Signaturecertchainurl"][0], d.Header["Signature-256"][0], string(d.Body)}
		r, err := m.Receive(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		ours[name] = len(r.Asks) == 1
	}
	theirs := map[string]bool{}
	judge(t, verifies, map[string]any{"chains": chains, "cases": cases}, &theirs)
	if diff := cmp.Diff(theirs, ours); diff != "" {
		t.Errorf("believed by the verifier, and by us: %s", diff)
	}
	if !ours["a signed request"] || ours["one flipped bit"] {
		t.Errorf("got %v", ours)
	}
}

// judge runs a script with packages of others.
func judge(t *testing.T, script string, in, out any) {
	t.Helper()
	dir, err := filepath.Abs("../../../cmd/keypull/testdata/npm")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "alexa-verifier")); err != nil {
		t.Fatalf("the verifier is missing: run npm ci in %s", dir)
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal("the test with an independent verifier needs node: install the package nodejs")
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
	if err == nil {
		err = json.Unmarshal(answer, out)
	}
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, answer, told.String())
	}
}
