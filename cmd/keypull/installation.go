package main

import (
	"cmp"
	"context"
	crand "crypto/rand"
	"errors"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"time"

	"keypull/cmd/keypull/backup"
	"keypull/cmd/keypull/cli"
	"keypull/cmd/keypull/config"
	"keypull/cmd/keypull/publishing"
	"keypull/cmd/keypull/safe"
	"keypull/cmd/keypull/standby"
	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/outside"
	"keypull/pull/who"
	"keypull/pull/words"
	"keypull/sources/itemindex"
	"keypull/store"
	"keypull/store/postgres"
	"keypull/store/sealed"
	"keypull/store/withdrawn"
	"keypull/web/alarms"
	"keypull/web/clicks"
	"keypull/web/console"
	"keypull/web/console/accounts"
	"keypull/web/desk"
	"keypull/web/links"
	"keypull/web/messengers"
	"keypull/web/proofs"
)

// installation is everything but the network: the store with its keys, the newsroom,
// the resolver, and the operations on them. Commands that touch the store open
// an installation when no server runs.
type installation struct {
	config *config.Config
	logger *slog.Logger
	clock  func() time.Time
	// horizon is Horizon of store.Options.
	horizon time.Duration
	// sync is Sync of store.Options.
	sync func()
	// waits, where set, is called while another process works on the database.
	waits func(works store.Node, sayConfig func(config string)) error
	// node is what this process says of itself to others at a database, and forwarding what it does with
	// what comes while it waits.
	node       store.Node
	forwarding *forwarding
	ring       *sealed.Ring
	store      safe.Store
	// file is the store where that is a file; else nil.
	file safe.File
	// withdrawn is kept beside the store.
	withdrawn *withdrawn.File
	ledger    *store.Ledger
	client    *outside.Client
	cache     *pull.Cache
	items     *itemindex.Index
	resolver  *pull.Resolver
	prover    *proofs.Prover
	// departures take publishers out for good.
	departures *departures
	rotation   rotation
	// backups are made where the configuration says; nil where it says nothing.
	backups *backup.Backups
	// standby tells another machine what changes here; nil where none may follow.
	standby *standbyLink
	clicks  *clicks.Counter
	// handouts give readers their files; nil where nothing is served.
	handouts *links.Handouts
	// moves give them codes by which they take over what is kept on another channel; nil as
	// well.
	moves    *links.Moves
	room     *publishing.Publishers
	failures *console.Failures
	alarms   *alarms.Alarms
	desk     *desk.Desk
	channels *messengers.Channels
	tally    *journal.Tally
	// counted is closed once the tally has what was asked before the start;
	// nil where no server answers anybody.
	counted chan struct{}
	// shares are what memory the parts may take.
	shares    shares
	kinds     console.Kinds
	resources resources
	gate      *accounts.Gate
	console   *console.Console
	// trySite asks words of a site for who has no account yet.
	trySite func(ctx context.Context, address, language string) (console.SiteTried, error)
	// line has what is done to a reader done in the reader's line; nil if no
	// server answers anybody.
	line func(ctx context.Context, key who.Key, f func(context.Context) error) error
	// change rewrites a reader's document beside the reader's asks; nil as well.
	change func(ctx context.Context, key who.Key, f func(who.Reader) who.Reader) error
	// waiting counts readers who wait for an answer; nil if no server does.
	waiting func(publisher string) map[string]int
	// status tells how the server is doing; nil if none does.
	status func(context.Context) serviceStatus
	// reload has the server read its configuration again; nil as well.
	reload func(context.Context) (reloaded, error)
	// resend brings a queued dead letter to its reader's line; nil if no server
	// answers anybody.
	resend func(ctx context.Context, publisher string, ask uint64) error
	// problems are sources and channels that could not be opened.
	problems error
}

// openInstallation opens the store and the publishers of a configuration. With dry,
// snapshots that are fetched are not written down.
func openInstallation(ctx context.Context, c *config.Config, logger *slog.Logger, dry bool) (*installation, error) {
	h := &installation{config: c, logger: logger, clock: time.Now}
	if err := h.openStore(ctx, false); err != nil {
		return nil, err
	}
	h.openParts(ctx, dry)
	return h, nil
}

