package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"time"

	"keypull/cmd/keypull/publishing"
	"keypull/cmd/keypull/safe"
	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/outside"
	"keypull/pull/who"
	"keypull/store"
	"keypull/store/bolt"
	"keypull/store/sealed"
	"keypull/web/console"
	"keypull/web/messengers"
)

// house is everything but the network: the store with its keys, the newsroom,
// the resolver, and the operations on them. Commands that touch the store open
// a house when no server runs.
type house struct {
	config   *Config
	logger   *slog.Logger
	clock    func() time.Time
	ring     *sealed.Ring
	store    *bolt.DB
	ledger   *store.Ledger
	client   *outside.Client
	keeper   *pull.Keeper
	resolver *pull.Resolver
	room     *publishing.Publishers
	channels *messengers.Channels
	tally    *journal.Tally
	// counted is closed once the tally has what was asked before the start;
	// nil where no server answers anybody.
	counted chan struct{}
	// shares are what memory the parts may take.
	shares  shares
	kinds   console.Kinds
	nouns   nouns
	gate    *console.Gate
	console *console.Console
	// line has what is done to a reader done in the reader's line; nil where no
	// server answers anybody.
	line func(ctx context.Context, key who.Key, f func(context.Context) error) error
	// resend brings a queued dead letter to its reader's line; nil where no server
	// answers anybody.
	resend func(ctx context.Context, publisher string, ask uint64) error
	// problems are sources and channels that could not be opened.
	problems error
}

// openHouse opens the store and the publishers of a configuration. With dry,
// snapshots that are fetched are not written down.
func openHouse(ctx context.Context, c *Config, logger *slog.Logger, dry bool) (*house, error) {
	h := &house{config: c, logger: logger, clock: time.Now}
	if err := h.openStore(ctx, false); err != nil {
		return nil, err
	}
	h.furnish(ctx, dry)
	return h, nil
}

// furnish puts everything else into a house whose store is open.
func (h *house) furnish(ctx context.Context, dry bool) {
	c, logger := h.config, h.logger
	h.shares = share(c.Server.Memory)
	h.channels = &messengers.Channels{}
	h.ledger = store.NewLedger(h.store, h.ring, h.clock, logger)
	h.ledger.Bound(h.shares.slots)
	var shelf pull.Shelf = store.NewSnapshots(h.store)
	if dry {
		shelf = readOnly{shelf}
	}
	h.client = outside.New(outside.Options{
		AllowPrivate: c.private(), UserAgent: userAgent(c), Clock: h.clock, Logger: logger,
		Fetches: c.Fetch.PerHost, Rests: store.NewRests(h.store),
	})
	h.keeper = pull.NewKeeper(shelf, h.clock)
	h.keeper.Bound(h.shares.snapshots)
	h.keeper.AtOnce = c.Fetch.PerHost
	h.keeper.Jitter = func(most time.Duration) time.Duration { return rand.N(max(most, 1)) } //nolint:gosec // it spreads load, and hides nothing
	h.resolver = &pull.Resolver{Keeper: h.keeper, Clock: h.clock}
	ks := allKinds()
	h.room = publishing.New(publishing.Options{
		ChannelKey: h.channelKey, Known: h.knows, Place: h.placeOf,
		Sources: ks.sources, Messengers: ks.messengers, Checks: checks(),
		Client: h.client, Keeper: h.keeper, Resolver: h.resolver, Channels: h.channels, Clock: h.clock, Logger: logger,
		Base: c.Folder, Folder: filepath.Join(filepath.Dir(h.storePath()), "sources"), PublicURL: c.Server.PublicURL,
		Store: store.NewPublishers(h.store), Vault: h.ring, Room: messengers.NewRoom(h.shares.mailboxes),
	})
	h.keeper.Changed = h.room.Changed
	h.problems = h.room.OpenApps(c.Apps)
	for _, p := range c.Publishers {
		h.problems = errors.Join(h.problems, h.room.Open(ctx, p))
	}
	h.problems = errors.Join(h.problems, h.room.Load(ctx))
	h.furnishConsole()
}

// openStore opens store and keys; with anew, whatever is left of them.
func (h *house) openStore(ctx context.Context, anew bool) error {
	path := h.storePath()
	if path == "" {
		return &exit{code: exitFindings, err: fmt.Errorf("store.url: %s cannot be opened by this keypull; use bolt:FILE", h.config.Store.URL)}
	}
	s, err := safe.Open(ctx, safe.Options{Store: path, Keys: h.config.Secrets.KeyFile, Anew: anew, MinFree: h.minFree(), Clock: h.clock, Logger: h.logger})
	if err != nil {
		return err
	}
	h.ring, h.store = s.Ring, s.Store
	if anew {
		return h.tellAnew(ctx, s)
	}
	return nil
}

// minFree is [store] min_free as the store takes it.
func (h *house) minFree() int64 {
	if h.config.Store.MinFree == 0 {
		return -1
	}
	return int64(h.config.Store.MinFree)
}

func (h *house) storePath() string {
	path, _ := strings.CutPrefix(h.config.Store.URL, "bolt:")
	if path == h.config.Store.URL {
		return ""
	}
	return path
}

// pseudonym gives a reader's key.
func (h *house) pseudonym(publisher, channel, reader string) who.Key {
	return who.Key(publisher + "." + h.ring.Pseudonym(publisher, channel, reader))
}

func (h *house) Close() error {
	err := h.room.Close()
	h.keeper.Close()
	h.client.Close()
	return errors.Join(err, h.store.Close(), h.ring.Close())
}

// readOnly reads the shelf and keeps nothing.
type readOnly struct{ pull.Shelf }

func (readOnly) Keep(context.Context, pull.Place, pull.Snapshot) error { return nil }

func (readOnly) Renew(context.Context, pull.Place, pull.Snapshot) error { return nil }

func userAgent(c *Config) string {
	return "keypull/" + version() + " (+" + c.Server.PublicURL + ")"
}
