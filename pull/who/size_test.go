package who_test

import (
	"fmt"
	"testing"
	"time"

	"keypull/pull/who"
)

// Who only asks takes few bytes: 300 for eight different words, and 400 for as many as are
// remembered.
func TestADocumentOfWhoOnlyAsksIsSmall(t *testing.T) {
	t.Parallel()
	for words, most := range map[int]int{8: 300, who.MaxRecent: 400} {
		if b, err := asker(words).Encode(); err != nil || len(b) > most {
			t.Errorf("%d bytes of who asked for %d words, %v", len(b), words, err)
		}
	}
}

// asker returns who has asked for so many different words, each once.
func asker(words int) who.Reader {
	at := time.Date(2026, 3, 2, 9, 30, 12, 345e6, time.UTC)
	r := who.Reader{First: at, Language: "de", Greeted: true, Address: "5512309871"}
	for i := range words {
		at = at.Add(7*time.Hour + 13*time.Minute + 17*time.Millisecond)
		r = r.Remember(who.Pull{Keyword: fmt.Sprintf("ressort%d", i), At: at, Items: []string{fmt.Sprintf("%016x", uint64(i+3)*0x9e3779b97f4a7c15)}, Language: "de"})
		r.Settled = append(r.Settled, uint64(1_000_000+977*i))
	}
	r.Settled = r.Settled[len(r.Settled)-5:]
	return r
}
