package publishing

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/outside"
	"keypull/pull/who"
	"keypull/web/console"
	"keypull/web/messengers"
)

// rehearsalWait is how long a source may take over what lies in memory.
const rehearsalWait = 3 * time.Second

// rehearsal is a publisher apart from all others, whose sources are answered by what a
// discovery has fetched.
type rehearsal struct {
	room      *Publishers
	publisher catalogue.Publisher
	client    *outside.Client
	folder    string
	// lacked says whether a source asked for what was not fetched.
	lacked sync.Map
}

var _ console.Rehearsal = (*rehearsal)(nil)

// rehearse opens the sources of a publisher, and asks each once.
func (t trials) rehearse(ctx context.Context, p catalogue.Publisher, answer func(context.Context, outside.Request) (outside.Response, error)) (console.Rehearsal, error) {
	folder, err := os.MkdirTemp("", "keypull-rehearsal-")
	if err != nil {
		return nil, fmt.Errorf("make a folder: %w", err)
	}
	logger := slog.New(slog.DiscardHandler)
	r := &rehearsal{publisher: p, folder: folder}
	var lacks atomic.Bool
	r.client = outside.New(outside.Options{Clock: t.Clock, Logger: logger, Remembers: true, Answer: func(ctx context.Context, q outside.Request) (outside.Response, error) {
		res, err := answer(ctx, q)
		if res.Status == http.StatusNotFound && !strings.HasSuffix(q.URL, "/robots.txt") {
			lacks.Store(true)
		}
		return res, err
	}})
	cache := pull.NewCache(nil, t.Clock)
	r.room = New(Options{
		Sources: t.Sources, Checks: t.Checks, Client: r.client, Cache: cache, Channels: &messengers.Channels{}, Clock: t.Clock, Logger: logger, Folder: folder,
		Resolver: &pull.Resolver{Cache: cache, Clock: t.Clock},
	})
	_ = r.room.Open(ctx, p) // a source that does not open answers nothing
	for _, s := range p.Sources {
		lacks.Store(false)
		if err := r.room.Probe(ctx, p, s.ID, rehearsalWait); err != nil && lacks.Load() || ctx.Err() != nil {
			r.lacked.Store(s.ID, true)
		}
	}
	return r, nil
}

// Rehearse takes a publisher as it stands, whose sources are answered by what is held of
// them, however old.
func (t trials) Rehearse(publisher string) (console.Rehearsal, error) {
	ed := t.currentEdition(publisher)
	if ed == nil {
		return nil, console.NoPublisher(publisher)
	}
	cache, next, anyAge := t.Cache.Kept(), ed.copyMaps(), time.Duration(math.MaxInt64)
	for id, s := range next.sources {
		s.Freshness.MaxAge = &anyAge
		next.sources[id] = s
	}
	room := New(Options{Cache: cache, Clock: t.Clock, Resolver: &pull.Resolver{Cache: cache, Clock: t.Clock}})
	room.setEdition(publisher, next)
	return &rehearsal{room: room, publisher: ed.publisher.Publisher}, nil
}

// Source tells what readers may ask a source for, what it holds, for an argument where
// that is not "", and whether what was fetched is enough to tell.
func (r *rehearsal) Source(ctx context.Context, id, argument string) console.Held {
	ed := r.room.currentEdition(r.publisher.ID)
	if ed == nil {
		return console.Held{Enough: true}
	}
	// One of which an editor has still to choose something is not there.
	s, there := ed.sources[id]
	if !there || s.Problem != nil {
		return console.Held{Enough: true}
	}
	_, lacked := r.lacked.Load(id)
	held, q := console.Held{Terms: opener{r.room}.readTerms(ctx, r.publisher, s, id), Enough: !lacked}, pull.Query{Argument: argument, Count: pull.MaxSnapshotItems, Language: ed.compiled.Languages[0], At: r.room.Clock()}
	key, err := s.Key(q)
	if err != nil {
		return held
	}
	last := r.room.Cache.Last(ctx, s.SnapshotID(r.publisher.ID, id, key))
	if last == nil {
		return held
	}
	if held.Items = last.Items; argument != "" {
		found, _ := r.room.Cache.Select(ctx, r.publisher.ID, id, s.Source, *last, q) // nothing is found then
		held.Items = found.Items
	}
	return held
}

// Publish puts keywords in place of those before.
func (r *rehearsal) Publish(keywords []catalogue.Keyword) error {
	ed := r.room.currentEdition(r.publisher.ID)
	if ed == nil {
		return console.NoPublisher(r.publisher.ID)
	}
	p := r.publisher
	p.Keywords = keywords
	e, err := pull.NewEdition(p, ed.sources, ed.channels, ed.terms, ed.compiled)
	if e == nil {
		return fmt.Errorf("rehearse: %w", err)
	}
	next := ed.copyMaps()
	next.compiled = e
	r.room.setEdition(p.ID, next)
	return nil
}

// Ask answers as readers would be answered who have been here before.
func (r *rehearsal) Ask(ctx context.Context, text, language string) pull.Resolved {
	ctx, cancel := context.WithTimeout(ctx, rehearsalWait)
	defer cancel()
	now := r.room.Clock()
	return r.room.Resolver.Resolve(ctx, pull.Request{
		Edition: r.room.Edition(r.publisher.ID), Reader: who.Reader{First: now.Add(-time.Hour), Language: language},
		Ask: pull.Ask{ID: 1, Publisher: r.publisher.ID, At: now, Incoming: pull.Incoming{Text: text, Language: language}},
	})
}

// Close lets go of all of it.
func (r *rehearsal) Close() error {
	if r.client == nil {
		return nil // its sources are those that readers ask
	}
	err := r.room.Close()
	r.room.Cache.Close()
	r.client.Close()
	return errors.Join(err, os.RemoveAll(r.folder))
}
