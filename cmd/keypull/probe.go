package main

import (
	"cmp"
	"context"
	"errors"
	"net/netip"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"keypull/cmd/keypull/cli"
	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/messengers"
)

// probed is what came of asking a channel from outside.
type probed struct {
	Publisher string `json:"publisher"`
	Channel   string `json:"channel"`
	Kind      string `json:"kind"`
	// How is "asked" of a channel that was asked and answered as a reader is, "account" of one whose platform was asked for the
	// account alone, and "none" of one that nothing can be learnt of from here.
	How   string `json:"how"`
	Took  int64  `json:"ms"`
	Error string `json:"error,omitempty"`
}

// String says in the language of the command line what came of it.
func (p probed) String() string {
	if p.Error != "" {
		return p.Error
	}
	return cli.Say("status.probe_"+p.How, words.Args{"time": (time.Duration(p.Took) * time.Millisecond).String()})
}

// probesAtOnce bounds how many channels are asked at a time.
const probesAtOnce = 8

// probeChannels asks all channels from outside.
func (in *installation) probeChannels(ctx context.Context) []probed {
	// The operator's own address, wherever it leads.
	client := outside.New(outside.Options{
		AllowPrivate: []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")},
		UserAgent:    userAgent(in.config), Clock: in.clock, Logger: in.logger,
	})
	defer client.Close()
	channels := in.channels.All()
	all := make([]probed, len(channels))
	var asking errgroup.Group
	asking.SetLimit(probesAtOnce)
	for i, c := range channels {
		asking.Go(func() error {
			var err error
			defer func() {
				if err != nil {
					all[i].Error = words.Said(err).In(console.CallerLanguage(ctx))
				}
			}()
			defer pull.Caught("ask a channel from outside", &err)
			all[i] = probeChannel(ctx, client, c)
			return nil
		})
	}
	_ = asking.Wait() // what fails is told of each
	slices.SortFunc(all, func(a, b probed) int {
		return cmp.Or(cmp.Compare(a.Publisher, b.Publisher), cmp.Compare(a.Channel, b.Channel))
	})
	return all
}

func probeChannel(ctx context.Context, client *outside.Client, c *messengers.Channel) probed {
	p := probed{Publisher: c.Publisher, Channel: c.ID, Kind: c.Kind, How: "none"}
	language := console.CallerLanguage(ctx)
	ctx, cancel := context.WithTimeout(ctx, waits.source)
	defer cancel()
	began, err := time.Now(), messengers.ErrNotAsked
	if self, ok := c.Messenger.(messengers.SelfAsker); ok {
		p.How, err = "asked", self.AskSelf(ctx, client)
	}
	if errors.Is(err, messengers.ErrNotAsked) {
		p.How, err = "none", nil
		if t, ok := c.Messenger.(messengers.Trier); ok {
			p.How, err = "account", t.Try(ctx)
		}
	}
	if p.Took = time.Since(began).Milliseconds(); err != nil {
		p.Error = words.Said(err).In(language)
	}
	return p
}
