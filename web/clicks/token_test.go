package clicks_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/web/clicks"
)

var sent = time.Date(2026, 11, 24, 20, 0, 0, 300_000_000, time.UTC)

func aLink() clicks.Link {
	return clicks.Link{Keyword: "bread", Channel: "tg", Source: "recipes", Item: "sourdough", Address: "https://oven.example/2026/sourdough?lang=en&x=1#top", Sent: sent}
}

func TestATokenSaysWhereItsLinkLeads(t *testing.T) {
	key := clicks.KeyOf([]byte("a secret of the publisher"))
	for name, change := range map[string]func(*clicks.Link){
		"as it is":                          func(*clicks.Link) {},
		"a source that is named as keyword": func(l *clicks.Link) { l.Source = l.Keyword },
		"no https":                          func(l *clicks.Link) { l.Address = "http://oven.example/" },
		"letters of another script":         func(l *clicks.Link) { l.Address = "https://пекарня.example/хлеб" },
	} {
		l := aLink()
		change(&l)
		got, ok := key.Read(key.Token(l))
		l.Item = ""
		if diff := cmp.Diff(l, got); !ok || diff != "" {
			t.Errorf("%s: %v\n%s", name, ok, diff)
		}
	}
}

// Links that were sent before texts were packed lead on, and those of today are shorter by a fifth or more.
func TestLinksOfBeforeLeadOn(t *testing.T) {
	const before = "QgxbqIi28xPaBC47P4P_EL5icmVhZAB0ZwByZWNpcGVzAG92ZW4uZXhhbXBsZS8yMDI2L3NvdXJkb3VnaD9sYW5nPWVuJng9MSN0b3A"
	key := clicks.KeyOf([]byte("a secret of the publisher"))
	want := aLink()
	want.Item = ""
	got, ok := key.Read(before)
	if diff := cmp.Diff(want, got); !ok || diff != "" {
		t.Errorf("%v\n%s", ok, diff)
	}
	if now := key.Token(aLink()); len(now) > len(before)*4/5 {
		t.Errorf("%s has %d signs, and had %d", now, len(now), len(before))
	}
	if _, ok := clicks.KeyOf([]byte("another secret")).Read(before); ok {
		t.Error("another publisher's key reads it")
	}
}

func TestWhateverIsNotWebOrTooLongHasNoToken(t *testing.T) {
	key := clicks.KeyOf([]byte("a secret of the publisher"))
	for _, address := range []string{
		"", "mailto:baker@oven.example", "javascript:alert(1)", "tel:+43", "/bread", "https://", "https://user:pass@oven.example/", "https://oven.example/a b",
		"https://oven.example/a\r\nSet-Cookie: x=1", `https:\\oven.example`, "https://oven.example/" + strings.Repeat("x", 1024),
	} {
		l := aLink()
		l.Address = address
		if token := key.Token(l); token != "" {
			t.Errorf("%.60q has the token %s", address, token)
		}
	}
	if token := clicks.Key(nil).Token(aLink()); token != "" {
		t.Errorf("without a key there is the token %s", token)
	}
}

// Whoever changes a single bit of a token, or has another publisher's, is led nowhere.
func TestNoOtherTokenLeadsAnywhere(t *testing.T) {
	key := clicks.KeyOf([]byte("a secret of the publisher"))
	token := key.Token(aLink())
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		t.Fatal(err)
	}
	for i := range len(b) * 8 {
		forged := append([]byte{}, b...)
		forged[i/8] ^= 1 << (i % 8)
		if l, ok := key.Read(base64.RawURLEncoding.EncodeToString(forged)); ok {
			t.Fatalf("bit %d changed leads to %s", i, l.Address)
		}
	}
	for i := range token {
		if _, ok := key.Read(token[:i]); ok {
			t.Errorf("%s leads somewhere", token[:i])
		}
	}
	for _, other := range []string{token + "A", token + "=", " " + token, ""} {
		if _, ok := key.Read(other); ok {
			t.Errorf("%q leads somewhere", other)
		}
	}
	if _, ok := clicks.KeyOf([]byte("another secret")).Read(token); ok {
		t.Error("another publisher's key reads it")
	}
	if _, ok := clicks.KeyOf(nil).Read(token); ok {
		t.Error("no key reads it")
	}
}

// Two items at one address have tokens of their own.
func TestATokenIsOfItsItem(t *testing.T) {
	key, other := clicks.KeyOf([]byte("a secret of the publisher")), aLink()
	other.Item = "rye"
	if key.Token(aLink()) == key.Token(other) {
		t.Error("both have the same token")
	}
}

func FuzzRead(f *testing.F) {
	key := clicks.KeyOf([]byte("a secret of the publisher"))
	f.Add(key.Token(aLink()))
	f.Fuzz(func(t *testing.T, token string) {
		if l, ok := key.Read(token); ok && token != key.Token(aLink()) {
			t.Errorf("%q leads to %s", token, l.Address)
		}
	})
}
