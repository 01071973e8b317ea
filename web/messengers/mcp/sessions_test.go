package mcp_test

import (
	"testing"
	"time"

	"keypull/web/messengers"
	"keypull/web/messengers/messengertest"
)

// TestAskingOnceLeavesNoReader: a crowd of single asks is kept under few readers,
// and none of them is another's while anything of it can be gone on with.
func TestAskingOnceLeavesNoReader(t *testing.T) {
	m := open(t, map[string]any{"anonymous": true, "budget": map[string]any{"channel": 0, "address": 0}}, nil)
	at := messengertest.Now()
	ask := func(arguments string, passed time.Duration) messengers.Incoming {
		at = at.Add(passed)
		return receive(t, m, anonymous(calling("ask", arguments), "203.0.113.7", at)).Asks[0]
	}
	readers, last := map[string]time.Time{}, ""
	for range 500 {
		in := ask(`{"text":"news"}`, time.Minute)
		if before, used := readers[in.Reader]; used && at.Sub(before) <= 31*time.Minute {
			t.Fatalf("%s is another's after %s", in.Reader, at.Sub(before))
		}
		readers[in.Reader], last = at, in.ID[:26]
	}
	if len(readers) > 40 {
		t.Errorf("500 asks in 500 minutes leave %d readers", len(readers))
	}
	reader := ask(`{"text":"news"}`, 0).Reader
	if again := ask(`{"text":"more","session":"`+last+`"}`, 20*time.Minute); again.Reader == reader || again.ID[:26] != last {
		t.Errorf("the session goes on as %+v", again)
	}
	with := calling("ask", `{"text":"more","session":"`+last+`"}`)
	with.At = at
	if in := receive(t, m, with).Asks[0]; readers[in.Reader] != (time.Time{}) {
		t.Errorf("with a token the session of anybody is %s", in.Reader)
	}
}
