package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"keypull/cmd/keypull/config"
	"keypull/cmd/keypull/publishing"
	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/web/messengers"
)

// trial asks every source and every account of a configuration once.
type trial struct {
	config *config.Config
	room   *publishing.Publishers
	// asking holds as many questions at a time as one host takes: what waited
	// for its turn there would lose the time that its upstream has.
	asking errgroup.Group

	mu    sync.Mutex
	found config.Findings
	// asked and heard count what there is to ask, and what came of it.
	asked, heard int
	tell         func(done, all int)
}

// try returns what does not answer, and tells meanwhile how far it is.
func try(ctx context.Context, c *config.Config, tell func(done, all int)) config.Findings {
	logger := slog.New(slog.DiscardHandler)
	client := outside.New(outside.Options{AllowPrivate: c.Private(), UserAgent: userAgent(c), Clock: time.Now, Logger: logger, Fetches: c.Fetch.PerHost})
	defer client.Close()
	cache := pull.NewCache(nil, time.Now)
	defer cache.Close()
	ks := allKinds()
	t := &trial{config: c, tell: tell, room: publishing.New(publishing.Options{
		Sources: ks.Sources, Messengers: ks.Messengers, Checks: config.Checks(),
		Client: client, Cache: cache, Channels: &messengers.Channels{},
		Clock: time.Now, Logger: logger, Base: c.Folder, Folder: os.TempDir(), PublicURL: c.Server.PublicURL,
	})}
	t.asking.SetLimit(c.Fetch.PerHost)
	for _, p := range c.Publishers {
		t.asked += len(p.Sources) + len(p.Channels)
	}
	_ = t.room.OpenApps(c.Apps)
	for i, p := range c.Publishers {
		// What cannot be opened is found again, one by one, below.
		_ = t.room.Open(ctx, p)
		for j, s := range p.Sources {
			if asPrinted(ks.Sources, s) {
				t.heard++
				t.found = append(t.found, c.Finding(fmt.Sprintf("publisher[%d].source[%d]", i, j), catalogue.Warning, "example_source",
					words.Text{Key: "check.example_source", Args: words.Args{"id": s.ID}}))
				continue
			}
			t.ask(fmt.Sprintf("publisher[%d].source[%d]", i, j), catalogue.Error, "dead_source", func(why words.Text) words.Text {
				return words.Text{Key: "check.source", Args: words.Args{"id": s.ID, "reason": why}}
			}, func() error {
				return t.room.Probe(ctx, p, s.ID, waits.source)
			})
		}
		for j, channel := range p.Channels {
			t.ask(fmt.Sprintf("publisher[%d].channel[%d]", i, j), catalogue.Warning, "dead_channel", func(why words.Text) words.Text {
				return words.Text{Key: "check.channel", Args: words.Args{"id": channel.ID, "reason": why}}
			}, func() error {
				ctx, cancel := context.WithTimeout(ctx, waits.source)
				defer cancel()
				return t.room.Knock(ctx, p, channel.ID)
			})
		}
	}
	_ = t.asking.Wait() // what failed has been found
	for i, p := range c.Publishers {
		t.compare(i, p)
	}
	// What a trial holds open ends with the process at the latest.
	_ = t.room.Close()
	t.found.Sort()
	return t.found
}

// asPrinted reports whether a source has the address that the example of its kind
// has: there is nothing to ask there.
func asPrinted(kinds []sources.Kind, s catalogue.Source) bool {
	i := slices.IndexFunc(kinds, func(k sources.Kind) bool { return k.Name == s.Kind })
	if i < 0 {
		return false
	}
	fields, err := settings.Fields(kinds[i].New())
	return err == nil && slices.ContainsFunc(fields, func(f settings.Field) bool {
		return f.Is == settings.Address && f.Example != "" && s.Settings[f.Name] == f.Example
	})
}

// compare holds the vocabularies that the sources have told against the
// keywords; everything else has been found without them.
func (t *trial) compare(i int, p catalogue.Publisher) {
	terms := func(source string) []what.Term { return t.room.Terms(p.ID, source) }
	var named []string
	for _, s := range p.Sources {
		if t.room.ByName(p.ID, s.ID) {
			named = append(named, s.ID)
		}
	}
	for _, f := range catalogue.Unanswerable(p, func(source string) catalogue.Lacks { return t.room.Lacks(p.ID, source) }) {
		t.found = append(t.found, t.config.Finding(fmt.Sprintf("publisher[%d].%s", i, f.Path), f.Severity, f.Code, f.Said()))
	}
	for _, f := range catalogue.CheckWith(p, terms, named...) {
		if f.Code == catalogue.CodeVocabulary || f.Code == catalogue.CodeUnnamed {
			t.found = append(t.found, t.config.Finding(fmt.Sprintf("publisher[%d].%s", i, f.Path), f.Severity, f.Code, f.Said()))
		}
	}
}

// ask runs one question beside the others, and keeps what is wrong with the
// line where it stands.
func (t *trial) ask(path string, severity catalogue.Severity, code string, told func(why words.Text) words.Text, f func() error) {
	t.asking.Go(func() error {
		err := f()
		t.mu.Lock()
		defer t.mu.Unlock()
		t.heard++
		t.tell(t.heard, t.asked)
		if err != nil {
			t.found = append(t.found, t.config.Finding(path, severity, code, told(words.Said(err))))
		}
		return nil
	})
}
