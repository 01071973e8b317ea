package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/outside"
	"keypull/web/messengers"
)

// trial asks every source and every account of a configuration once.
type trial struct {
	config *Config
	room   *newsroom
	wait   sync.WaitGroup

	mu    sync.Mutex
	found findings
}

// try returns what does not answer.
func (c *Config) try(ctx context.Context) findings {
	logger := slog.New(slog.DiscardHandler)
	client := outside.New(outside.Options{AllowPrivate: c.private(), UserAgent: userAgent(c), Clock: time.Now, Logger: logger})
	defer client.Close()
	keeper := pull.NewKeeper(nil, time.Now)
	defer keeper.Close()
	t := &trial{config: c, room: &newsroom{
		kinds: allKinds(), client: client, keeper: keeper, channels: &messengers.Channels{},
		clock: time.Now, logger: logger, base: c.Folder, folder: os.TempDir(), publicURL: c.Server.PublicURL,
	}}
	for i, p := range c.Publishers {
		// What cannot be opened is found again, one by one, below.
		_ = t.room.Open(ctx, p)
		for j, s := range p.Sources {
			t.ask(ctx, fmt.Sprintf("publisher[%d].source[%d]", i, j), func(ctx context.Context) (finding, error) {
				return finding{Severity: catalogue.Error, Code: "dead_source", Message: "source " + s.ID}, t.room.probe(ctx, p, s.ID)
			})
		}
		for j, channel := range p.Channels {
			t.ask(ctx, fmt.Sprintf("publisher[%d].channel[%d]", i, j), func(ctx context.Context) (finding, error) {
				return finding{Severity: catalogue.Warning, Code: "dead_channel", Message: "channel " + channel.ID}, t.room.knock(ctx, p, channel.ID)
			})
		}
	}
	t.wait.Wait()
	t.room.Close()
	slices.SortStableFunc(t.found, byLine)
	return t.found
}

// ask runs one question beside the others, and keeps what is wrong with the
// line where it stands.
func (t *trial) ask(ctx context.Context, path string, f func(context.Context) (finding, error)) {
	t.wait.Go(func() {
		ctx, cancel := context.WithTimeout(ctx, tryTimeout)
		defer cancel()
		found, err := f(ctx)
		if err == nil {
			return
		}
		found.Path, found.Message = path, found.Message+": "+err.Error()
		found.File, found.Line = t.config.origins.of(path)
		t.mu.Lock()
		defer t.mu.Unlock()
		t.found = append(t.found, found)
	})
}

// probe asks a source once: for what it brings without an argument, else for
// the first entry of its vocabulary. A source that has neither is left alone.
func (n *newsroom) probe(ctx context.Context, p catalogue.Publisher, id string) error {
	n.mu.RLock()
	s := n.desks[p.ID].sources[id]
	n.mu.RUnlock()
	if s.Problem != nil {
		return s.Problem
	}
	q := pull.Query{Count: 1, Language: p.Languages[0], At: n.clock()}
	key, err := s.Key(q)
	if v, ok := s.Source.(pull.Vocabulary); ok && err != nil {
		if terms := v.Terms(nil); len(terms) > 0 {
			q.Argument = terms[0].Value
			key, err = s.Key(q)
		}
	}
	if err != nil {
		return nil //nolint:nilerr // only a reader's argument would tell
	}
	return n.keeper.Refresh(ctx, pull.Want{Place: pull.Place{Publisher: p.ID, Source: id, Key: key}, Source: s.Source})
}

// knock asks a channel's platform whether the account is good.
func (n *newsroom) knock(ctx context.Context, p catalogue.Publisher, id string) error {
	channel := n.channels.Find(p.ID, id)
	if channel == nil {
		return &pull.Error{Kind: pull.Invalid, Op: "open", Hint: "it cannot be opened with these settings"}
	}
	t, ok := channel.Messenger.(messengers.Trier)
	if !ok {
		return nil
	}
	return t.Try(ctx)
}