// openParts puts everything else into an installation whose store is open.
func (in *installation) openParts(ctx context.Context, dry bool) {
	c, logger := in.config, in.logger
	in.shares = divideMemory(c.Server.Memory)
	in.channels = &messengers.Channels{}
	in.ledger = store.NewLedger(in.store, in.ring, in.clock, logger)
	in.ledger.Bound(in.shares.known)
	in.ring.Limit(in.shares.keys)
	var snapshots pull.Snapshots = store.NewSnapshots(in.store)
	if dry {
		snapshots = readOnly{snapshots}
	}
	in.client = outside.New(outside.Options{
		AllowPrivate: c.Private(), UserAgent: userAgent(c), Clock: in.clock, Logger: logger,
		Fetches: c.Fetch.PerHost, BackOffs: store.NewBackOffs(in.store), Jitter: jitter,
	})
	in.cache = pull.NewCache(snapshots, in.clock)
	in.cache.Bound(in.shares.snapshots)
	in.cache.AtOnce = c.Fetch.PerHost
	in.cache.Jitter = jitter
	in.cache.Beside = in.withdrawn
	in.cache.KnowGroups(in.readerKey)
	in.items = in.openItems(dry)
	in.resolver = &pull.Resolver{Cache: in.cache, Clock: in.clock, Items: in.items, Past: pastAsks{in}, Counted: &lastDays{in: in}}
	ks := allKinds()
	in.departures, in.problems = in.newDepartures(ctx)
	in.room = publishing.New(publishing.Options{
		ChannelKey: in.channelKey, Known: in.knowsReader, Sent: in.sentTo, Place: in.placeOf, Asked: (&mostAsked{in: in}).keywordsOf,
		Sources: ks.Sources, Messengers: ks.Messengers, Bridges: ks.Bridges, Checks: config.Checks(),
		Client: in.client, Cache: in.cache, Items: in.items, Resolver: in.resolver, Channels: in.channels, Clock: in.clock, Logger: logger,
		Base: c.Folder, Folder: filepath.Join(filepath.Dir(in.config.OwnPath()), "sources"), PublicURL: c.Server.PublicURL,
		Store: store.NewPublishers(in.store), Vault: in.ring, Room: messengers.NewRoom(in.shares.mailboxes), Left: in.departures.Left,
	})
	in.cache.Changed = in.room.Changed
	in.problems = errors.Join(in.problems, in.room.OpenApps(c.Apps))
	for _, p := range c.Publishers {
		in.problems = errors.Join(in.problems, in.room.Open(ctx, p))
	}
	in.problems = errors.Join(in.problems, in.room.Load(ctx))
	keys := store.NewProofKeys(in.store, in.ring, in.clock, crand.Reader)
	in.departures.keys = keys
	in.prover = proofs.NewProver(proofs.Options{
		Publishers: in.room, Keys: keys, Answers: in.ledger, Since: in.cache.Since,
		PublicURL: c.Server.PublicURL, Clock: in.clock, Logger: logger,
	})
	if !dry {
		in.resolver.Proofs = in.prover
	}
	in.backups = in.newBackups()
	in.furnishConsole()
	var agents []string
	for _, k := range ks.Messengers {
		agents = append(agents, k.Agents...)
	}
	in.clicks = clicks.NewCounter(clicks.Options{
		Publishers: in.room, Keys: keys, Agents: agents, Count: in.resources.demand.NoteClick, PublicURL: c.Server.PublicURL, Clock: in.clock, Logger: logger,
	})
	in.channels.Linked = in.clicks
}

// openItems returns the index of what sources hold: beside the store, or with dry in
// memory.
func (in *installation) openItems(dry bool) *itemindex.Index {
	o := itemindex.Options{Read: in.cache.Last, MaxBytes: int64(in.config.Fetch.IndexMax), MaxPublisher: publisherIndexMax, Full: in.cache.NoteUnfound, Logger: in.logger}
	if !dry {
		o.Folder = filepath.Join(filepath.Dir(in.config.OwnPath()), "items")
	}
	return itemindex.New(o)
}

