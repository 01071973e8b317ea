package links_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/who"
	"keypull/web/links"
)

func TestAMoveCodeIsGoodOnceForItsPublisher(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	held := map[who.Key]who.Reader{"p.from": {Language: "fr"}, "p.leaving": {Leaves: now}}
	m := links.NewMoves(func(_ context.Context, key who.Key) (who.Reader, uint64, error) {
		r, ok := held[key]
		if !ok {
			return r, 0, nil
		}
		return r, 1, nil
	}, func() time.Time { return now }, rand.Reader)
	tries := 0
	use := func(publisher string, ask uint64, c pull.MoveCode, take bool) pull.ErrorKind {
		t.Helper()
		tries++
		key, r, err := m.Moved(t.Context(), &pull.Ask{ID: ask, Publisher: publisher, Reader: who.Key(fmt.Sprintf("%s.to%d", publisher, tries))}, c, take)
		if err == nil && (key != "p.from" || r.Language != "fr") {
			t.Errorf("it is of %s: %+v", key, r)
		}
		if err == nil {
			return ""
		}
		return pull.KindOf(err)
	}
	from := &pull.Ask{Publisher: "p", Channel: "web", Reader: "p.from"}
	former, _ := m.Code(from)
	code, until := m.Code(from)
	if !until.Equal(now.Add(15 * time.Minute)) {
		t.Errorf("it is good until %v", until)
	}
	for _, c := range []struct {
		name      string
		publisher string
		ask       uint64
		code      pull.MoveCode
		take      bool
		want      pull.ErrorKind
	}{
		{"a former code", "p", 1, former, false, pull.Unknown},
		{"none", "p", 1, "", false, pull.Unknown},
		{"of another publisher", "q", 1, code, false, pull.Unknown},
		{"looked at", "p", 1, code, false, ""},
		{"looked at by another", "p", 2, code, false, ""},
		{"taken", "p", 3, code, true, ""},
		{"the same ask once more", "p", 3, code, true, ""},
		{"another ask", "p", 4, code, true, pull.Unknown},
		{"looked at after that", "p", 4, code, false, pull.Unknown},
	} {
		if got := use(c.publisher, c.ask, c.code, c.take); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	code, _ = m.Code(from)
	now = now.Add(15 * time.Minute)
	if got := use("p", 5, code, true); got != pull.Unknown {
		t.Errorf("after a quarter of an hour: %q", got)
	}
	code, _ = m.Code(from)
	m.Forget("p.from")
	if got := use("p", 6, code, true); got != pull.Unknown {
		t.Errorf("of who is forgotten: %q", got)
	}
	for _, key := range []who.Key{"p.leaving", "p.nobody"} {
		code, _ = m.Code(&pull.Ask{Publisher: "p", Reader: key})
		if got := use("p", 7, code, false); got != pull.Unknown {
			t.Errorf("of %s: %q", key, got)
		}
	}
}

func TestCodesAreTriedSoOftenAMinute(t *testing.T) {
	m := links.NewMoves(func(context.Context, who.Key) (who.Reader, uint64, error) { return who.Reader{}, 0, nil },
		func() time.Time { return time.Unix(0, 0) }, rand.Reader)
	kinds := map[pull.ErrorKind]int{}
	for range 20 {
		_, _, err := m.Moved(t.Context(), &pull.Ask{Publisher: "p", Reader: "p.a"}, "0123456789AB", false)
		kinds[pull.KindOf(err)]++
	}
	if kinds[pull.Unknown] != 10 || kinds[pull.Limited] != 10 {
		t.Errorf("%v", kinds)
	}
}
