package viber_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"keypull/pull/what"
	"keypull/web/messengers"
)

// judge has Viber's own package check a signature, and read our bodies as its
// own messages.
const judge = `
const Validator = require("viber-bot/lib/message/message-validator");
const { token, body, shown, text, picture } = JSON.parse(process.argv[2]);
const validator = new Validator({ debug() {} }, token);
const own = (name, m) => JSON.stringify(require("viber-bot/lib/message/" + name).fromJson(m, 0, 0).toJson());
console.log(validator.validateMessage(shown, body), validator.validateMessage(shown, body + " "));
console.log(own("text-message", text));
console.log(own("picture-message", picture));
`

func TestVibersOwnPackageSignsAndReadsAlike(t *testing.T) {
	dir, err := filepath.Abs(filepath.Join("..", "..", "..", "cmd", "keypull", "testdata", "npm"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "viber-bot", "package.json")); err != nil {
		t.Fatalf("Viber's package is missing: run npm ci in %s", dir)
	}
	m := suite().Open(t, "http://127.0.0.1:9", nil).(messengers.Presenter)
	wire := func(message messengers.Message) json.RawMessage {
		body, err := m.Wire(sending(message))
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	const body = `{"event":"webhook","timestamp":1457764197627,"message_token":241256543215}`
	given, err := json.Marshal(map[string]any{
		"token": token, "body": body, "shown": signature(token, []byte(body)), "text": wire(messengers.Message{Text: "A"}),
		"picture": wire(messengers.Message{Text: "A", Media: []what.Media{{Type: what.Image, URL: "https://example.org/a.jpg"}}}),
	})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", "-", string(given)) //nolint:gosec // the program stands in this file
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(judge)
	out, err := cmd.CombinedOutput()
	want := "true false\n" + `{"type":"text","text":"A"}` + "\n" + `{"type":"picture","text":"A","media":"https://example.org/a.jpg","thumbnail":null}` + "\n"
	if err != nil || string(out) != want {
		t.Errorf("it says %s: %v", out, err)
	}
	if got := signature(token, []byte(body)); got != "bd52434b46be1542d32bfa5e3332b757b927e183c5ef3b20a5f9877207dc55b9" {
		t.Errorf("the signature is %s", got)
	}
}
