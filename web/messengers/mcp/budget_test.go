package mcp_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"keypull/web/messengers/messengertest"
)

// TestABurstCostsNobodyElse: who has asked too much is told so in a normal result.
func TestABurstCostsNobodyElse(t *testing.T) {
	budget := func(channel, address int) map[string]any {
		return map[string]any{"anonymous": true, "budget": map[string]any{"channel": channel, "address": address}, "shared_networks": []any{"198.51.100.0/24", "2001:db8:ffff::/48"}}
	}
	one := func(int) string { return "203.0.113.7" }
	tests := map[string]struct {
		set  map[string]any
		from func(i int) string
		want int
	}{
		"one address":               {budget(600, 60), one, 60},
		"two addresses":             {budget(600, 60), func(i int) string { return fmt.Sprintf("203.0.113.%d", i%2) }, 120},
		"a network of 64 bits":      {budget(600, 60), func(i int) string { return fmt.Sprintf("2001:db8::%x", i+1) }, 60},
		"all addresses":             {budget(100, 60), func(i int) string { return fmt.Sprintf("203.0.113.%d", i) }, 100},
		"a maker's network":         {budget(600, 60), func(int) string { return "198.51.100.20" }, 200},
		"a maker's network of IPv6": {budget(150, 60), func(int) string { return "2001:db8:ffff::1" }, 150},
		"no budget":                 {budget(0, 0), one, 200},
		"the usual one":             {map[string]any{"anonymous": true}, one, 60},
		"Anthropic's network":       {map[string]any{"anonymous": true}, func(int) string { return "160.79.104.10" }, 200},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			m := open(t, tt.set, nil)
			taken, now := 0, messengertest.Now()
			for i := range 200 {
				r := receive(t, m, anonymous(calling("ask", `{"text":"news","language":"de"}`), tt.from(i), now))
				taken += len(r.Asks)
				if len(r.Asks) > 0 {
					continue
				}
				a := read(t, r.Body)
				if r.Status != 200 || a.Result.IsError || a.Result.Structured.Status != "limited" || a.Result.Structured.RetryAfter < 1 || !strings.Contains(a.text(), "Fragen Sie in") {
					t.Fatalf("got %d %s", r.Status, r.Body)
				}
			}
			if taken != tt.want {
				t.Errorf("%d asks of 200 were taken, want %d", taken, tt.want)
			}
			if r := receive(t, m, anonymous(calling("ask", `{"text":"news"}`), tt.from(0), now.Add(time.Minute))); len(r.Asks) != 1 {
				t.Errorf("a minute later: %s", r.Body)
			}
		})
	}
}

func TestATokenHasARateOfItsOwn(t *testing.T) {
	m := open(t, map[string]any{"tokens": []any{map[string]any{"name": "newsroom", "token": token, "rate": 5}}}, nil)
	taken := 0
	for range 20 {
		taken += len(receive(t, m, calling("ask", `{"text":"news"}`)).Asks)
	}
	if taken != 5 {
		t.Errorf("%d asks were taken", taken)
	}
}
