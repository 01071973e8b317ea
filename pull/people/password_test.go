package people_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"keypull/pull/people"
)

func TestWeakPasswordsAreRefused(t *testing.T) {
	for password, want := range map[string]string{
		"tram bell oven": "", "ten_chars!": "", strings.Repeat("ü", people.MinPassword): "",
		strings.Repeat("語 ", people.MaxPassword/2): "", strings.Repeat("🥨", people.MaxPassword): "",
		"": "password_short", "nine_char": "password_short", "üüüüüüüüü": "password_short", "u\u0308u\u0308u\u0308u\u0308u\u0308": "password_short",
		strings.Repeat("x", people.MaxPassword+1): "password_long", strings.Repeat("x", 1<<20): "password_long",
		"tram bell\xff oven":  "password_text",
		"Anna.Lecker@example": "password_email", "ANNA.LECKER": "password_email",
		"1234567890": "password_common", "Password123": "password_common", "motdepasse": "password_common", "Passwort123": "password_common", "qwertyuiop": "password_common",
	} {
		if err := people.CheckPassword(password, "anna.lecker@example"); want == "" {
			wantRefused(t, err)
		} else {
			wantRefused(t, err, "password "+want)
			if len(password) > 9 && strings.Contains(err.Error(), password) {
				t.Errorf("%v repeats the password", err)
			}
		}
	}
}

func TestAPasswordIsVerified(t *testing.T) {
	p := people.NewPasswords(rand.Reader)
	hash, err := p.Hash(t.Context(), "tram bell öven")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=47104,t=1,p=1$") {
		t.Fatalf("%q, %v", hash, err)
	}
	again, err := p.Hash(t.Context(), "tram bell öven")
	if err != nil || again == hash {
		t.Errorf("the same hash twice, or %v", err)
	}
	for password, want := range map[string]bool{
		"tram bell öven": true, "tram bell o\u0308ven": true, "tram bell oven": false, "": false, strings.Repeat("x", 1<<20): false,
	} {
		if got, err := p.Verify(t.Context(), hash, password); got != want || err != nil {
			t.Errorf("%.20q: %v, %v", password, got, err)
		}
	}
}

