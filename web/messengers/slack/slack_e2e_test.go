package slack_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// packages returns the folder with Slack's own packages.
func packages(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../../cmd/keypull/testdata/npm")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "@slack", "bolt")); err != nil {
		t.Fatalf("Slack's own packages are needed; npm ci in %s installs them: %v", dir, err)
	}
	return dir
}

// run runs node, and returns what it says; what it warns of is no answer.
func run(t *testing.T, dir, input string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "node", args...) //nolint:gosec // a script of this file
	var said, warned bytes.Buffer
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = dir, strings.NewReader(input), &said, &warned
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v: %s%s", err, &said, &warned)
	}
	return said.String()
}

// verifier needs no more than node 18, which has no File of its own among the globals.
const verifier = `
globalThis.File ??= require("node:buffer").File;
const { isValidSlackRequest } = require("@slack/bolt");
const asked = JSON.parse(require("fs").readFileSync(0));
console.log(JSON.stringify(asked.map((a) => isValidSlackRequest({ signingSecret: a.by, body: a.body, nowMilliseconds: a.now,
  headers: { "x-slack-request-timestamp": a.stamp, "x-slack-signature": a.signature } }))));
`

func TestSlacksOwnVerifierBelievesTheSame(t *testing.T) {
	type request struct {
		By        string `json:"by"`
		Body      string `json:"body"`
		Stamp     int64  `json:"stamp"`
		Signature string `json:"signature"`
		Now       int64  `json:"now"`
	}
	m := suite().Open(t, nowhere, nil)
	var asked []request
	var ours []bool
	for _, body := range []string{`{"type":"app_rate_limited"}`, `{"type":"é\u0000","x":"` + strings.Repeat("ü", 3000) + `"}`, "text=a%20b&ssl_check=1", ""} {
		for _, spoilt := range []string{"", "body", "signature", "secret", "late"} {
			d := delivery("application/json", body)
			if spoilt == "secret" {
				d = signedWith("another"+signing, d)
			} else {
				d = signed(d)
			}
			switch spoilt {
			case "body":
				d.Body = append([]byte{'x'}, d.Body...)
			case "signature":
				s := d.Header["X-Slack-Signature"][0]
				last := map[bool]string{true: "1", false: "0"}[strings.HasSuffix(s, "0")]
				d.Header["X-Slack-Signature"] = []string{s[:len(s)-1] + last}
			case "late":
				d.At = d.At.Add(5*time.Minute + 2*time.Second)
			}
			r, err := m.Receive(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			stamp, _ := strconv.ParseInt(d.Header["X-Slack-Request-Timestamp"][0], 10, 64)
			ours = append(ours, r.Status != http.StatusUnauthorized)
			asked = append(asked, request{signing, string(d.Body), stamp, d.Header["X-Slack-Signature"][0], d.At.UnixMilli()})
		}
	}
	input, err := json.Marshal(asked)
	if err != nil {
		t.Fatal(err)
	}
	var theirs []bool
	if said := run(t, packages(t), string(input), "-e", verifier); json.Unmarshal([]byte(said), &theirs) != nil {
		t.Fatalf("the verifier said %s", said)
	}
	if fmt.Sprint(ours) != fmt.Sprint(theirs) || !ours[0] || ours[1] {
		t.Errorf("we believe %v, Slack's verifier %v", ours, theirs)
	}
}

func TestSlacksOwnTypesTakeTheBodies(t *testing.T) {
	dir := packages(t)
	m := suite().Open(t, nowhere, nil)
	buttons := []pull.Button{{Label: "News", Send: "k:news"}, {Label: "Site", URL: "https://example.org"}}
	messages := []messengers.Message{
		{Text: "A"}, {Text: strings.Repeat("long words ", 260) + "&amp;", Buttons: buttons},
		{Text: "A", Media: []what.Media{{Type: what.Image, URL: "https://example.org/a.jpg"}}, Buttons: buttons},
		{Text: "A", Rows: []messengers.Row{{Label: "News", Send: "k:news"}, {Label: "Weat…", Detail: "Weather", Send: "k:weather"}}},
		{Text: strings.Repeat("&amp;", 3000), Buttons: buttons},
	}
	var script strings.Builder
	fmt.Fprintf(&script, "import type { ChatPostMessageArguments, ChatPostEphemeralArguments } from %q;\nimport type { RespondArguments } from %q;\n",
		dir+"/node_modules/@slack/web-api/dist/index", dir+"/node_modules/@slack/bolt/dist/index")
	for i, message := range messages {
		for address, of := range map[string]string{"D1": "ChatPostMessageArguments", "U1/C1": "ChatPostEphemeralArguments"} {
			s := sending(address, message)
			s.Thread = "1.5"
			body, err := m.(messengers.Presenter).Wire(s)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&script, "const a%d%s: %s = %s;\n", i, address[:1], of, body)
		}
		answer := m.(messengers.InBand).Answer(messengers.Receipt{}, []messengers.Sending{sending("U1/C1", message)})
		fmt.Fprintf(&script, "const r%d: RespondArguments = %s;\n", i, answer.Body)
	}
	file := filepath.Join(t.TempDir(), "bodies.ts")
	if err := os.WriteFile(file, []byte(script.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, dir, "", dir+"/node_modules/typescript/bin/tsc", "--noEmit", "--skipLibCheck", "--strict", "--module", "preserve",
		"--target", "es2022", "--types", "node", "--typeRoots", dir+"/node_modules/@types", file)
}
