package proof_test

import (
	"crypto/ed25519"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"keypull/pull/proof"
)

var (
	private = ed25519.NewKeyFromSeed([]byte("thirty-two bytes that are a seed"))
	other   = ed25519.NewKeyFromSeed([]byte("thirty-two bytes of another seed"))
)

func public(key ed25519.PrivateKey, until time.Time) proof.PublicKey {
	k := key.Public().(ed25519.PublicKey)
	return proof.PublicKey{ID: proof.KeyID(k), Key: k, From: asked.Add(-time.Hour), Until: until}
}

func statement() proof.Statement {
	return proof.Statement{
		Publisher: "lecker", Name: "Lecker", Code: "7F3K92XQ8M4", Keywords: []string{"recipe"},
		Items: []proof.Item{{Source: "recipes", ID: "42", Title: "Tiramisù", Link: "https://lecker.example/42"}},
		Told:  "Tiramisù: 6 eggs, 500 g mascarpone", AsOf: asked.Unix(), Fetched: asked.Unix(), Sent: asked.Unix() + 1,
	}
}

func signed(t testing.TB, s proof.Statement) string {
	t.Helper()
	text, err := proof.Sign(private, s)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestASignedTextProvesItselfHoweverItWasCopied(t *testing.T) {
	text := signed(t, statement())
	lines := strings.Split(text, "\n")
	for name, copied := range map[string]string{
		"as it was":             text,
		"on one line":           strings.Join(lines, ""),
		"with spaces for lines": strings.Join(lines, " "),
		"quoted":                "On Monday Anna wrote:\n> " + strings.Join(lines, "\r\n> ") + "\n> \n\nReally?",
		"in small letters":      strings.ToLower(text),
		"with other spaces":     strings.ReplaceAll(text, " ", "\u00a0"),
		"with marks":            "*" + strings.Join(lines, "\u200b\n") + "*",
		"wrapped anew":          strings.Join(lines[:1], "") + "\n" + wrap(strings.Join(lines[1:], ""), 17),
		"with look-alikes":      lines[0] + "\n" + strings.NewReplacer("0", "O", "1", "l").Replace(strings.Join(lines[1:], "\n")),
		"with words around it":  "check this please: " + text + " . Thanks in advance, u",
	} {
		read, err := proof.Parse(copied)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got, err := read.Verify([]proof.PublicKey{public(other, time.Time{}), public(private, time.Time{})}); err != nil || !reflect.DeepEqual(got, statement()) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func wrap(s string, n int) string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 && i%n == 0 {
			b.WriteByte('\n')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// TestATextIsVerifiedByWhatIsWrittenOfIt reads a text as editors.md tells strangers to, with
// nothing of this package.
func TestATextIsVerifiedByWhatIsWrittenOfIt(t *testing.T) {
	_, signs, _ := strings.Cut(signed(t, statement()), "\n")
	b, err := base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding).DecodeString(strings.ReplaceAll(signs, "\n", ""))
	if err != nil || len(b) < 10 {
		t.Fatalf("%d bytes, %v", len(b), err)
	}
	end := 10 + int(binary.BigEndian.Uint16(b))
	key := private.Public().(ed25519.PublicKey)
	if kid := hex.EncodeToString(b[2:10]); kid != proof.KeyID(key) || len(b) != end+64 || !ed25519.Verify(key, append([]byte("keypull proof 1\n"), b[:end]...), b[end:]) {
		t.Errorf("the key %s has not signed %d of %d bytes", kid, end, len(b))
	}
	var told struct {
		P, C, T string
		S       int64
		I       []struct{ T, L string }
	}
	if err := json.Unmarshal(b[10:end], &told); err != nil || told.P != "lecker" || told.C != "7F3K92XQ8M4" || told.T != statement().Told || told.S != statement().Sent || told.I[0].L != statement().Items[0].Link {
		t.Errorf("%+v, %v", told, err)
	}
}

func TestATextThatIsNotThePublishersProvesNothing(t *testing.T) {
	text := signed(t, statement())
	read, err := proof.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, keys := range map[string][]proof.PublicKey{
		"no key": nil, "another's key": {public(other, time.Time{})}, "a key that was not in use any more": {public(private, asked.Add(-time.Minute))},
		"another's key by its name": {{ID: public(private, time.Time{}).ID, Key: public(other, time.Time{}).Key}},
	} {
		if _, err := read.Verify(keys); !errors.Is(err, proof.ErrForged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	keys := []proof.PublicKey{public(private, time.Time{})}
	at := strings.Index(text, "\n") + 1
	for i := at; i < len(text); i++ {
		if text[i] == '\n' {
			continue
		}
		with := byte('7')
		if text[i] == with {
			with = '8'
		}
		if changed, err := proof.Parse(text[:i] + string(with) + text[i+1:]); err == nil {
			if said, err := changed.Verify(keys); err == nil && !reflect.DeepEqual(said, statement()) {
				t.Fatalf("sign %d may be changed", i-at)
			}
		}
		if _, err := proof.Parse(text[:i]); i < len(text)-1 && err == nil {
			t.Fatalf("%d signs are enough", i-at)
		}
	}
	for message, want := range map[string]error{"": proof.ErrNoText, "check the weather": proof.ErrNoText, "KEYPULL PROOF 1": proof.ErrDamaged, "keypull proof 1\nhello u": proof.ErrDamaged} {
		if _, err := proof.Parse(message); !errors.Is(err, want) {
			t.Errorf("%q: %v", message, err)
		}
	}
}

// However much an answer told, its text stays short enough for a message.
func TestATextIsBounded(t *testing.T) {
	s := statement()
	s.Told, s.Name = strings.Repeat("ü", 5000), strings.Repeat("名", 500)
	for range 50 {
		s.Items = append(s.Items, proof.Item{Source: "s", ID: strings.Repeat("x", 600), Title: strings.Repeat("é", 400), Link: "https://x.example/" + strings.Repeat("y", 300)})
	}
	text := signed(t, s)
	if len(text) > 5000 {
		t.Errorf("a text of %d signs", len(text))
	}
	if read, err := proof.Parse(text); err != nil {
		t.Error(err)
	} else if _, err := read.Verify([]proof.PublicKey{public(private, time.Time{})}); err != nil {
		t.Error(err)
	}
	if n := len(signed(t, statement())); n > 700 {
		t.Errorf("a usual text has %d signs", n)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(signed(f, statement()))
	f.Add("> keypull-proof-1\n> 00000000")
	f.Add("KEYPULL PROOF 1 ZZZZ")
	keys := []proof.PublicKey{public(private, time.Time{})}
	f.Fuzz(func(t *testing.T, message string) {
		proof.Find(message)
		read, err := proof.Parse(message)
		if err != nil {
			return
		}
		if s, err := read.Verify(keys); err == nil && s.Publisher != "lecker" {
			t.Errorf("%+v was never signed", s)
		}
	})
}
