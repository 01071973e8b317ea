package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"keypull/pull"
	"keypull/pull/life"
	"keypull/pull/outside"
	"keypull/pull/who"
	"keypull/store"
	"keypull/store/bolt"
	"keypull/store/sealed"
	"keypull/web"
	"keypull/web/console"
	"keypull/web/messengers"
)

// drainTime is how long what is under way may take to finish when the server
// ends.
const drainTime = 10 * time.Second

// readyTimeout bounds the probe of the store.
const readyTimeout = 2 * time.Second

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
	room     *newsroom
	channels *messengers.Channels
	console  *console.Console
	// problems are sources and channels that could not be opened.
	problems error
}

// openHouse opens the store and the publishers of a configuration. With dry,
// snapshots that are fetched are not written down.
func openHouse(ctx context.Context, c *Config, logger *slog.Logger, dry bool) (*house, error) {
	h := &house{config: c, logger: logger, clock: time.Now}
	if err := h.openStore(); err != nil {
		return nil, err
	}
	h.furnish(ctx, dry)
	return h, nil
}

// furnish puts everything else into a house whose store is open.
func (h *house) furnish(ctx context.Context, dry bool) {
	c, logger := h.config, h.logger
	h.channels = &messengers.Channels{}
	h.ledger = store.NewLedger(h.store, h.ring, h.clock, logger)
	var shelf pull.Shelf = store.NewSnapshots(h.store)
	if dry {
		shelf = readOnly{shelf}
	}
	h.client = outside.New(outside.Options{
		AllowPrivate: c.private(), UserAgent: userAgent(c), Clock: h.clock, Logger: logger,
	})
	h.keeper = pull.NewKeeper(shelf, h.clock)
	h.resolver = &pull.Resolver{Keeper: h.keeper, Clock: h.clock}
	h.room = &newsroom{
		kinds: allKinds(), client: h.client, keeper: h.keeper, channels: h.channels, clock: h.clock, logger: logger,
		base: c.Folder, folder: filepath.Join(filepath.Dir(h.storePath()), "sources"), publicURL: c.Server.PublicURL,
	}
	h.keeper.Changed = h.room.Changed
	for _, p := range c.Publishers {
		h.problems = errors.Join(h.problems, h.room.Open(ctx, p))
	}
	h.console = console.New(
		console.Asking{
			Resolver: h.resolver, Editions: h.room, Channels: h.channels, Readers: h.ledger,
			Pseudonym: h.pseudonym, Clock: h.clock,
		}.Operation(),
		console.BackupOperation(h.store),
		console.KeysOperation(h.ring),
	)
}

func (h *house) openStore() error {
	path := h.storePath()
	if path == "" {
		return &exit{code: exitFindings, err: fmt.Errorf("store.url: %s cannot be opened by this keypull; use bolt:FILE", h.config.Store.URL)}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("make the store's folder: %w", err)
	}
	ring, err := sealed.OpenKeyFile(h.config.Secrets.KeyFile)
	if err != nil {
		return fmt.Errorf("open the key file: %w", err)
	}
	db, err := bolt.Open(path, store.Options{HashKey: ring.HashKey(), Clock: h.clock})
	if err != nil {
		return errors.Join(fmt.Errorf("open the store: %w", err), ring.Close())
	}
	h.ring, h.store = ring, db
	return nil
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
	h.keeper.Close()
	h.room.Close()
	h.client.Close()
	return errors.Join(h.store.Close(), h.ring.Close())
}

// readOnly reads the shelf and keeps nothing.
type readOnly struct{ pull.Shelf }

func (readOnly) Keep(context.Context, pull.Place, pull.Snapshot) error { return nil }

func userAgent(c *Config) string {
	return "keypull/" + version() + " (+" + c.Server.PublicURL + ")"
}

// Server is the running service.
type Server struct {
	*house
	// URL is where it can be reached from this machine.
	URL  string
	life *life.Life
	hook *messengers.Hook
	app  *web.App

	socket   *console.Socket
	listener net.Listener
	served   chan error
	ctx      context.Context
	end      context.CancelFunc
	wait     sync.WaitGroup
}

// ServerOptions are what a caller may add to a configuration.
type ServerOptions struct {
	Logger *slog.Logger
	// Clock is time.Now where nil.
	Clock func() time.Time
	// Watch sees every settled ask.
	Watch life.Watcher
	// Courier, where set, sends in place of the channels' own.
	Courier func(life.Courier) life.Courier
	// Home is where the bare address leads.
	Home string
	// Mounts are further pages by path prefix.
	Mounts map[string]http.Handler
	// Hold accepts asks and leaves them lying, to measure accepting alone.
	Hold bool
	// Pending limits the unfinished asks; zero means the default.
	Pending int
}

