package mcp_test

import (
	"net/http"
	"strings"
	"testing"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

func TestWhoAsksForProgressAndTakesAStreamGetsIt(t *testing.T) {
	m := open(t, map[string]any{"anonymous": true}, asking(0))
	for name, tt := range map[string]struct {
		meta, accept, want string
	}{
		"a word":       {`"_meta":{"progressToken":"p\"1"},`, "application/json, text/event-stream", `"progressToken":"p\"1"`},
		"a number":     {`"_meta":{"progressToken":7},`, "text/event-stream", `"progressToken":7`},
		"no token":     {``, "application/json, text/event-stream", ""},
		"an odd token": {`"_meta":{"progressToken":{"a":1}},`, "text/event-stream", ""},
		"no stream":    {`"_meta":{"progressToken":7},`, "application/json", ""},
	} {
		r := receive(t, m, messengers.Delivery{
			Method: http.MethodPost, At: messengertest.Now(),
			Header: map[string][]string{"Content-Type": {"application/json"}, "Accept": {tt.accept}, "Mcp-Protocol-Version": {"2025-06-18"}},
			Body:   []byte(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{` + tt.meta + `"name":"ask","arguments":{"text":"news"}}}`),
		})
		if len(r.Asks) != 1 {
			t.Fatalf("%s: got %s", name, r.Body)
		}
		if tt.want == "" || r.Progress == nil {
			if tt.want != "" || r.Progress != nil {
				t.Errorf("%s: got %+v", name, r.Progress)
			}
			continue
		}
		said := string(r.Progress.Beat(2, "Working."))
		if !strings.HasPrefix(said, "event: message\ndata: {") || !strings.HasSuffix(said, "}\n\n") || strings.Count(said, "\n") != 3 ||
			!strings.Contains(said, tt.want) || !strings.Contains(said, `"progress":2`) || !strings.Contains(said, `"method":"notifications/progress"`) {
			t.Errorf("%s: got %s", name, said)
		}
	}
}
