package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAnAnswerIsCountedForTheTelephoneThatItReaches(t *testing.T) {
	p := &phones{base: 100, took: make([]float64, 3)}
	for _, tt := range []struct {
		line string
		at   int
		ok   bool
	}{
		{"13013 +101 text " + standInText, 1, true},
		{"13013 102 text " + standInText, 2, true},
		{"13013 +103 text " + standInText, 0, false},
		{"13013 +99 text " + standInText, 0, false},
		{"13013 +101 text Could not fetch content, sorry.", 0, false},
		{"13013 +101 text", 0, false},
		{"", 0, false},
	} {
		if at, ok := p.addressee(tt.line); ok != tt.ok || ok && at != tt.at {
			t.Errorf("%q is for %d (%v), want %d (%v)", tt.line, at, ok, tt.at, tt.ok)
		}
	}
}

// echo answers every line of the telephones as Kannel would.
func echo(t *testing.T, forget int) *kannel {
	t.Helper()
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	go func() {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		buffer := make([]byte, 1<<16)
		for n, rest := 0, ""; ; {
			got, err := conn.Read(buffer)
			if err != nil {
				return
			}
			lines := strings.Split(rest+string(buffer[:got]), "\n")
			rest = lines[len(lines)-1]
			for _, line := range lines[:len(lines)-1] {
				if n++; n <= forget {
					continue
				}
				if _, err := fmt.Fprintf(conn, "13013 %s text %s\n", strings.Fields(line)[0], standInText); err != nil {
					return
				}
			}
		}
	}()
	return &kannel{phones: ln.Addr().String()}
}

func TestTelephonesWaitForEveryAnswer(t *testing.T) {
	for name, j := range map[string]job{"closed": {Count: 500, Keywords: 7}, "open": {Count: 40, Keywords: 1, Rate: 400}} {
		t.Run(name, func(t *testing.T) {
			p, err := echo(t, 0).sendMessages(t.Context(), j, 10+j.maxInFlight())
			if err != nil || p.rate <= 0 || p.p99 < p.p50 {
				t.Errorf("asked with %+v: %v", p, err)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := echo(t, 1).sendMessages(ctx, job{Count: 3, Keywords: 1}, 10)
		ended <- err
	}()
	cancel()
	if err := <-ended; err == nil {
		t.Error("an answer that never came counts as one")
	}
}

func TestFewAsksAreSpreadOverManyKeywords(t *testing.T) {
	j, seen, late := job{Keywords: 10_000}, map[string]bool{}, 0
	for i := range 600 {
		word := j.textAt(i)
		if seen[word] = true; word > keywordName(5000) {
			late++
		}
	}
	if len(seen) != 600 || late < 250 || late > 350 {
		t.Errorf("%d words, %d of them of the later half", len(seen), late)
	}
}

func TestKannelServesAsManyKeywords(t *testing.T) {
	static, fetched := gateway{Keywords: 3}.services(), gateway{Keywords: 2, URL: "http://127.0.0.1:1"}.services()
	if strings.Count(static, "group = sms-service") != 3 || !strings.Contains(static, standInText) || strings.Contains(static, "get-url") {
		t.Errorf("static text is served by %s", static)
	}
	if strings.Count(fetched, `get-url = "http://127.0.0.1:1/text?from=%p&text=%a"`) != 2 {
		t.Errorf("what is fetched is served by %s", fetched)
	}
}

func TestALogIsTornNearItsEnd(t *testing.T) {
	dir := t.TempDir()
	random := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // draws places of a file
	if how, err := tearLog(dir, random); how != "" || err != nil {
		t.Errorf("without a log %q is torn: %v", how, err)
	}
	path := filepath.Join(dir, "bench.db.wal.1")
	whole := []byte(strings.Repeat("x", 100_000) + strings.Repeat("\x00", 50_000))
	seen := map[string]bool{}
	for range 40 {
		if err := os.WriteFile(path, whole, 0o600); err != nil {
			t.Fatal(err)
		}
		how, err := tearLog(dir, random)
		if err != nil {
			t.Fatal(err)
		}
		seen[how] = true
		left, err := os.ReadFile(path) //nolint:gosec // of this test
		if err != nil {
			t.Fatal(err)
		}
		switch at := strings.IndexFunc(string(left), func(r rune) bool { return r != 'x' }); how {
		case cutOff:
			if len(left) >= 100_000 || len(left) < 100_000-tailBytes {
				t.Errorf("cut at %d", len(left))
			}
		case spoilt:
			if len(left) != len(whole) || at >= 100_000 || at < 100_000-tailBytes {
				t.Errorf("spoilt at %d of %d", at, len(left))
			}
		}
	}
	if !seen[cutOff] || !seen[spoilt] {
		t.Errorf("was torn by %v alone", seen)
	}
}