func TestAPasswordTooLongToBeOneIsNotTheEmptyOne(t *testing.T) {
	p := people.NewPasswords(rand.Reader)
	empty, err := p.Hash(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := p.Verify(t.Context(), empty, strings.Repeat("x", 1<<20)); got || err != nil {
		t.Errorf("%v, %v", got, err)
	}
}

func TestAHashOfAnotherInstallationIsVerified(t *testing.T) {
	// Made by the reference implementation, with settings that are not ours.
	const hash = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	p := people.NewPasswords(rand.Reader)
	for password, want := range map[string]bool{"password": true, "Password": false} {
		if got, err := p.Verify(t.Context(), hash, password); got != want || err != nil {
			t.Errorf("%q: %v, %v", password, got, err)
		}
	}
}

func forged() []string {
	const salt, key = "c29tZXNhbHQ", "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	form := func(head, salt, key string) string { return head + "$" + salt + "$" + key }
	return []string{
		"x", "$", "$$$$$", "$2a$10$abcdefghijklmnopqrstuv", form("$argon2i$v=19$m=64,t=1,p=1", salt, key),
		form("$argon2id$v=16$m=64,t=1,p=1", salt, key), form("$argon2id$v=19$m=4194304,t=1,p=1", salt, key),
		form("$argon2id$v=19$m=131073,t=1,p=1", salt, key), form("$argon2id$v=19$m=64,t=4294967295,p=1", salt, key),
		form("$argon2id$v=19$m=64,t=0,p=1", salt, key), form("$argon2id$v=19$m=64,t=1,p=0", salt, key),
		form("$argon2id$v=19$m=64,t=1,p=255", salt, key), form("$argon2id$v=19$m=64,t=1,p=257", salt, key),
		form("$argon2id$v=19$m=7,t=1,p=1", salt, key), form("$argon2id$v=19$m=064,t=1,p=1", salt, key),
		form("$argon2id$v=19$t=1,m=64,p=1", salt, key), form("$argon2id$v=19$m=64,t=1", salt, key),
		form("$argon2id$v=19$m=64,t=1,p=1", "c2hvcnQ", key), form("$argon2id$v=19$m=64,t=1,p=1", salt, ""),
		form("$argon2id$v=19$m=64,t=1,p=1", salt, strings.Repeat("A", 1000)), form("$argon2id$v=19$m=64,t=1,p=1", salt, key) + "$",
		form("$argon2id$v=19$m=64,t=1,p=1", salt, key+"\n"),
	}
}

func TestAForgedHashIsRefusedAndEatsNoMemory(t *testing.T) {
	p := people.NewPasswords(rand.Reader)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, hash := range forged() {
		if ok, err := p.Verify(t.Context(), hash, "password"); ok || !errors.Is(err, people.ErrHash) {
			t.Errorf("%s: %v, %v", hash, ok, err)
		}
	}
	runtime.ReadMemStats(&after)
	if per := (after.TotalAlloc - before.TotalAlloc) / uint64(len(forged())); per > 50<<20 {
		t.Errorf("%d MiB for each", per>>20)
	}
}

// allocated returns how much memory a call took, which for argon2id is what it
// costs and does not hang on how busy the machine is.
func allocated(call func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	call()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestNobodyLearnsByTheCostWhoHasAnAccount(t *testing.T) {
	p := people.NewPasswords(rand.Reader)
	hash, err := p.Hash(t.Context(), "tram bell oven")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ hash, password string }{{"", "wrong one"}, {"x", "wrong one"}, {hash, "wrong one"}, {hash, "tram bell oven"}, {hash, strings.Repeat("x", 1<<20)}} {
		var ok bool
		spent := allocated(func() { ok, _ = p.Verify(t.Context(), tt.hash, tt.password) })
		if spent < 46<<20 || spent > 48<<20 || ok != (tt.password == "tram bell oven") {
			t.Errorf("%q with %.10q: %v for %d KiB", tt.hash, tt.password, ok, spent>>10)
		}
	}
}

func TestWhoeverGivesUpWaitsNoMore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p := people.NewPasswords(rand.Reader)
	if _, err := p.Hash(ctx, "tram bell oven"); !errors.Is(err, context.Canceled) {
		t.Errorf("hash: %v", err)
	}
	if ok, err := p.Verify(ctx, "", "tram bell oven"); ok || !errors.Is(err, context.Canceled) {
		t.Errorf("verify: %v, %v", ok, err)
	}
}

// crowd counts how many draw from it at the same time: each does so while it
// holds a slot, and lingers there, so that others would come if they could.
type crowd struct{ now, most atomic.Int32 }

func (c *crowd) Read(b []byte) (int, error) {
	n := c.now.Add(1)
	defer c.now.Add(-1)
	for range 1000 {
		c.most.Store(max(c.most.Load(), n)) // a race loses a larger one only for a moment
		runtime.Gosched()
		n = c.now.Load()
	}
	return bytes.NewReader(make([]byte, len(b))).Read(b)
}

func TestFewPasswordsAreHashedAtATime(t *testing.T) {
	var c crowd
	p := people.NewPasswords(&c)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			if _, err := p.Hash(t.Context(), fmt.Sprint("password ", i)); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if most := int(c.most.Load()); most < 1 || most > max(1, runtime.NumCPU()/2) {
		t.Errorf("%d at a time", most)
	}
}

// What is read as a hash is written in one way only, and has bounds.
func FuzzPHC(f *testing.F) {
	for _, hash := range forged() {
		f.Add(hash)
	}
	f.Add("$argon2id$v=19$m=47104,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
	f.Fuzz(func(t *testing.T, hash string) {
		again, err := people.RewritePHC(hash)
		if err == nil && (again != hash || len(hash) > 250) || err != nil && !errors.Is(err, people.ErrHash) {
			t.Errorf("%q became %q, %v", hash, again, err)
		}
	})
}

func BenchmarkHash(b *testing.B) {
	p := people.NewPasswords(rand.Reader)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Hash(b.Context(), "tram bell oven"); err != nil {
			b.Fatal(err)
		}
	}
}
