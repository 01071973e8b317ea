package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"keypull/cmd/keypull/bench"
	"keypull/cmd/keypull/config"
	"keypull/cmd/keypull/retention"
	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/people"
	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/store"
	"keypull/web/console/accounts"
	"keypull/web/console/presignin"
)

// measured is this service as bench measures it.
type measured struct{ begun func() }

var _ bench.Service = (*measured)(nil)

// Tune does what serve does, for as long as the process lives.
func (m *measured) Tune() {
	m.begun, _ = keepMemory(context.Background(), divideMemory(nil), slog.New(slog.DiscardHandler))
}

// Start serves without a log.
func (m *measured) Start(ctx context.Context, file string, o bench.StartOptions) (bench.Server, error) {
	c, err := benchConfig(file)
	if err != nil {
		return nil, err
	}
	s, err := StartServer(ctx, c, ServerOptions{
		Logger: slog.New(slog.DiscardHandler), Hold: o.Hold, Pending: o.Pending, Sync: o.Sync, Clock: o.Clock,
		Reload:  func() (*config.Config, config.Findings) { return config.Load(file, os.LookupEnv, allKinds()) },
		Waiting: o.Waiting,
	})
	if err == nil {
		c.Forget()
		m.begun()
	}
	return measuredServer{s}, err
}

// openMeasured opens the installation that is measured while no server has it.
func openMeasured(ctx context.Context, file string) (*installation, error) {
	c, err := benchConfig(file)
	if err != nil {
		return nil, err
	}
	return openInstallation(ctx, c, slog.New(slog.DiscardHandler), true)
}

// Fill writes many documents side by side, so that they share commits.
func (*measured) Fill(ctx context.Context, file string, all []store.Stored) error {
	h, err := openMeasured(ctx, file)
	if err != nil {
		return err
	}
	publishers := store.NewPublishers(h.store)
	var group errgroup.Group
	group.SetLimit(sideBySide)
	for _, k := range all {
		group.Go(func() error {
			_, err := publishers.Put(ctx, k, 0)
			return err
		})
	}
	return errors.Join(group.Wait(), h.Close())
}

// Ask writes records of asks, many in one commit.
func (*measured) Ask(ctx context.Context, file, publisher string, asks int, askAt func(int) (who.Key, journal.Trace)) error {
	h, err := openMeasured(ctx, file)
	if err != nil {
		return err
	}
	const together = 1000
	var group errgroup.Group
	group.SetLimit(sideBySide)
	for from := 0; from < asks; from += together {
		group.Go(func() error {
			var all []store.Append
			for n := from; n < min(from+together, asks); n++ {
				reader, t := askAt(n)
				one, err := h.recordOf(publisher, reader, t)
				if err != nil {
					return err
				}
				all = append(all, one)
			}
			_, err := h.store.Commit(ctx, store.Batch{Appends: all})
			return err //nolint:wrapcheck // the store's own sentence
		})
	}
	return errors.Join(group.Wait(), h.Close())
}

// recordOf is what is written down of an ask, whose reply tells what it meant.
func (in *installation) recordOf(publisher string, reader who.Key, t journal.Trace) (store.Append, error) {
	const log = "asks"
	id := fmt.Sprintf("%016x", t.Ask)
	seal, err := in.ring.SealDay(t.At)
	if err != nil {
		return store.Append{}, fmt.Errorf("seal an ask: %w", err)
	}
	reply := &pull.Reply{Language: t.Who.Language, Blocks: []pull.Block{{Kind: pull.Paragraph, Text: cmp.Or(t.When.Source, t.What.Core)}}}
	record := pipeline.Record{Publisher: publisher, Reader: reader, Reply: reply, Trace: t}
	return store.Append{Log: log, Record: store.Record{ID: id, At: t.At, Data: seal(store.LogPlace(log, id), record.Encode())}}, nil
}

// writeAsk writes down an ask that nobody sent.
func (in *installation) writeAsk(ctx context.Context, publisher string, reader who.Key, t journal.Trace) error {
	one, err := in.recordOf(publisher, reader, t)
	if err == nil {
		_, err = in.store.Commit(ctx, store.Batch{Appends: []store.Append{one}})
	}
	return err
}

// sideBySide is how many writers fill a store.
const sideBySide = 256

func benchConfig(file string) (*config.Config, error) {
	c, found := config.Load(file, os.LookupEnv, allKinds())
	if found.Errors() > 0 {
		return nil, fmt.Errorf("the configuration of the bench: %s", found)
	}
	return c, nil
}

// measuredServer is a server under measurement.
type measuredServer struct{ *Server }

// Address returns where it listens.
func (s measuredServer) Address() string { return s.listener.Addr().String() }

// Change saves a keyword over the version that is there.
func (s measuredServer) Change(ctx context.Context, publisher string, k catalogue.Keyword) error {
	version := s.room.Publisher(publisher).MetaOf(catalogue.ResourceKeyword, k.ID).Version
	_, err := s.room.Save(ctx, catalogue.Change{Publisher: publisher, Resource: catalogue.ResourceKeyword, ID: k.ID, Value: k, When: version, By: "bench"})
	return err
}

// Ask writes a record of an ask.
func (s measuredServer) Ask(ctx context.Context, publisher string, reader who.Key, t journal.Trace) error {
	return s.writeAsk(ctx, publisher, reader, t)
}

// Sweep drops what is past its time.
func (s measuredServer) Sweep(ctx context.Context, now time.Time) error {
	return errors.Join(s.forgetBefore(ctx, now.Add(-textRetention)), s.sweepExpired(ctx, now, retention.NewAbsence(&store.Retention{}, now)))
}

// SignIn lets an admin in.
func (s measuredServer) SignIn(ctx context.Context) (*http.Cookie, error) {
	p := people.Person{ID: people.NewID(s.gate.Rand), Email: "bench@keypull.invalid", Name: "Bench", Admin: true, Created: s.clock(), Changed: s.clock()}
	if _, err := s.resources.people.Put(ctx, p, 0); err != nil {
		return nil, err
	}
	entry, err := s.gate.Admit(ctx, p.ID, accounts.Browser{Address: "127.0.0.1"})
	return presignin.CookiesOf(s.gate.DeviceKey).Session(entry.Secret, 0), err
}
