package webchat_test

import (
	"fmt"
	"strings"
	"testing"
)

func TestAddressesAreShownAsWords(t *testing.T) {
	s, b := newSite(t, nil), newBrowser(t)
	b.open(s.URL + base)
	b.say("one")
	b.hears("You said one")
	long := strings.TrimSpace(strings.Repeat("a long story ", 20))
	for n, tt := range []struct{ text, shown, links string }{
		{"First\nhttps://www.lecker.example/1\n\nSecond?\nhttps://lecker.example/2", "First\n\nSecond?", "First=https://www.lecker.example/1|Second?=https://lecker.example/2"},
		{"Title\n\nBody.\n\nhttps://www.lecker.example/x", "Title\n\nBody.\n\nlecker.example ↗", "lecker.example ↗=https://www.lecker.example/x"},
		{"Title\n\nBody.\n\nhttps://pull.example/c/lecker/abc_-9?lecker.example", "Title\n\nBody.\n\nlecker.example ↗", "lecker.example ↗=https://pull.example/c/lecker/abc_-9?lecker.example"},
		{"See https://lecker.example/a, please.", "See https://lecker.example/a, please.", "https://lecker.example/a=https://lecker.example/a"},
		{"https://lecker.example/1\nhttps://lecker.example/2\nEnd", "lecker.example ↗\nlecker.example ↗\nEnd", "lecker.example ↗=https://lecker.example/1|lecker.example ↗=https://lecker.example/2"},
		{"Read https://lecker.example/0\nhttps://lecker.example/4", "Read https://lecker.example/0\nlecker.example ↗", "https://lecker.example/0=https://lecker.example/0|lecker.example ↗=https://lecker.example/4"},
		{"So (https://lecker.example/a_(b)), «https://lecker.example/c_d'e\"f|g*h» https://lecker.example/?a=1&copy=2&lt=3;", "So (https://lecker.example/a_(b)), «https://lecker.example/c_d'e\"f|g*h» https://lecker.example/?a=1&copy=2&lt=3;", "https://lecker.example/a_(b)=https://lecker.example/a_(b)|https://lecker.example/c_d'e\"f|g*h=https://lecker.example/c_d'e%22f%7Cg*h|https://lecker.example/?a=1&copy=2&lt=3=https://lecker.example/?a=1&copy=2&lt=3"},
		{"https://lecker.example/what_is_it?\nEnd", "lecker.example ↗\nEnd", "lecker.example ↗=https://lecker.example/what_is_it?"},
		{long + "\nhttps://lecker.example/3", long + "\nlecker.example ↗", "lecker.example ↗=https://lecker.example/3"},
	} {
		send(t, s.chat, s.asks()[0].Address, tt.text, fmt.Sprintf("%d-1", n+1))
		b.until(fmt.Sprintf(`$$(".them").length === %d`, n+2))
		b.wants(`$$(".them p").at(-1).textContent`, tt.shown)
		b.wants(`[...$$(".them p").at(-1).querySelectorAll("a")].map((x) => x.textContent + "=" + x.href).join("|")`, tt.links)
	}
}
