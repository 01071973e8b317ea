package mcp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/web/messengers"
)

// keywords returns some that can be asked.
func keywords(n int) []pull.Askable {
	all := []pull.Askable{
		{ID: "price", Title: "Price", Argument: what.ArgumentRequired, Example: "Wipro", Entries: []string{"Wipro", "TCS"}},
		{ID: "tv-tonight", Title: "TV", Argument: what.ArgumentOptional, Slot: "date"}, {ID: "news", Title: "News", Argument: what.ArgumentNone},
	}
	for i := len(all); i < n; i++ {
		all = append(all, pull.Askable{ID: fmt.Sprintf("k%d", i), Title: fmt.Sprintf("Keyword %d", i), Argument: what.ArgumentNone})
	}
	return all
}

func TestFeaturedKeywordsAreTools(t *testing.T) {
	m := open(t, nil, asking(14, keywords(20)...))
	d := posting(`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`)
	a := read(t, receive(t, m, d).Body)
	tools := map[string]map[string]any{}
	for _, tool := range a.Result.Tools {
		tools[tool.Name] = tool.InputSchema
	}
	if len(tools) != 12 || tools["get_k9"] == nil || tools["get_k10"] != nil {
		t.Fatalf("the tools are %q", slices.Sorted(maps.Keys(tools)))
	}
	price, _ := json.Marshal(tools["get_price"])
	tv, _ := json.Marshal(tools["get_tv_tonight"])
	news, _ := json.Marshal(tools["get_news"])
	if !bytes.Contains(price, []byte(`"enum":["Wipro","TCS"]`)) || !bytes.Contains(price, []byte(`"required":["argument"]`)) || !bytes.Contains(tv, []byte(`"date":{`)) ||
		bytes.Contains(tv, []byte("required")) || bytes.Contains(news, []byte(`"argument"`)) {
		t.Errorf("the schemas are\n%s\n%s\n%s", price, tv, news)
	}
	again := receive(t, m, d)
	if !bytes.Equal(again.Body, receive(t, m, d).Body) {
		t.Error("the list is another at each request")
	}
	if in := receive(t, m, calling("get_tv_tonight", `{"date":"sat","language":"fr"}`)).Asks[0]; in.Tap != "o:0:.tv-tonight.c2F0" || in.Text != "TV sat" || in.Language != "fr" {
		t.Errorf("the tool asks %+v", in)
	}
	long := strings.Repeat("long ", 20)
	if in := receive(t, m, calling("get_price", `{"argument":"`+long+`"}`)).Asks[0]; in.Tap != "" || in.Text != "Price "+strings.TrimSpace(long) {
		t.Errorf("a long argument asks %+v", in)
	}
}

func TestTheListHasPages(t *testing.T) {
	m := open(t, nil, asking(3, keywords(120)...))
	var all []string
	cursor := ""
	for pages := 1; ; pages++ {
		a := read(t, receive(t, m, calling("list_keywords", `{"cursor":"`+cursor+`"}`)).Body)
		for _, k := range a.Result.Structured.Keywords {
			all = append(all, k["id"].(string))
		}
		if cursor = a.Result.Structured.Next; cursor == "" {
			if pages != 3 {
				t.Errorf("%d pages", pages)
			}
			break
		}
	}
	if len(slices.Compact(slices.Sorted(slices.Values(all)))) != 120 {
		t.Errorf("%d keywords are listed", len(all))
	}
	a := read(t, receive(t, m, calling("list_keywords", `{"query":"keyword 11"}`)).Body)
	if n := len(a.Result.Structured.Keywords); n != 11 {
		t.Errorf("%d keywords are found: %s", n, a.text())
	}
}

// TestAToolThatBreaksDownDoesSoAlone: the library runs tools where nobody else
// catches what they do.
func TestAToolThatBreaksDownDoesSoAlone(t *testing.T) {
	calls := 0
	m := open(t, nil, func(string) iter.Seq[pull.Askable] {
		if calls++; calls%2 == 0 {
			panic("an edition that is not whole")
		}
		return func(func(pull.Askable) bool) {}
	})
	for range 3 {
		r := receive(t, m, calling("list_keywords", `{}`))
		if a := read(t, r.Body); r.Status != http.StatusOK || !a.Result.IsError || !strings.Contains(a.text(), "fault of its own") {
			t.Errorf("got %d %s", r.Status, r.Body)
		}
	}
	m = open(t, nil, func(string) iter.Seq[pull.Askable] { panic("always") })
	if _, err := m.Receive(t.Context(), calling("ask", `{"text":"news"}`)); err == nil {
		t.Error("a server that can't be made is no failure")
	}
}

func TestNothingStaysBehindARequest(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	m := open(t, nil, asking(1, keywords(3)...))
	var all sync.WaitGroup
	for i := range 200 {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i%3)*time.Millisecond)
			defer cancel()
			for _, d := range []messengers.Delivery{
				calling("ask", `{"text":"news"}`), calling("list_keywords", `{}`), posting(`{"jsonrpc":"2.0","id":1,"method":"ping"}`),
				posting(`{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen"}`), posting(`{"jsonrpc":"2.0","id":1,"result":{}}`),
				posting(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`),
			} {
				if r, err := m.Receive(ctx, d); err != nil || r.Status >= 500 || r.Status == 200 && len(r.Body) == 0 {
					t.Errorf("got %d %q, %v", r.Status, r.Body, err)
				}
			}
		})
	}
	all.Wait()
}

func FuzzReceive(f *testing.F) {
	for _, body := range []string{
		string(calling("ask", `{"text":"news"}`).Body), `[{"jsonrpc":"2.0","id":1,"method":"ping"}]`, `{"jsonrpc":"2.0","id":"\ud800","method":"tools/call","params":{"name":"ask","arguments":{"text":"\u0000"}}}`,
		`{"jsonrpc":"2.0","id":1e99,"method":"initialize","params":{"protocolVersion":7}}`, `{"jsonrpc":"2.0","method":"notifications/initialized"}`, strings.Repeat("[", 70),
	} {
		f.Add([]byte(body), "2026-07-28", "tools/call")
		f.Add([]byte(body), "", "")
	}
	m := open(f, map[string]any{"tokens": []any{map[string]any{"name": "newsroom", "token": token, "rate": 0}}}, asking(2, keywords(3)...))
	f.Fuzz(func(t *testing.T, body []byte, revision, method string) {
		d := posting(string(body))
		d.Header["Mcp-Protocol-Version"], d.Header["Mcp-Method"], d.Header["Mcp-Name"] = []string{revision}, []string{method}, []string{"ask"}
		r, err := m.Receive(t.Context(), d)
		if err != nil || r.Status >= http.StatusInternalServerError {
			t.Fatalf("got %d, %v", r.Status, err)
		}
		for _, in := range r.Asks {
			if in.ID == "" || in.Reader == "" || in.Address == "" {
				t.Errorf("an ask of nobody: %+v", in)
			}
		}
		m.Answer(r, nil)
	})
}
