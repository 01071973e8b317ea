package discord_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// packages returns the folder with Discord's own packages.
func packages(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../../cmd/keypull/testdata/npm")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "discord-interactions")); err != nil {
		t.Fatalf("Discord's own packages are needed; npm ci in %s installs them: %v", dir, err)
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

const verifier = `
const { verifyKey } = require("discord-interactions");
const asked = JSON.parse(require("fs").readFileSync(0));
Promise.all(asked.map((a) => verifyKey(a.body, a.signature, a.stamp, a.key))).then((all) => console.log(JSON.stringify(all)));
`

func TestDiscordsOwnVerifierBelievesTheSame(t *testing.T) {
	type request struct {
		Key       string `json:"key"`
		Body      string `json:"body"`
		Stamp     string `json:"stamp"`
		Signature string `json:"signature"`
	}
	m := suite().Open(t, nowhere, nil)
	var asked []request
	var ours []bool
	for _, body := range []string{`{"type":1}`, `{"type":1,"x":"` + strings.Repeat("ü", 3000) + `\u0000"}`, ""} {
		for _, spoilt := range []string{"", "body", "signature", "stamp", "key", "length"} {
			d := signed(delivery(body))
			switch spoilt {
			case "body":
				d.Body = append([]byte{' '}, d.Body...)
			case "signature":
				raw, _ := hex.DecodeString(d.Header["X-Signature-Ed25519"][0])
				raw[7] ^= 1
				d.Header["X-Signature-Ed25519"] = []string{hex.EncodeToString(raw)}
			case "stamp":
				d.Header["X-Signature-Timestamp"] = []string{d.Header["X-Signature-Timestamp"][0][:9] + "7"}
			case "key":
				d = appSigned(delivery(body))
			case "length":
				d.Header["X-Signature-Ed25519"] = []string{d.Header["X-Signature-Ed25519"][0][:126]}
			}
			r, err := m.Receive(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			ours = append(ours, r.Status != http.StatusUnauthorized)
			asked = append(asked, request{public(private()), string(d.Body), d.Header["X-Signature-Timestamp"][0], d.Header["X-Signature-Ed25519"][0]})
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
		t.Errorf("we believe %v, Discord's verifier %v", ours, theirs)
	}
}

func TestDiscordsOwnTypesTakeTheBodies(t *testing.T) {
	dir := packages(t)
	var script strings.Builder
	fmt.Fprintf(&script, "import type { RESTPostAPIChannelMessageJSONBody, APIInteractionResponse, RESTPutAPIApplicationCommandsJSONBody } from %q;\n", dir+"/node_modules/discord-api-types/v10")
	n := 0
	typed := func(of string, body []byte) {
		n++
		fmt.Fprintf(&script, "const b%d: %s = %s;\n", n, of, body)
	}
	m := suite().Open(t, nowhere, nil)
	buttons := []pull.Button{{Label: "News", Send: "k:news"}, {Label: "More news", Send: "k:news"}, {Label: "Site", URL: "https://example.org"}, {Label: "Near", URL: "http://localhost/"}}
	for _, message := range []messengers.Message{
		{Text: "A"}, {Text: strings.Repeat(`\*`, 1500), Buttons: buttons},
		{Text: "A", Media: []what.Media{{Type: what.Image, URL: "https://example.org/a.jpg", Alt: "A cake"}}},
		{Text: "A", Rows: []messengers.Row{{Label: "News", Send: "k:news"}, {Label: "Weat…", Detail: "Weather", Send: "k:weather"}}},
	} {
		body, err := m.(messengers.Presenter).Wire(sending("7001", "", message))
		if err != nil {
			t.Fatal(err)
		}
		typed("RESTPostAPIChannelMessageJSONBody", body)
		for _, why := range []messengers.Why{messengers.Answer, messengers.Interim} {
			s := sending("7001/88", "tok", message)
			s.Why = why
			typed("APIInteractionResponse", m.(messengers.InBand).Answer(messengers.Receipt{}, []messengers.Sending{s}).Body)
		}
	}
	for _, rest := range []string{typing, command, pressing("k:news")} {
		r, err := m.Receive(t.Context(), signed(interaction("5", server, rest)))
		if err != nil {
			t.Fatal(err)
		}
		typed("APIInteractionResponse", r.Body)
	}
	typed("RESTPutAPIApplicationCommandsJSONBody", commands(t))
	file := filepath.Join(t.TempDir(), "bodies.ts")
	if err := os.WriteFile(file, []byte(script.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, dir, "", dir+"/node_modules/typescript/bin/tsc", "--noEmit", "--skipLibCheck", "--strict", "--module", "preserve", "--target", "es2022", "--types", "", file)
}

// commands returns the body by which the commands are registered.
func commands(t *testing.T) []byte {
	t.Helper()
	p := platform(true)
	var body []byte
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut {
			var b bytes.Buffer
			_, _ = b.ReadFrom(r.Body)
			body = b.Bytes()
			r.Body = http.NoBody
			_, _ = w.Write([]byte("[]"))
			return
		}
		p.Handler.ServeHTTP(w, r)
	}))
	t.Cleanup(api.Close)
	face := messengers.Profile{Name: "Lecker", Languages: []string{"en", "fr"}, Greeting: map[string]string{"en": "Send a word."}, Words: map[string][]messengers.Word{
		"en": {{Label: "News", Send: "k:news"}}, "fr": {{Label: "Actus", Send: "k:news"}},
	}}
	if _, err := suite().Open(t, api.URL, nil).(messengers.ProfileSyncer).SyncProfile(t.Context(), face, true); err != nil {
		t.Fatal(err)
	}
	var all []json.RawMessage
	if err := json.Unmarshal(body, &all); err != nil || len(all) != 3 {
		t.Fatalf("%v: %s", err, body)
	}
	ours, err := json.Marshal(all[1:])
	if err != nil {
		t.Fatal(err)
	}
	return ours
}
