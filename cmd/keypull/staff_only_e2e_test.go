package main

import (
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keypull/pull/people"
	"keypull/web/console"
	"keypull/web/console/accounts"
)

// publicRoutes are the routes that name a publisher, as the code declares them, each with an
// address below it by which strangers would come. Where there is none, the route is for
// platforms and programs that prove who they are.
var publicRoutes = map[string][]string{
	`"/"+route+"/:publisher/:channel"`:                 {"POST /mcp/lecker/ai", "GET /mcp/lecker/ai"},
	`"/"+route+"/:publisher/:channel/*"`:               {"POST /mcp/lecker/ai/more", "POST /hook/lecker/web"},
	`"/in/:publisher/:source"`:                         nil,
	`"/say/:publisher/:channel"`:                       {"GET /say/lecker/web?q=hours", "GET /say/lecker/tg?q=hours"},
	`"/chat/:publisher/:channel"`:                      {"GET /chat/lecker/web/", "GET /chat/lecker/web/config.json", "GET /chat/lecker/web/events", "POST /chat/lecker/web/messages", "GET /chat/lecker/web/chat.js", "POST /chat/lecker/web/tickets"},
	`"GET "+Root+"/{publisher}/{keyword}"`:             {"GET /ask/lecker/hours"},
	`"GET "+Root+"/{publisher}/{keyword}/frame"`:       {"GET /ask/lecker/hours/frame"},
	`"GET "+Root+"/{publisher}/{keyword}/button.js"`:   {"GET /ask/lecker/hours/button.js"},
	`"GET "+Root+"/{publisher}/{keyword}/code/{file}"`: {"GET /ask/lecker/hours/code/web.svg"},
	`"GET "+Briefing+"/{publisher}/{file}"`:            {"GET /briefing/lecker/hours.json"},
	`"GET "+Root+"/{publisher}"`:                       {"GET /proof/lecker"},
	`"POST "+Root+"/{publisher}"`:                      {"POST /proof/lecker"},
	`"GET "+Root+"/{publisher}/{code}"`:                {"GET /proof/lecker/CODE"},
}

// TestStrangersSeeNothingOfABotForStaff walks every public route: where a publisher is for staff
// only it says what it says of one that is not there.
func TestStrangersSeeNothingOfABotForStaff(t *testing.T) {
	s, c := correctedHouse(t, sawSoon)
	code := codeIn.FindString(s.says(sawSoon, "PROOF"))
	c.put("/publishers/lecker/keywords/hours", "keyword", func(doc object) { doc["briefing"] = true })
	c.add("lecker", "channel", object{"id": "ai", "kind": "mcp", "settings": object{"anonymous": true, "listed": true}})
	c.add("lecker", "channel", botDoc("tg", newBotAPI(t), nil))
	asker := atSocket[accounts.TokenCreate, accounts.NewToken](s, "token.create", accounts.TokenCreate{Of: console.Of{Publisher: "lecker"}, Name: "A watch", Role: string(people.Asker)})
	s.log.keepOut(asker.Secret)

	var all []string
	for _, route := range declaredRoutes(t) {
		addresses, listed := publicRoutes[route]
		if !listed {
			t.Errorf("what does %s say to strangers of a publisher for staff only? Add it to this table", route)
		}
		all = append(all, addresses...)
	}
	all = append(all, "GET /oembed?url="+s.config.Server.PublicURL+"/ask/lecker/hours")
	header := map[string]string{"Accept": "application/json", "Content-Type": "application/json"}
	at := func(address string) (int, string) {
		method, path, _ := strings.Cut(strings.ReplaceAll(address, "CODE", code), " ")
		h := maps.Clone(header)
		if strings.HasPrefix(path, "/say/lecker/") {
			h["Authorization"] = "Bearer " + asker.Secret
		}
		got := request(t, method, s.URL+path, "", h)
		return got.status, got.body
	}
	seen := 0
	for _, address := range all {
		if status, _ := at(address); status == http.StatusOK {
			seen++
		}
	}
	if status, body := at("GET /.well-known/ai-catalog.json"); seen < 10 || status != http.StatusOK || !strings.Contains(body, "lecker") { //nolint:mnd // most of them
		t.Fatalf("only %d are there at first; the catalogue has %s", seen, body)
	}
	if _, body := at("GET /.well-known/keypull-keys.json"); !strings.Contains(body, "lecker") {
		t.Fatal(body)
	}

	c.put("/publishers/lecker", "publisher", func(doc object) { doc["staff_only"] = true })
	for _, address := range all {
		status, body := at(address)
		_, unknown := at(strings.ReplaceAll(address, "lecker", "nobody"))
		if strings.Contains(address, "/say/") {
			_, unknown = at("GET /say/lecker/fax?q=hours") // whose tokens are the publisher's
		}
		if status != http.StatusNotFound || strings.ReplaceAll(body, "lecker", "nobody") != unknown {
			t.Errorf("%s: %d %s, and of nobody %s", address, status, body, unknown)
		}
	}
	for _, listed := range []string{"GET /.well-known/ai-catalog.json", "GET /.well-known/keypull-keys.json", "GET /robots.txt"} {
		if _, body := at(listed); strings.Contains(strings.ToLower(body), "lecker") {
			t.Errorf("%s: %s", listed, body)
		}
	}
	if ways := c.get("/publishers/lecker/keywords/hours/ways").body; strings.Contains(ways, "/ask/") || strings.Contains(ways, "/briefing/") {
		t.Errorf("editors are told of what strangers do not find: %s", ways)
	}
	c.put("/publishers/lecker", "publisher", func(doc object) { doc["staff_only"] = false })
	if status, body := at("GET /chat/lecker/web/config.json"); status != http.StatusOK {
		t.Errorf("not for staff any more: %d %s", status, body)
	}
}

// declaredRoutes returns the routes in the code of web that name a publisher, as they stand
// there.
func declaredRoutes(t *testing.T) (all []string) {
	t.Helper()
	for _, folder := range []string{"web", "web/links", "web/proofs"} {
		files, err := filepath.Glob(filepath.Join("..", "..", folder, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatal(err, folder)
		}
		for _, file := range files {
			text, err := os.ReadFile(file) //nolint:gosec // of this test
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range strings.Split(string(text), "\n") {
				_, route, _ := strings.Cut(line, "(")
				route, _, _ = strings.Cut(route, ", ")
				if strings.HasPrefix(route, `"`) && (strings.Contains(route, ":publisher") || strings.Contains(route, "{publisher}")) && !strings.HasSuffix(file, "_test.go") {
					all = append(all, route)
				}
			}
		}
	}
	return all
}
