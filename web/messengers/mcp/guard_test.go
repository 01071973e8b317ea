package mcp_test

import (
	"net/http"
	"strings"
	"testing"

	"keypull/web/messengers"
)

func TestWhatMayNotAskIsRefusedBeforeTheLibrarySeesIt(t *testing.T) {
	with := func(name string, values ...string) func(*messengers.Delivery) {
		return func(d *messengers.Delivery) { d.Header[name] = values }
	}
	body := func(body string) func(*messengers.Delivery) {
		return func(d *messengers.Delivery) {
			d.Body = []byte(body)
			for _, name := range []string{"Mcp-Protocol-Version", "Mcp-Method", "Mcp-Name"} {
				delete(d.Header, name)
			}
		}
	}
	method := func(method string) func(*messengers.Delivery) {
		return func(d *messengers.Delivery) { d.Method = method }
	}
	ping := `{"jsonrpc":"2.0","id":1,"method":"ping"}`
	tests := map[string]struct {
		change func(*messengers.Delivery)
		status int
		body   string
	}{
		"the right token":               {with("Authorization", "Bearer "+token), 200, "keypull_ask"},
		"in small letters":              {with("Authorization", "bearer "+token), 200, "keypull_ask"},
		"a wrong token":                 {with("Authorization", "Bearer token-of-the-newsroon"), 401, ""},
		"half a token":                  {with("Authorization", "Bearer token-of"), 401, ""},
		"two tokens":                    {with("Authorization", "Bearer "+token, "Bearer "+token), 401, ""},
		"another scheme":                {with("Authorization", "Basic "+token), 401, ""},
		"none":                          {func(d *messengers.Delivery) { delete(d.Header, "Authorization") }, 401, ""},
		"a page of another site":        {with("Origin", "https://evil.example"), 403, "origin"},
		"a page of no site":             {with("Origin", "null"), 403, ""},
		"a page of two sites":           {with("Origin", "https://chat.example.org", "https://evil.example"), 403, ""},
		"a page of a site that may":     {with("Origin", "https://chat.example.org"), 200, "keypull_ask"},
		"a page of our own":             {with("Origin", "https://example.org"), 200, "keypull_ask"},
		"a form":                        {with("Content-Type", "application/x-www-form-urlencoded"), 415, ""},
		"a caller that reads all":       {with("Accept", "*/*"), 200, "keypull_ask"},
		"a caller that reads JSON":      {with("Accept", "application/json"), 200, "keypull_ask"},
		"a body too long":               {body(`{"a":"` + strings.Repeat("x", 70_000) + `"}`), 413, ""},
		"a body too deep":               {body(strings.Repeat(`[`, 100) + strings.Repeat(`]`, 100)), 400, ""},
		"a body in Latin-1":             {body("{\"a\":\"\xe9\"}"), 400, ""},
		"a batch too long":              {body("[" + strings.Repeat(ping+",", 20) + ping + "]"), 400, ""},
		"a method of the first days":    {body(`{"jsonrpc":"2.0","id":1,"method":"resources/list"}`), 200, "-32601"},
		"a stream":                      {body(`{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen"}`), 200, "-32601"},
		"a stream that hides":           {body(`{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","Method":"ping"}`), 200, "-32601"},
		"a note that we do not know":    {body(`{"jsonrpc":"2.0","method":"logging/setLevel"}`), 202, ""},
		"something of a session":        {method(http.MethodDelete), 405, ""},
		"a read without a browser":      {method(http.MethodGet), 405, ""},
		"something below":               {func(d *messengers.Delivery) { d.Path = "sse" }, 404, ""},
		"a session that nobody gave":    {body(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ask","arguments":{"text":"x","session":"1"}}}`), 200, "isError"},
		"an argument that is no object": {body(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"ask","arguments":[1]}}`), 200, ""},
	}
	m := open(t, map[string]any{"origins": []any{"https://chat.example.org"}}, nil)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := calling("ask", `{"text":"news"}`)
			tt.change(&d)
			r := receive(t, m, d)
			if r.Status != tt.status || !strings.Contains(string(r.Body), tt.body) || len(r.Asks) > 0 != (tt.body == "keypull_ask") {
				t.Errorf("got %d %s and %d asks", r.Status, r.Body, len(r.Asks))
			}
			if shown := r.Header["WWW-Authenticate"]; (shown == `Bearer realm="lecker/ai"`) != (tt.status == 401) || r.Status == 401 && len(r.Body) > 0 {
				t.Errorf("got %d, WWW-Authenticate %q and %q", r.Status, shown, r.Body)
			}
		})
	}
}

func TestATokenThatIsTakenAwayOpensNothing(t *testing.T) {
	other := map[string]any{"tokens": []any{map[string]any{"name": "another", "token": "token-of-somebody-else"}}}
	if r := receive(t, open(t, other, nil), calling("ask", `{"text":"news"}`)); r.Status != http.StatusUnauthorized || len(r.Asks) > 0 {
		t.Errorf("got %d", r.Status)
	}
	// Where anybody may ask, a wrong token is still none.
	if r := receive(t, open(t, map[string]any{"tokens": []any{}, "anonymous": true}, nil), calling("ask", `{"text":"news"}`)); r.Status != http.StatusUnauthorized {
		t.Errorf("got %d", r.Status)
	}
}

func TestASessionBelongsToItsToken(t *testing.T) {
	m := open(t, map[string]any{"anonymous": true, "tokens": []any{
		map[string]any{"name": "newsroom", "token": token}, map[string]any{"name": "kitchen", "token": "token-of-the-kitchen"},
	}}, nil)
	call := calling("ask", `{"text":"more","session":"`+session+`"}`)
	kitchen, nobody := calling("ask", string(`{"text":"more","session":"`+session+`"}`)), calling("ask", `{"text":"more","session":"`+session+`"}`)
	kitchen.Header["Authorization"] = []string{"Bearer token-of-the-kitchen"}
	delete(nobody.Header, "Authorization")
	readers := map[string]bool{}
	for _, d := range []messengers.Delivery{call, kitchen, nobody} {
		readers[receive(t, m, d).Asks[0].Reader] = true
	}
	if len(readers) != 3 {
		t.Errorf("three holders of one session are %v", readers)
	}
	first, second := receive(t, m, calling("ask", `{"text":"news"}`)).Asks[0], receive(t, m, calling("ask", `{"text":"news"}`)).Asks[0]
	if first.Reader == second.Reader || first.ID == second.ID {
		t.Errorf("two new sessions are %q and %q", first.Reader, second.Reader)
	}
}

func TestPagesOfSitesThatMayAreToldSo(t *testing.T) {
	m := open(t, map[string]any{"origins": []any{"https://chat.example.org"}}, nil)
	d := posting("")
	d.Method, d.Header["Origin"] = http.MethodOptions, []string{"https://chat.example.org"}
	r := receive(t, m, d)
	if r.Status != http.StatusNoContent || r.Header["Access-Control-Allow-Origin"] != "https://chat.example.org" || !strings.Contains(r.Header["Access-Control-Allow-Headers"], "Authorization") || !strings.Contains(r.Header["Access-Control-Allow-Methods"], "POST") || r.Header["Vary"] != "Origin" {
		t.Errorf("got %d %v", r.Status, r.Header)
	}
	d.Header["Origin"] = []string{"https://evil.example"}
	if r := receive(t, m, d); r.Status != http.StatusForbidden || r.Header["Access-Control-Allow-Origin"] != "" {
		t.Errorf("got %d %v", r.Status, r.Header)
	}
}
