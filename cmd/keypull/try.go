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
	"keypull/pull/words"
	"keypull/sources"
	"keypull/web/messengers"
)

// trial has the publishers of a configuration open, and asks every source and every
// account once.
type trial struct {
	config *config.Config
	room   *publishing.Publishers
	cache  *pull.Cache
	client *outside.Client
	// asking holds as many questions at a time as one host takes: what waited
	// for its turn there would lose the time that its upstream has.
	asking errgroup.Group

	mu    sync.Mutex
	found config.Findings
	// asked and heard count what there is to ask, and what came of it.
	asked, heard int
	tell         func(done, all int)
}

// openTrial opens what a configuration has, and asks nobody. What cannot be opened is
// found where it is asked, one by one.
func openTrial(ctx context.Context, c *config.Config) *trial {
	logger := slog.New(slog.DiscardHandler)
	t := &trial{config: c,
		client: outside.New(outside.Options{AllowPrivate: c.Private(), UserAgent: userAgent(c), Clock: time.Now, Logger: logger, Fetches: c.Fetch.PerHost}),
		cache:  pull.NewCache(nil, time.Now)}
	ks := allKinds()
	t.room = publishing.New(publishing.Options{
		Sources: ks.Sources, Messengers: ks.Messengers, Checks: config.Checks(),
		Client: t.client, Cache: t.cache, Channels: &messengers.Channels{},
		Clock: time.Now, Logger: logger, Base: c.Folder, Folder: os.TempDir(), PublicURL: c.Server.PublicURL,
	})
	_ = t.room.OpenApps(c.Apps)
	for _, p := range c.Publishers {
		_ = t.room.Open(ctx, p)
	}
	return t
}

// closeSources ends what a trial holds open, which ends with the process at the latest.
func (t *trial) closeSources() {
	_ = t.room.Close()
	t.cache.Close()
	t.client.Close()
}

// askSources finds what does not answer, and tells meanwhile how far it is.
func (t *trial) askSources(ctx context.Context, tell func(done, all int)) {
	t.tell = tell
	t.asking.SetLimit(t.config.Fetch.PerHost)
	kinds := allKinds().Sources
	for _, p := range t.config.Publishers {
		t.asked += len(p.Sources) + len(p.Channels)
	}
	for i, p := range t.config.Publishers {
		for j, s := range p.Sources {
			if asPrinted(kinds, s) {
				t.addFindings(t.config.Finding(fmt.Sprintf("publisher[%d].source[%d]", i, j), catalogue.Warning, "example_source",
					words.Text{Key: "check.example_source", Args: words.Args{"id": s.ID}}))
				continue
			}
			t.tryOne(fmt.Sprintf("publisher[%d].source[%d]", i, j), catalogue.Error, "dead_source", func(why words.Text) words.Text {
				return words.Text{Key: "check.source", Args: words.Args{"id": s.ID, "reason": why}}
			}, func() error {
				return t.room.Probe(ctx, p, s.ID, waits.source)
			})
		}
		for j, channel := range p.Channels {
			t.tryOne(fmt.Sprintf("publisher[%d].channel[%d]", i, j), catalogue.Warning, "dead_channel", func(why words.Text) words.Text {
				return words.Text{Key: "check.channel", Args: words.Args{"id": channel.ID, "reason": why}}
			}, func() error {
				ctx, cancel := context.WithTimeout(ctx, waits.source)
				defer cancel()
				return t.room.Knock(ctx, p, channel.ID)
			})
		}
	}
	_ = t.asking.Wait() // what failed has been found
	t.found.Sort()
}

// findSourceWarnings finds what sources that were asked say of what they brought.
func (t *trial) findSourceWarnings() (found config.Findings) {
	for i, p := range t.config.Publishers {
		health := t.cache.HealthOf(p.ID)
		for j, s := range p.Sources {
			for _, said := range health[s.ID].Warnings {
				found = append(found, t.config.Finding(fmt.Sprintf("publisher[%d].source[%d]", i, j), catalogue.Warning, "source_warns",
					words.Text{Key: "check.source", Args: words.Args{"id": s.ID, "reason": said}}))
			}
		}
	}
	return found
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

// tryOne runs one question beside the others, and keeps what is wrong with the
// line where it stands.
func (t *trial) tryOne(path string, severity catalogue.Severity, code string, told func(why words.Text) words.Text, f func() error) {
	t.asking.Go(func() error {
		if err := f(); err != nil {
			t.addFindings(t.config.Finding(path, severity, code, told(words.Said(err))))
		} else {
			t.addFindings()
		}
		return nil
	})
}

// addFindings notes what came of one of those that are asked.
func (t *trial) addFindings(found ...config.Finding) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.heard++
	t.found = append(t.found, found...)
	t.tell(t.heard, t.asked)
}
