package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/people"
	"keypull/sources"
	"keypull/store"
	"keypull/web"
	"keypull/web/console"
	"keypull/web/console/api"
	"keypull/web/console/site"
)

// nouns are what the console keeps in the store.
type nouns struct {
	people   *store.People
	sessions *store.Sessions
	tokens   *store.Tokens
	invites  *store.Invites
	acts     *store.Acts
	answered *store.Answered
	demand   *store.Demand
	dead     *store.Dead
}

// furnishConsole puts the operations into a house, and who may carry them out.
func (h *house) furnishConsole() {
	h.nouns = nouns{
		people: store.NewPeople(h.store), sessions: store.NewSessions(h.store), tokens: store.NewTokens(h.store),
		invites: store.NewInvites(h.store), acts: store.NewActs(h.store, rand.Reader), answered: store.NewAnswered(h.store),
		demand: h.newDemand(), dead: store.NewDead(h.store, h.ring, h.ledger),
	}
	h.tally = journal.NewTally(h.clock)
	h.kinds = allKinds().forConsole()
	h.gate = &console.Gate{
		People: h.nouns.people, Sessions: h.nouns.sessions, Tokens: h.nouns.tokens, Invites: h.nouns.invites, Acts: h.nouns.acts,
		Passwords: people.NewPasswords(rand.Reader), Throttle: people.NewThrottle(h.clock),
		DeviceKey: h.channelKey("", "", "devices"),
		PublicURL: h.config.Server.PublicURL, Clock: h.clock, Rand: rand.Reader, Logger: h.logger,
	}
	staff := &console.Staff{Gate: h.gate, Catalogue: h.room, Record: h.nouns.acts}
	publishing := console.Publishing{
		Catalogue: vacated{h.room, staff}, Trials: h.room.Trials(), Kinds: h.kinds, Checks: checks(), Keeper: h.keeper,
		Channels: h.channels, Letters: h.nouns.dead, Clock: h.clock, PublicURL: h.config.Server.PublicURL, ConfigPath: h.config.Path,
	}
	h.console = console.New(console.Options{Acts: h.nouns.acts, Clock: h.clock, Logger: h.logger}, slices.Concat(
		publishing.Operations(),
		staff.Operations(),
		console.Demand{Demanded: h.nouns.demand, Publishing: publishing, Clock: h.clock}.Operations(),
		console.Dead{Catalogue: h.room, Letters: h.nouns.dead, Resend: h.resendLetter}.Operations(),
		console.Rights{
			Catalogue: h.room, Channels: h.channels, Held: held{h.ledger, store.NewInbox(h.store, h.ring, h.logger), h.nouns.dead}, Pseudonym: h.pseudonym, Forget: h.forgetReader, Clock: h.clock,
		}.Operations(),
		[]console.Operation{
			console.Today{
				Tally: h.tally, Counted: h.counted, Demanded: h.nouns.demand, Keeper: h.keeper, Channels: h.channels, Catalogue: h.room, Clock: h.clock,
				Damaged: h.damaged,
			}.Operation(),
			console.Asking{
				Resolver: h.resolver, Editions: h.room, Channels: h.channels, Readers: h.ledger,
				Pseudonym: h.pseudonym, Tried: h.nouns.demand, Clock: h.clock, Logger: h.logger,
			}.Operation(),
			console.BackupOperation(liveStore{h}),
			console.KeysOperation(liveKeys{h}),
		},
	)...)
}

// vacated takes everybody out of a publisher that is removed.
type vacated struct {
	console.Catalogue
	staff *console.Staff
}

// Remove removes a thing, and with a publisher the roles at it.
func (v vacated) Remove(ctx context.Context, c catalogue.Change) error {
	if err := v.Catalogue.Remove(ctx, c); err != nil || c.Noun != catalogue.NounPublisher {
		return err
	}
	return v.staff.Vacate(ctx, c.Publisher)
}

// forConsole describes the kinds to the console.
func (ks kinds) forConsole() console.Kinds {
	var all console.Kinds
	for _, k := range ks.sources {
		described := console.Kind{Name: k.Name, Title: k.Title, Help: k.Help, Words: k.Words, New: func() any { return k.New() }}
		if f, ok := k.New().(sources.Factual); ok {
			described.Facts = f.Facts()
		}
		all.Sources = append(all.Sources, described)
	}
	for _, k := range ks.messengers {
		described := console.Kind{Name: k.Name, Title: k.Title, Help: k.Help, Words: k.Words, Icon: k.Icon, New: func() any { return k.New() }}
		if k.Preview != nil {
			described.Preview = k.Preview()
			_, described.Page = described.Preview.(web.Chat)
		}
		all.Messengers = append(all.Messengers, described)
	}
	return all
}

// faces are the console for people and for programs.
func (h *house) faces(framed bool) (map[string]http.Handler, error) {
	schemas, err := api.Schemas(h.kinds)
	if err != nil {
		return nil, fmt.Errorf("describe the documents: %w", err)
	}
	programs, err := api.New(api.Options{
		Console: h.console, Bearer: h.gate.Bearer, Answered: answers{h.nouns.answered}, Schemas: schemas, Version: version(),
		PublicURL: h.config.Server.PublicURL, Clock: h.clock, Logger: h.logger,
	})
	if err != nil {
		return nil, fmt.Errorf("build the API: %w", err)
	}
	pages, err := site.New(site.Options{
		Console: h.console, Gate: h.gate, Kinds: h.kinds, Checks: checks(), PublicURL: h.config.Server.PublicURL,
		Framed: framed, Clock: h.clock, Logger: h.logger,
	})
	if err != nil {
		return nil, fmt.Errorf("build the console: %w", err)
	}
	return map[string]http.Handler{"/api": programs, site.Root: pages}, nil
}

// answers keeps the API's answers in the store.
type answers struct{ kept *store.Answered }

var _ api.Answered = answers{}

// Reserve reserves a key, or returns its answer.
func (a answers) Reserve(ctx context.Context, key, fingerprint string, now time.Time) (api.Answer, uint64, error) {
	kept, revision, err := a.kept.Reserve(ctx, key, fingerprint, now)
	return api.Answer(kept), revision, err
}

// Put keeps an answer.
func (a answers) Put(ctx context.Context, key string, answer api.Answer, revision uint64) error {
	return a.kept.Put(ctx, key, store.Answer(answer), revision)
}

// Release gives a reservation up.
func (a answers) Release(ctx context.Context, key string, revision uint64) error {
	return a.kept.Release(ctx, key, revision)
}

// replay counts what was settled before this process took up anything; what it
// settles itself is counted as it happens.
func (s *Server) replay(before store.Mark) {
	defer close(s.counted)
	err := s.recount(before)
	if err != nil && s.ctx.Err() == nil {
		s.logger.Warn("what was asked before the start could not be counted; the page of today begins now", "error", err)
	}
}

func (s *Server) recount(before store.Mark) (err error) {
	defer pull.Caught("count what was asked before", &err)
	return s.nouns.demand.Traces(s.ctx, s.tally.Kept(), before, func(publisher string, t journal.Trace) error {
		s.tally.Add(publisher, t)
		return s.ctx.Err()
	})
}
