package line_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// packages returns the folder with LINE's own package for Node.
func packages(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", "..", "..", "cmd", "keypull", "testdata", "npm"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "@line", "bot-sdk", "package.json")); err != nil {
		t.Fatalf("LINE's package is missing: run npm ci in %s", dir)
	}
	return dir
}

// signer prints what LINE's own package makes of a body: whether it holds our
// signature for one.
const signer = `
import { validateSignature } from "@line/bot-sdk";
const { body, secret, shown } = JSON.parse(process.argv[2]);
process.stdout.write(String(validateSignature(body, secret, shown)));
`

func TestLinesOwnPackageSignsAndChecksAlike(t *testing.T) {
	dir := packages(t)
	const body = `{"destination":"U1","events":[]}`
	const vector = "8IwdYaDlDYG4Qsf7f2T9n8W+om4kSKlJEXD0QTQYBOk="
	if got := signature("chsecret", []byte(body)); got != vector {
		t.Errorf("the signature is %s, want %s", got, vector)
	}
	given, _ := json.Marshal(map[string]string{"body": body, "secret": secret, "shown": signature(secret, []byte(body))})
	cmd := exec.CommandContext(t.Context(), "node", "--input-type=module", "-", string(given)) //nolint:gosec // the program stands in this file
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(signer)
	if out, err := cmd.CombinedOutput(); err != nil || string(out) != "true" {
		t.Errorf("it says %s: %v", out, err)
	}
}

// TestLinesOwnTypesFitWhatWeSend has TypeScript hold our bodies against the types
// of LINE's own package.
func TestLinesOwnTypesFitWhatWeSend(t *testing.T) {
	dir := packages(t)
	p := newPlatform(t, nil)
	m := suite().Open(t, p.URL, nil)
	s := answering("A <b> & „c“")
	s.Quote, s.Media = "q1", []what.Media{{Type: what.Image, URL: "https://example.org/a.jpg"}}
	s.Rest = []messengers.Message{{Text: "B", Buttons: []pull.Button{{Label: "News", Send: "k:news"}, {Label: "Site", URL: "https://example.org"}}}}
	later := s
	later.Thread = ""
	for _, s := range []messengers.Sending{s, later} {
		if _, err := m.Send(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.(messengers.Typist).Type(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	a := &account{menus: map[string]map[string]any{}, drawn: map[string]bool{}}
	menu := a.published(t)
	types := []string{"ReplyMessageRequest", "PushMessageRequest", "ShowLoadingAnimationRequest", "RichMenuRequest"}
	program := `import { messagingApi } from "@line/bot-sdk";` + "\n"
	for i, body := range append(p.bodies, menu) {
		program += "export const a" + string(rune('0'+i)) + ": messagingApi." + types[i] + " = " + body + ";\n"
	}
	judge := func(program string) error {
		folder := t.TempDir()
		if err := os.Symlink(filepath.Join(dir, "node_modules"), filepath.Join(folder, "node_modules")); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "bodies.ts"), []byte(program), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), filepath.Join(dir, "node_modules", ".bin", "tsc"), //nolint:gosec // the compiler that is locked beside
			"--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext", "bodies.ts")
		cmd.Dir = folder
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Log(string(out))
		}
		return err
	}
	if err := judge(program); err != nil {
		t.Errorf("the types do not fit: %v\n%s", err, program)
	}
	if err := judge(strings.ReplaceAll(program, `"replyToken"`, `"token"`)); err == nil {
		t.Error("the judge takes anything")
	}
}