// StartServer opens the house and serves until Close. It returns once
// connections are accepted.
func StartServer(ctx context.Context, c *Config, o ServerOptions) (*Server, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	h := &house{config: c, logger: o.Logger, clock: o.Clock}
	// The store comes first: who starts a second server by mistake is told of
	// the first, not of its port.
	if err := h.openStore(); err != nil {
		return nil, err
	}
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", c.Server.Listen)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("listen on %s: %w", c.Server.Listen, err), h.store.Close(), h.ring.Close())
	}
	if c.Server.PublicURL == "" {
		c.Server.PublicURL = publicURL(ln.Addr().String())
	}
	h.furnish(ctx, false)
	s := &Server{house: h, URL: publicURL(ln.Addr().String()), listener: ln, served: make(chan error, 1)}
	s.ctx, s.end = context.WithCancel(context.WithoutCancel(ctx))
	if h.problems != nil {
		o.Logger.Warn("some sources or channels could not be opened; the rest is served", "problems", h.problems)
	}
	s.build(o)
	if s.socket, err = console.Listen(socketPath(h.storePath()), h.console); err != nil {
		return nil, errors.Join(err, ln.Close(), h.Close())
	}
	s.start(o.Hold)
	return s, nil
}

// build puts the parts together.
func (s *Server) build(o ServerOptions) {
	var courier life.Courier = messengers.NewCourier(s.channels, s.clock, s.logger)
	if o.Courier != nil {
		courier = o.Courier(courier)
	}
	s.life = life.New(life.Options{
		Inbox: store.NewInbox(s.store, s.ring), Ledger: s.ledger, Courier: courier,
		Editions: s.room, Resolver: s.resolver, Clock: s.clock, Logger: s.logger, Watch: o.Watch,
		Pending: o.Pending,
	})
	s.hook = &messengers.Hook{
		Channels: s.channels, Life: s.life, Pseudonym: s.pseudonym, Working: s.room.Working,
		Clock: s.clock, Logger: s.logger,
	}
	s.app = web.New(web.Options{
		Hook: s.hook, PublicURL: s.config.Server.PublicURL, Ready: s.ready, Mounts: o.Mounts, Home: o.Home,
		Clock: s.clock, Logger: s.logger,
	})
}

func (s *Server) start(hold bool) {
	if !hold {
		s.life.Run()
	}
	s.room.Start(s.ctx, s.resolver, &s.wait)
	s.wait.Go(func() { s.tidy(s.ctx) })
	if strings.HasPrefix(s.config.Server.PublicURL, "https://") {
		s.wait.Go(func() { s.setUp(s.ctx) })
	}
	for _, c := range s.channels.All() {
		if l, ok := c.Messenger.(messengers.Listener); ok {
			s.wait.Go(func() { s.listen(c, l) })
		}
	}
	go func() { s.served <- s.app.Serve(s.listener) }()
}

// listen runs a channel that fetches its deliveries itself.
func (s *Server) listen(c *messengers.Channel, l messengers.Listener) {
	accept := func(ctx context.Context, r messengers.Receipt) error { return s.hook.Accept(ctx, c, r) }
	if err := l.Listen(s.ctx, accept); err != nil && s.ctx.Err() == nil {
		s.logger.Error("a channel stopped listening", "publisher", c.Publisher, "channel", c.ID, "error", err)
	}
}

// Wait returns when serving has ended by itself.
func (s *Server) Wait(ctx context.Context) error {
	select {
	case err := <-s.served:
		return err
	case <-ctx.Done():
		return nil
	}
}

// Close stops accepting, lets what is under way finish, and closes the store
// last.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	return s.drain(ctx)
}

// drain is Close with another time to finish: until ctx ends.
func (s *Server) drain(ctx context.Context) error {
	err := s.app.Shutdown(ctx)
	s.end()
	s.life.Close(ctx)
	s.wait.Wait()
	for _, c := range s.channels.All() {
		if closer, ok := c.Messenger.(messengers.Closer); ok {
			err = errors.Join(err, closer.Close())
		}
	}
	return errors.Join(err, s.socket.Close(), s.house.Close())
}

// readiness is what /readyz tells.
type readiness struct {
	Ready    bool                `json:"ready"`
	Version  string              `json:"version"`
	Pending  int                 `json:"pending"`
	Sources  []pull.Health       `json:"sources"`
	Channels []messengers.Health `json:"channels"`
	Problems string              `json:"problems,omitempty"`
	Store    string              `json:"store,omitempty"`
}

func (s *Server) ready(ctx context.Context) (any, bool) {
	r := readiness{Ready: true, Version: version(), Pending: s.life.Unfinished(),
		Sources: s.keeper.Health(), Channels: []messengers.Health{}}
	for _, c := range s.channels.All() {
		r.Channels = append(r.Channels, c.Health())
	}
	if s.problems != nil {
		r.Problems = s.problems.Error()
	}
	// What cannot be written down cannot be accepted.
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	if _, err := s.store.Put(ctx, "ready", nil, store.Any); err != nil {
		r.Ready, r.Store = false, err.Error()
	}
	return r, r.Ready
}
