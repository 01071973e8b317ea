package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"keypull/cmd/keypull/config"
	"keypull/cmd/keypull/publishing"
	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/people"
	"keypull/sources"
	"keypull/store"
	"keypull/store/changes"
	"keypull/web"
	"keypull/web/alarms"
	"keypull/web/console"
	"keypull/web/console/accounts"
	"keypull/web/console/accounts/passkey"
	"keypull/web/console/api"
	"keypull/web/console/corrections"
	"keypull/web/console/profile"
	"keypull/web/console/site"
	"keypull/web/console/undo"
	"keypull/web/desk"
)

// resources are what the console keeps in the store.
type resources struct {
	people   *store.People
	sessions *store.Sessions
	tokens   *store.Tokens
	invites  *store.Invites
	acts     *store.Acts
	answered *store.Answered
	alarms   *store.Alarms
	demand   *store.Demand
	dead     *store.Dead
	changes  *changes.Changes
}

// furnishConsole puts the operations into an installation, and who may carry them out.
func (in *installation) furnishConsole() {
	in.resources = resources{
		people: store.NewPeople(in.store), sessions: store.NewSessions(in.store), tokens: store.NewTokens(in.store),
		invites: store.NewInvites(in.store), acts: store.NewActs(in.store, rand.Reader), answered: store.NewAnswered(in.store),
		demand: in.newDemand(), dead: store.NewDead(in.store, in.ring, in.ledger),
		changes: changes.New(in.store, in.ring, rand.Reader), alarms: store.NewAlarms(in.store, in.ring),
	}
	in.tally = journal.NewTally(in.clock)
	in.tally.Now = in.room.Now
	in.kinds = describedKinds()
	in.gate = &accounts.Gate{
		People: in.resources.people, Sessions: in.resources.sessions, Tokens: in.resources.tokens, Invites: in.resources.invites, Acts: in.resources.acts,
		Passwords: people.NewPasswords(rand.Reader), Throttle: people.NewThrottle(in.clock),
		DeviceKey: in.channelKey("", "", "devices"),
		Passkeys:  &passkey.Ceremonies{Secret: in.channelKey("", "", "passkeys"), Clock: in.clock, Rand: rand.Reader},
		PublicURL: config.BrowserURL(in.config.Server.PublicURL), Clock: in.clock, Rand: rand.Reader, Logger: in.logger,
	}
	staff := &accounts.Staff{Gate: in.gate, Catalogue: in.room, AuditLog: in.resources.acts}
	in.desk = in.newDesk()
	failures := in.newFailures()
	in.alarms = in.newAlarms(failures)
	in.departures.empty = vacated{in.room, staff, in.alarms, in.desk}
	recorder := undo.Recorder{Catalogue: in.departures.empty, Health: componentHealth{in.cache, in.channels}}
	publishing := console.Publishing{
		Catalogue: recorder, Trials: in.room.Trials(), Kinds: in.kinds, Checks: config.Checks(), Snapshots: in.cache, Editions: in.room,
		Channels: in.channels, Letters: in.resources.dead, Demanded: in.resources.demand, Saved: store.NewSavedWords(in.store), Clock: in.clock, PublicURL: in.config.Server.PublicURL, ConfigPath: in.config.Path,
	}
	in.trySite = publishing.TrySite
	in.console = console.New(console.Options{Acts: in.resources.acts, Changes: in.resources.changes, Clock: in.clock, Logger: in.logger}, slices.Concat(
		publishing.Operations(),
		staff.Operations(),
		in.newUndo(recorder, publishing, staff).Operations(),
		in.newCorrections().Operations(),
		console.Demand{Demanded: in.resources.demand, Publishing: publishing, Clock: in.clock, Waiting: in.countWaiting}.Operations(),
		console.Figures{Counts: in.resources.demand, Catalogue: in.room, Clock: in.clock}.Operations(),
		in.newLinkGuide().Operations(),
		in.prover.Operations(),
		profile.Profiles{Catalogue: in.room, Channels: in.channels, Editions: in.room, Threads: in.desk.HearsIn, Clock: in.clock}.Operations(),
		console.DeadLetterOps{Catalogue: in.room, Letters: in.resources.dead, Resend: in.resendLetter}.Operations(),
		in.newReaderRights().Operations(),
		in.alarms.Operations(),
		in.desk.Operations(),
		[]console.Bound{
			console.Traces{Catalogue: in.room, Held: in.ledger, Kept: textRetention}.Operation(),
			console.Replays{Traces: console.Traces{Catalogue: in.room, Held: in.ledger}, Resolver: in.resolver, Editions: in.room}.Operation(),
			console.Outgoing{Catalogue: in.room, Held: in.ledger, Clock: in.clock, Kept: textRetention}.Operation(),
			console.Today{
				Tally: in.tally, Counted: in.counted, Demanded: in.resources.demand, Health: in.cache, Channels: in.channels, Catalogue: in.room, Clock: in.clock,
				Damaged: in.countDamage, Failures: failures,
			}.Operation(),
			failures.Operation(),
			console.AskRunner{
				Resolver: in.resolver, Editions: in.room, Channels: in.channels, Readers: in.ledger,
				Pseudonym: in.readerKey, Learn: in.room.Learn, Tried: in.resources.demand, Clock: in.clock, Logger: in.logger,
				Previews: publishing.Previews, Forget: in.forgetReader,
			}.Operation(),
			console.BackupOperation(liveStore{in}),
			console.KeysOperation(liveKeys{in}),
			console.HalvesOperation(in),
			console.DepartureOperation(in.room, in.config.Path, in.departures),
			showStatus.Bind(in.showStatus),
			reloadService.Bind(in.reloadService),
			takeNextKey.Bind(in.rotateKey),
		},
	)...)
}

