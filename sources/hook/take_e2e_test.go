package hook_test

import (
	"path/filepath"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/request"
	"keypull/sources/hook"
	"keypull/sources/sourcetest"
)

// A request is taken by an endpoint that verifies its signature by itself, and by it alone.
func TestARequestIsHandedOverSigned(t *testing.T) {
	example, err := filepath.Abs(filepath.Join("..", "..", "docs", "examples", "hook.mjs"))
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + start(t, func(string) []string { return []string{"node", example} }, example) + "/ask"
	take := func(secret string) (request.State, string, error) {
		env := sourcetest.Env(t, "")
		env.Clock = time.Now
		taker, ok := sourcetest.Open(t, hook.Kind, env, values{"url": url, "secret": secret}).(pull.Taker)
		if !ok || !taker.TakesRequests() {
			t.Fatal("it takes no requests")
		}
		r := request.Request{Number: "7F3K9-2XQ8M-4", Kind: "incident", Keyword: "paper", Name: "Zeitung fehlt", Language: "de", Fields: []request.Field{{Question: "Ihre Adresse?", Text: "Münzgasse 4", Value: "Münzgasse 4"}}}
		return taker.TakeRequest(t.Context(), &r)
	}
	if state, text, err := take(pushSecret); err != nil || state != request.InWork || text != "Ticket 7F3K9-2XQ8M-4 is with our delivery desk." {
		t.Errorf("%q, %q, %v", state, text, err)
	}
	if state, text, err := take("whsec_YW5vdGhlci1zZWNyZXQtdGhhbi10aGF0"); err == nil || state != "" || text != "" {
		t.Errorf("signed with another secret: %q, %q, %v", state, text, err)
	}
}
