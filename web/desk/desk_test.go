package desk_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/pull/talk"
	"keypull/pull/who"
	"keypull/store"
	"keypull/store/mem"
	"keypull/web/desk"
)

// shelf keeps conversations in memory, as the store does on disk.
type shelf struct {
	mu        sync.Mutex
	talks     map[who.Key]talk.Talk
	at        map[who.Key]uint64
	farewells map[string]talk.Farewell
	staffed   map[string]talk.Staffed
	files     map[who.Key]map[string][]byte
	// cut is after how many writes nothing can be written any more; below 0 it never is.
	cut int
}

func newShelf() *shelf {
	return &shelf{talks: map[who.Key]talk.Talk{}, at: map[who.Key]uint64{}, farewells: map[string]talk.Farewell{}, staffed: map[string]talk.Staffed{}, files: map[who.Key]map[string][]byte{}, cut: -1}
}

var errCut = errors.New("the process ended here")

// spend is called with every write; s.mu is held.
func (s *shelf) spend() error {
	if s.cut == 0 {
		return errCut
	}
	s.cut--
	return nil
}

func (s *shelf) Get(_ context.Context, key who.Key) (talk.Talk, uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.talks[key]
	if !ok {
		return t, 0, &pull.Error{Kind: pull.Unknown}
	}
	t.Said, t.Held = slices.Clone(t.Said), slices.Clone(t.Held)
	for i := range t.Said {
		t.Said[i].Files = slices.Clone(t.Said[i].Files)
	}
	return t, s.at[key], nil
}

func (s *shelf) Put(_ context.Context, of talk.Talk, revision uint64) (uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.at[of.Reader] != revision {
		return 0, &pull.Error{Kind: pull.Conflict}
	}
	if err := s.spend(); err != nil {
		return 0, err
	}
	s.talks[of.Reader] = of
	s.at[of.Reader]++
	return s.at[of.Reader], nil
}

func (s *shelf) Drop(_ context.Context, key who.Key) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.talks, key)
	delete(s.at, key)
	delete(s.files, key)
	return nil
}

func (s *shelf) KeepFile(_ context.Context, key who.Key, mark string, body []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.files[key] == nil {
		s.files[key] = map[string][]byte{}
	}
	if err := s.spend(); err != nil {
		return err
	}
	s.files[key][mark] = body
	return nil
}

func (s *shelf) HoldFile(ctx context.Context, key who.Key, mark string, body []byte) error {
	return s.KeepFile(ctx, key, mark, body)
}

func (s *shelf) File(_ context.Context, key who.Key, mark string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, ok := s.files[key][mark]
	if !ok {
		return nil, &pull.Error{Kind: pull.Unknown}
	}
	return body, nil
}

func (s *shelf) DropFile(_ context.Context, key who.Key, mark string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.spend(); err != nil {
		return err
	}
	delete(s.files[key], mark)
	return nil
}

// shelved is since when all files lie there.
var shelved = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)

func (s *shelf) Files(_ context.Context, each func(key who.Key, mark string, at time.Time)) error {
	s.mu.Lock()
	all := map[string]who.Key{}
	for key, files := range s.files {
		for mark := range files {
			all[mark] = key
		}
	}
	s.mu.Unlock()
	for mark, key := range all {
		each(key, mark, shelved)
	}
	return nil
}

func (s *shelf) Heads(context.Context) (all []talk.Head, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range s.talks {
		all = append(all, t.Head)
	}
	return all, nil
}

func (s *shelf) NoteStaffed(_ context.Context, publisher string, as talk.Staffed) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.staffed[publisher] = as
	return nil
}

func (s *shelf) Staffed(context.Context) (map[string]talk.Staffed, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.staffed), nil
}

func (s *shelf) Farewells(context.Context) ([]talk.Farewell, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Collect(maps.Values(s.farewells)), nil
}

func (s *shelf) KeepFarewell(_ context.Context, f talk.Farewell) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.farewells[f.ID] = f
	return nil
}

func (s *shelf) DropFarewell(_ context.Context, f talk.Farewell) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.spend(); err != nil {
		return err
	}
	delete(s.farewells, f.ID)
	return nil
}

// erase removes a reader's conversation, as the store does.
func (s *shelf) erase(key who.Key) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at := s.talks[key].Bridged; at != nil {
		s.farewells[at.Marks[0]] = talk.Farewell{Publisher: "p", ID: at.Marks[0], Sealed: at.Sealed}
	}
	delete(s.talks, key)
	delete(s.at, key)
	delete(s.files, key)
}

// line is a reader's queue: what comes twice under one number counts once, and now and then
// nothing can be put.
type line struct {
	put    map[int]string
	order  []string
	broken bool
	// ends, where set, reports whether the process ends here.
	ends func() bool
}

func (l *line) Put(_ context.Context, e pull.Entry, nth int) (pipeline.Accepted, error) {
	if l.broken || l.ends != nil && l.ends() {
		return pipeline.Accepted{}, errors.New("the store is full")
	}
	if err := e.Check(); err != nil {
		return pipeline.Accepted{}, err
	}
	if _, known := l.put[nth]; !known {
		l.put[nth] = talk.TextOf(e.Reply)
		for _, m := range e.Reply.Media {
			l.put[nth] += "<" + string(m.Type) + " " + m.URL + ">"
		}
		l.order = append(l.order, l.put[nth])
	}
	if l.ends != nil && l.ends() {
		return pipeline.Accepted{}, errCut
	}
	return pipeline.Accepted{}, nil
}

// What people write arrives once and in its order, whatever can't be put meanwhile and however
// often the process ends in between.
func TestWhatPeopleWriteArrivesOnceAndInItsOrder(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
		kept, queue, key := newShelf(), &line{put: map[int]string{}}, who.Key("p.ann")
		open := func() *desk.Desk {
			d := desk.New(desk.Options{Random: rand.NewChaCha8([32]byte{1}), Bookings: store.NewBookings(mem.Open(store.Options{})), Talks: kept, Clock: func() time.Time { return now }, Logger: slog.New(slog.DiscardHandler)})
			d.Serve(desk.Line{Put: queue.Put})
			return d
		}
		d := open()
		reader, _ := who.Reader{}.Turn(who.TurnAsked, now, 1)
		ask := pull.Ask{ID: 1, Publisher: "p", Channel: "web", Reader: key, At: now}
		settled := pull.Resolved{Reader: reader, Handed: &pull.Handed{Said: "HUMAN", Began: pull.BeganAsked}}
		for range 2 { // the ask may be settled anew
			if err := d.Keep(t.Context(), ask, &settled); err != nil {
				r.Fatal(err)
			}
		}
		var want []string
		for i := range rapid.IntRange(1, 12).Draw(r, "words") {
			switch rapid.IntRange(0, 3).Draw(r, "what") {
			case 0:
				queue.broken = !queue.broken
			case 1:
				d = open()
				desk.Tend(t.Context(), d)
			}
			now = now.Add(time.Minute)
			text := fmt.Sprint("word ", i)
			if err := desk.WriteDown(t.Context(), d, key, text); err != nil {
				r.Fatal(err)
			}
			want = append(want, text)
		}
		queue.broken = false
		d = open()
		desk.Tend(t.Context(), d)
		desk.Tend(t.Context(), d)
		if !slices.Equal(queue.order, want) {
			r.Fatalf("%q arrived, want %q", queue.order, want)
		}
		of, _, err := kept.Get(t.Context(), key)
		if err != nil || of.Unput || of.Said[0].Text != "HUMAN" || len(of.Said) != 1+len(want) {
			r.Fatalf("%+v, %v", of, err)
		}
	})
}
