package desk_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/proof"
	"keypull/pull/request"
	"keypull/pull/when"
	"keypull/pull/who"
	"keypull/store"
	"keypull/store/bolt"
	"keypull/web/console"
	"keypull/web/desk"
)

// unheard is a catalogue of publishers that nobody has changed.
type unheard struct{ console.Catalogue }

func (unheard) Publisher(string) *catalogue.Setup { return nil }

// No time has two requests, whoever wants it when: each is kept, taken back, or comes to nothing,
// and the process ends in between.
func TestNoTimeIsTakenTwice(t *testing.T) {
	db, err := bolt.Open(filepath.Join(t.TempDir(), "keypull.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	first := time.Date(2026, 3, 28, 9, 0, 0, 0, time.UTC)
	rounds := 0
	rapid.Check(t, func(r *rapid.T) {
		rounds++
		publisher := fmt.Sprintf("p%d", rounds)
		kept, asks := newShelf(), uint64(0)
		open := func() *desk.Desk {
			return desk.New(desk.Options{
				Talks: kept, Bookings: store.NewBookings(db), Catalogue: unheard{}, Clock: func() time.Time { return first.Add(-time.Hour) }, Logger: slog.New(slog.DiscardHandler),
				Number: func(_ context.Context, _ string, ask uint64, at time.Time) proof.Code {
					return proof.Key("key").Code(ask, at)
				},
			})
		}
		d, holders := open(), map[int]map[uint64]who.Key{}
		for range rapid.IntRange(1, 6).Draw(r, "rounds") {
			var mu sync.Mutex
			var wait sync.WaitGroup
			for range rapid.IntRange(1, 5).Draw(r, "at once") {
				asks++
				ask, at, keeps := asks, rapid.IntRange(0, 2).Draw(r, "time"), rapid.IntRange(0, 3).Draw(r, "comes to nothing") > 0
				wait.Go(func() {
					stretch := when.Stretch{From: first.Add(time.Duration(at) * time.Hour), To: first.Add(time.Duration(at+1) * time.Hour)}
					ok, err := d.Book(t.Context(), publisher, "town", stretch, ask)
					if err != nil {
						t.Error(err)
					}
					if again, err := d.Book(t.Context(), publisher, "town", stretch, ask); again != ok || err != nil {
						t.Errorf("tried again: %t, %v, before %t", again, err, ok)
					}
					if !ok || !keeps {
						return
					}
					key := who.Key(fmt.Sprintf("%s.reader%d", publisher, ask))
					filed := &request.Request{Head: request.Head{Ask: ask, At: first, State: request.Received, Changed: first}, From: stretch.From, To: stretch.To}
					if err := d.Keep(t.Context(), pull.Ask{ID: ask, Publisher: publisher, Reader: key, At: first}, &pull.Resolved{Handed: &pull.Handed{Request: filed}}); err != nil {
						t.Error(err)
					}
					mu.Lock()
					defer mu.Unlock()
					if holders[at] == nil {
						holders[at] = map[uint64]who.Key{}
					}
					holders[at][ask] = key
				})
			}
			wait.Wait()
			for at, all := range holders {
				if len(all) > 1 {
					t.Fatalf("%d have the time %d", len(all), at)
				}
				for ask, key := range all {
					switch rapid.IntRange(0, 3).Draw(r, "then") {
					case 0:
						if _, err := d.Cancel(t.Context(), key, ask); err != nil {
							t.Fatal(err)
						}
						delete(all, ask)
					case 1:
						_ = kept.Drop(t.Context(), key) // FORGET ME
						d.Forget(key)
						delete(all, ask)
					}
				}
			}
			if rapid.Bool().Draw(r, "ends") {
				d = open()
			}
			taken, err := d.Booked(t.Context(), publisher, "town", 0)
			if err != nil {
				t.Fatal(err)
			}
			for at, all := range holders {
				stands := false
				for _, s := range taken {
					stands = stands || s.From.Equal(first.Add(time.Duration(at)*time.Hour))
				}
				if len(all) == 1 && !stands {
					t.Fatalf("the time %d of a request that is open is not taken", at)
				}
			}
		}
	})
}

// heardOf is a catalogue of one publisher.
type heardOf struct{ console.Catalogue }

func (heardOf) Publisher(string) *catalogue.Setup {
	return &catalogue.Setup{Publisher: catalogue.Publisher{ID: "p", Name: "Town hall"}}
}

// Whoever has the number of an appointment sees when it is and what it is called, not what was answered.
func TestACalendarFileTellsNothingThatWasAnswered(t *testing.T) {
	at, kept := time.Date(2026, 3, 28, 9, 0, 0, 0, time.UTC), newShelf()
	d := desk.New(desk.Options{
		Talks: kept, Catalogue: heardOf{}, Clock: func() time.Time { return at }, Logger: slog.New(slog.DiscardHandler), PublicURL: "https://bot.example",
		Number: func(_ context.Context, _ string, ask uint64, at time.Time) proof.Code {
			return proof.Key("key").Code(ask, at)
		},
	})
	number := proof.Key("key").Code(7, at)
	filed := &request.Request{
		Head: request.Head{Ask: 7, At: at, State: request.Received, Changed: at}, Number: number.String(), Name: "Passport", From: at.Add(time.Hour), To: at.Add(2 * time.Hour),
		Fields: []request.Field{{Question: "Your name?", Text: "Ann Quetzal", Value: "Ann Quetzal"}},
	}
	if err := d.Keep(t.Context(), pull.Ask{ID: 7, Publisher: "p", Reader: "p.ann", At: at}, &pull.Resolved{Handed: &pull.Handed{Request: filed}}); err != nil {
		t.Fatal(err)
	}
	r, w := httptest.NewRequest(http.MethodGet, d.AppointmentPage("p", number.String()), http.NoBody), httptest.NewRecorder()
	d.AppointmentHandler().ServeHTTP(w, r)
	body := w.Body.String()
	for _, want := range []string{"DTSTART:20260328T100000Z", "Passport", "Town hall", number.String()} {
		if !strings.Contains(body, want) {
			t.Errorf("%d, %q is missing in %s", w.Code, want, body)
		}
	}
	for _, answered := range []string{"Your name", "Ann", "Quetzal"} {
		if strings.Contains(body, answered) {
			t.Errorf("%q stands in %s", answered, body)
		}
	}
}
