package store_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"keypull/pull"
	"keypull/pull/who"
	"keypull/store"
	"keypull/store/mem"
)

// moody is a sealer that can't open what holds a word, for the reason given. Records have
// signs for words of their own: it is none of these.
type moody struct {
	plain
	mu    sync.Mutex
	why   map[string]error
	tries []time.Duration // since began, of what failed
	began time.Time
}

func (m *moody) OpenDay(_ string, b []byte) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for word, err := range m.why {
		if err != nil && strings.Contains(string(b), word) {
			m.tries = append(m.tries, time.Since(m.began))
			return nil, err
		}
	}
	return b, nil
}

func (m *moody) set(word string, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.why[word] = err
}

// asked accepts one ask each of readers, whose texts are given.
func asked(t *testing.T, i *store.Inbox, asks ...[2]string) {
	t.Helper()
	for _, a := range asks {
		if _, err := i.Accept(t.Context(), []pull.Entry{{Ask: pull.Ask{Reader: who.Key(a[0]), Incoming: pull.Incoming{Text: a[1]}}}}); err != nil {
			t.Fatal(err)
		}
	}
}

// texts claims until n asks have come.
func texts(t *testing.T, i *store.Inbox, n int) []string {
	t.Helper()
	var got []string
	for len(got) < n {
		asks, err := i.Claim(t.Context(), 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range asks {
			got = append(got, a.Text)
		}
	}
	return got
}

func TestAnAskThatCanNotBeOpenedAtThisMomentIsKeptAndTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &moody{why: map[string]error{"tucked away": errors.New("too many open files")}, began: time.Now()}
		back := mem.Open(store.Options{})
		i := store.NewInbox(ledger(back, m))
		asked(t, i, [2]string{"ann", "tucked away"}, [2]string{"bob", "one"}, [2]string{"ann", "behind it"}, [2]string{"cid", "two"})
		if diff := cmp.Diff([]string{"one", "two"}, texts(t, i, 2)); diff != "" {
			t.Error(diff)
		}
		time.AfterFunc(10*time.Second, func() { m.set("tucked away", nil) })
		time.AfterFunc(4*time.Second, func() { asked(t, i, [2]string{"bob", "meanwhile"}) })
		if diff := cmp.Diff([]string{"meanwhile", "tucked away", "behind it"}, texts(t, i, 3)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]time.Duration{0, time.Second, 3 * time.Second, 7 * time.Second}, m.tries); diff != "" {
			t.Error("the pauses grow:", diff)
		}
		if back.Damaged() != 0 {
			t.Errorf("%d stand aside", back.Damaged())
		}
		_ = back.Close()
	})
}

func TestAnAskThatWillNeverOpenIsFinishedOrSetAside(t *testing.T) {
	for name, c := range map[string]struct {
		why   error
		aside int
	}{
		"its day's key is destroyed":   {store.ErrErased, 0},
		"its bytes are not those kept": {store.ErrUnreadable, 1},
	} {
		t.Run(name, func(t *testing.T) {
			back := mem.Open(store.Options{})
			i := store.NewInbox(ledger(back, &moody{why: map[string]error{"vanished": c.why}}))
			asked(t, i, [2]string{"ann", "vanished"}, [2]string{"ann", "next"})
			if diff := cmp.Diff([]string{"next"}, texts(t, i, 1)); diff != "" {
				t.Error(diff)
			}
			if back.Damaged() != c.aside {
				t.Errorf("%d stand aside, want %d", back.Damaged(), c.aside)
			}
		})
	}
}