// publisherIndexMax is how much disk the index of one publisher may take.
const publisherIndexMax = 512 << 20

// openStore opens store and keys; with anew, whatever is left of them.
func (in *installation) openStore(ctx context.Context, anew bool) error {
	o := safe.Options{Store: in.config.StorePath(), Keys: in.config.Secrets.KeyFile, Anew: anew, MinFree: in.minFree(), Keep: in.logKept(), Horizon: in.horizon, Sync: in.sync, Clock: in.clock, Logger: in.logger}
	if o.Store == "" {
		o.Database, o.Durable, o.Waits = in.config.Store.URL, postgres.Durability(in.config.Store.Durable), in.waits
		if in.node.Version == "" {
			in.node = in.describeNode(nil)
		}
		o.Node, o.KeysInside = in.node, in.config.Store.Keys == "database"
		if in.config.Standby.Secret.Reveal() != "" {
			client := newStandbyClient(in.logger)
			defer client.Close()
			o.Peer = newTaker(in.config, client)
		}
	} else if err := standby.Standing(o.Store); err != nil {
		return err //nolint:wrapcheck // it is a sentence
	}
	o.Former = func(copied string) {
		cli.Note(ctx, "cli.upgrade", words.Args{"store": o.Store, "copy": copied, "version": releaseVersion()})
	}
	s, err := safe.Open(ctx, o)
	if err != nil {
		return err
	}
	in.ring, in.store, in.file = s.Ring, s.Store, s.File
	// Opening a store reads all of it.
	in.store.Release()
	if anew {
		if err := in.tellAnew(ctx, s); err != nil {
			return err
		}
	}
	if in.withdrawn, err = withdrawn.Open(withdrawn.NameOf(in.config.OwnPath()), in.clock, in.logger); err != nil {
		return errors.Join(err, s.Close())
	}
	return nil
}

// logKept is how much of the log is kept for a standby.
func (in *installation) logKept() int64 {
	if in.config.Standby.Secret.Reveal() == "" {
		return 0
	}
	return int64(in.config.Standby.Keep)
}

// minFree is [store] min_free as the store takes it.
func (in *installation) minFree() int64 {
	if in.config.Store.MinFree == 0 {
		return -1
	}
	return int64(in.config.Store.MinFree)
}

// readerKey gives a reader's key.
func (in *installation) readerKey(publisher, channel, reader string) who.Key {
	return who.Key(publisher + "." + in.ring.Pseudonym(publisher, channel, reader))
}

func (in *installation) Close() error {
	err := in.room.Close()
	in.cache.Close()
	in.client.Close()
	err = errors.Join(err, in.items.Close())
	return errors.Join(err, in.closeStore())
}

func (in *installation) closeStore() error {
	return errors.Join(in.withdrawn.Close(), in.ring.Rest(), in.store.Close(), in.ring.Close())
}

// readOnly reads snapshots and keeps nothing.
type readOnly struct{ pull.Snapshots }

// Keep keeps what is withdrawn alone.
func (r readOnly) Keep(ctx context.Context, p pull.SnapshotID, s pull.Snapshot) error {
	if p == pull.WithdrawnPlace(p.Publisher, p.Source) {
		return r.Snapshots.Keep(ctx, p, s)
	}
	return nil
}

func (readOnly) Renew(context.Context, pull.SnapshotID, pull.Snapshot) error { return nil }

func userAgent(c *config.Config) string {
	return "keypull/" + releaseVersion() + " (+" + cmp.Or(strings.Join(strings.Fields(c.Fetch.Contact), " "), c.Server.PublicURL) + ")"
}

// jitter returns a random part of a duration: it spreads load, and hides nothing.
func jitter(most time.Duration) time.Duration { return rand.N(max(most, 1)) } //nolint:gosec // see above
