package wechat_test

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

// crypto has an independent package encrypt and sign a message, or check and
// open an answer.
const crypto = `
const Crypt = require("wechat-crypto");
const { token, key, id, stamp, nonce, message, sealed } = JSON.parse(process.argv[2]);
const crypt = new Crypt(token, key, id);
const encrypted = sealed || crypt.encrypt(message);
console.log(JSON.stringify({ encrypted, signature: crypt.getSignature(stamp, nonce, encrypted), plain: crypt.decrypt(encrypted) }));
`

// told is what the package says.
type told struct {
	Encrypted, Signature string
	Plain                struct{ Message, ID string }
}

func asked(t *testing.T, about map[string]string) (got told) {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", "..", "..", "cmd", "keypull", "testdata", "npm"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "wechat-crypto", "package.json")); err != nil {
		t.Fatalf("the package is missing: run npm ci in %s", dir)
	}
	given, err := json.Marshal(about)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", "--no-deprecation", "-", string(given)) //nolint:gosec // the program stands in this file
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(crypto)
	out, err := cmd.CombinedOutput()
	if err != nil || json.Unmarshal(out, &got) != nil {
		t.Fatalf("it says %s: %v", out, err)
	}
	return got
}

func TestAnIndependentPackageEncryptsAndOpensAlike(t *testing.T) {
	stamp := strconv.FormatInt(messengertest.Now().Unix(), 10)
	about := map[string]string{"token": token, "key": aesKey, "id": appID, "stamp": stamp, "nonce": "n0nce", "message": string(text("41", "你好 goal").Body)}
	theirs := asked(t, about)
	d := delivery(`<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[` + theirs.Encrypted + `]]></Encrypt></xml>`)
	d.Query = map[string][]string{
		"timestamp": {stamp}, "nonce": {"n0nce"}, "encrypt_type": {"aes"}, "msg_signature": {theirs.Signature}, "signature": {signed(token, stamp, "n0nce")},
	}
	m := safe(t, "http://127.0.0.1:9")
	r, err := m.Receive(t.Context(), d)
	if err != nil || len(r.Asks) != 1 || r.Asks[0].Text != "你好 goal" {
		t.Fatalf("got %+v, %v", r, err)
	}
	var ours struct{ Encrypt, MsgSignature, TimeStamp, Nonce string }
	body := m.(messengers.InBand).Answer(r, []messengers.Sending{{Address: ann, Message: messengers.Message{Text: "进球"}}}).Body
	if err := xml.Unmarshal(body, &ours); err != nil {
		t.Fatal(err)
	}
	about["sealed"], about["stamp"], about["nonce"] = ours.Encrypt, ours.TimeStamp, ours.Nonce
	got := asked(t, about)
	if got.Signature != ours.MsgSignature || got.Plain.ID != appID || !strings.Contains(got.Plain.Message, "<Content><![CDATA[进球]]></Content>") {
		t.Errorf("it opens %+v of %s", got, body)
	}
}

func TestTheKnownSignaturesAreOurs(t *testing.T) {
	const encrypted = "Q3stYC6hdFzMh9T8HCvyDGUHUwJY2LNTPNLYr3wfZkzuuJoH1PFd1Fzy5/GIDoTYSaNOGZTKuJJDUW9PAMcaq1zHYI1SohrPLztePuP1GBi4AEhmqKqDJwkzHQaXL3LhnB/HaIoOaOSfsqNRASya/HBpDzWg7ch+uhl5aBXv2OwxG8y0bqevPH0jbeGMwTdTOitgEZ1JQUTAbMJhQ4AcgQ=="
	if got := signed("token1", "1700000000", "n0nce", encrypted); got != "f3e08602f58da7804da7ab8dff04e191b94de10a" {
		t.Errorf("the signature is %s", got)
	}
	if got := signed("token1", "1700000000", "n0nce"); got != "a003c16fc4ea7f721d05790586cef0ee2679b62f" {
		t.Errorf("the plain signature is %s", got)
	}
	const inner = `<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Content><![CDATA[你好 goal]]></Content></xml>`
	if got := seal(inner, appID); got != encrypted {
		t.Errorf("it is encrypted as %s", got)
	}
}