// countWaiting returns how many readers of a publisher wait for an answer, by what they
// said, where a server runs.
func (in *installation) countWaiting(publisher string) map[string]int {
	if in.waiting == nil {
		return nil
	}
	return in.waiting(publisher)
}

// newUndo takes changes back.
func (in *installation) newUndo(recorder undo.Recorder, publishing console.Publishing, staff *accounts.Staff) *undo.Undo {
	asides := undo.Doubts(in.cache)
	asides[accounts.AsideStaff] = staff.Return
	for name, back := range in.newCorrections().Asides() {
		asides[name] = back
	}
	return &undo.Undo{Changes: in.resources.changes, Catalogue: recorder, Things: publishing, Asides: asides, Clock: in.clock}
}

// newCorrections puts right what readers are told.
func (in *installation) newCorrections() corrections.Corrections {
	room := publishing.Corrections{Publishers: in.room}
	return corrections.Corrections{Catalogue: in.room, Withdrawals: room, Sources: room, Snapshots: in.cache, Clock: in.clock}
}

// vacated takes everybody out of a publisher that is removed.
type vacated struct {
	console.Catalogue
	staff  *accounts.Staff
	alarms *alarms.Alarms
	desk   *desk.Desk
}

// Remove removes a thing, and with a publisher the roles at it who is told what fails, and the
// conversations with its readers.
func (v vacated) Remove(ctx context.Context, c catalogue.Change) error {
	if err := v.Catalogue.Remove(ctx, c); err != nil || c.Resource != catalogue.ResourcePublisher {
		return err
	}
	return v.vacate(ctx, c.Publisher)
}

func (v vacated) vacate(ctx context.Context, publisher string) error {
	return errors.Join(v.staff.Vacate(ctx, publisher), v.alarms.Vacate(ctx, publisher), v.desk.Vacate(ctx, publisher))
}

// describedKinds returns those of the binary as the console shows them: some ten
// milliseconds' work, which most commands do not need.
func describedKinds() console.Kinds { return kindsForConsole(allKinds()) }

// kindsForConsole describes the kinds to the console.
func kindsForConsole(ks config.Kinds) console.Kinds {
	var all console.Kinds
	for _, k := range ks.Sources {
		title, help := k.In("en")
		described := console.Kind{Name: k.Name, Title: title, Help: help, Words: k.Words, Icon: k.Icon(), New: func() any { return k.New() }}
		if f, ok := k.New().(sources.Factual); ok {
			described.Facts = f.Facts()
		}
		described.FactsOf = func(values map[string]any) []string { return sources.FactsOf(k.New(), values) }
		if a, ok := k.New().(sources.Asking); ok {
			described.Asks = a.Asks()
		}
		all.Sources = append(all.Sources, described)
	}
	for _, k := range ks.Bridges {
		title, help := k.In("en")
		all.Bridges = append(all.Bridges, console.Kind{Name: k.Name, Title: title, Help: help, Words: k.Words, Icon: k.Icon(), New: func() any { return k.New() }})
	}
	for _, k := range ks.Messengers {
		title, help := k.In("en")
		guide := k.Guide()
		described := console.Kind{Name: k.Name, Title: title, Help: help, Words: k.Words, Icon: k.Icon(), Look: k.Look, Writers: k.Writers, Path: k.Path, Guide: &guide, New: func() any { return k.New() }}
		if k.Preview != nil {
			described.Preview = k.Preview()
			_, described.Page = described.Preview.(web.Chat)
		}
		all.Messengers = append(all.Messengers, described)
	}
	return all
}

// newConsoles returns the console for people and for programs, and the pages of the former.
func (in *installation) newConsoles(framed bool) (map[string]http.Handler, *site.Site, error) {
	schemas, err := api.Schemas(in.kinds)
	if err != nil {
		return nil, nil, fmt.Errorf("describe the documents: %w", err)
	}
	programs, err := api.New(api.Options{
		Console: in.console, Bearer: in.gate.Bearer, Answered: in.resources.answered, Schemas: schemas, Version: releaseVersion(),
		PublicURL: in.config.Server.PublicURL, Clock: in.clock, Logger: in.logger,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("build the API: %w", err)
	}
	pages, err := site.New(site.Options{
		Console: in.console, Gate: in.gate, Kinds: in.kinds, Checks: config.Checks(), PublicURL: in.config.Server.PublicURL,
		TrySite: in.trySite, Framed: framed, Clock: in.clock, Logger: in.logger,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("build the console: %w", err)
	}
	return map[string]http.Handler{"/api": programs, site.Root: pages}, pages, nil
}

// replayHealth counts what was settled before this process took up anything; what it
// settles itself is counted as it happens.
func (s *Server) replayHealth(before store.Mark) {
	defer close(s.counted)
	err := s.recountTraces(before)
	if err != nil && s.ctx.Err() == nil {
		s.logger.Warn("what was asked before the start could not be counted; the page of today begins now", "error", err)
	}
}

func (s *Server) recountTraces(before store.Mark) (err error) {
	defer pull.Caught("count what was asked before", &err)
	return s.resources.demand.Traces(s.ctx, s.tally.Kept(), before, func(publisher string, t journal.Trace) error {
		s.tally.Add(publisher, t)
		return s.ctx.Err()
	})
}
