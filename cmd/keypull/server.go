package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"keypull/cmd/keypull/config"
	"keypull/cmd/keypull/machine"
	"keypull/cmd/keypull/metrics"
	"keypull/pull"
	"keypull/pull/pipeline"
	"keypull/store"
	"keypull/store/health"
	"keypull/store/inflight"
	"keypull/web"
	"keypull/web/alarms"
	"keypull/web/clicks"
	"keypull/web/console"
	"keypull/web/console/site"
	"keypull/web/desk"
	"keypull/web/links"
	"keypull/web/messengers"
	"keypull/web/proofs"
)

// waits are how long this process waits, in true time, for what is not its own
// doing. Tests have more of each, since their machine may be busy.
var waits = struct {
	// drain is for what is under way when the server ends, ready for the probe of
	// the store, address for a predecessor that has given up the store already,
	// and source for each source and account that check asks; alarm is how often it is
	// looked what fails.
	drain, ready, address, source, alarm time.Duration
	// forward is for a node that works, while this one waits.
	forward time.Duration
}{forward: 10 * time.Second, drain: 8 * time.Second, ready: 2 * time.Second, address: 2 * time.Second, source: 15 * time.Second, alarm: 15 * time.Second}

// Server is the running service.
type Server struct {
	*installation
	// URL is where it can be reached from this machine.
	URL string
	// Welcome is the link by which the first person signs in; empty where
	// somebody is there already.
	Welcome string

	pipeline *pipeline.Pipeline
	hook     *messengers.Hook
	courier  *messengers.Courier
	app      *web.App
	metrics  *metrics.Metrics
	// reloading is how the configuration is read again.
	reloading *reloading

	inFlight *inflight.Markers
	fared    *health.Keeper
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
	Watch pipeline.Watcher
	// Courier, where set, sends in place of the channels' own.
	Courier func(pipeline.Courier) pipeline.Courier
	// Home is where the bare address leads.
	Home string
	// Mounts are further pages by path prefix.
	Mounts map[string]http.Handler
	// Reload reads the configuration again, and Level is that of the logger, which it may change. Where Reload is nil it is
	// read once.
	Reload func() (*config.Config, config.Findings)
	Level  *slog.LevelVar
	// Hold accepts asks and leaves them lying, to measure accepting alone.
	Hold bool
	// Sync is that of store.Options, to measure with.
	Sync func()
	// Anew takes whatever is left of store and keys.
	Anew bool
	// Waiting, where set, is called again and again, with the own address, while another process works on the database, and
	// HungUp has the configuration be read again meanwhile.
	Waiting func(address string)
	HungUp  <-chan os.Signal
	// Pending limits the unfinished asks; zero means the default.
	Pending int
	// Framed lets pages of this server show the console in a frame.
	Framed bool
}

// StartServer opens the installation and serves until Close. It returns once
// connections are accepted.
func StartServer(ctx context.Context, c *config.Config, o ServerOptions) (*Server, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	// Who is told to end while it starts ends as one that has started: what was
	// begun is finished first. It may wait for long before that.
	waiting := ctx
	ctx = context.WithoutCancel(ctx)
	h := &installation{config: c, logger: o.Logger, clock: o.Clock, sync: o.Sync, counted: make(chan struct{})}
	ln, err := h.openAt(waiting, &o)
	if err != nil {
		return nil, err
	}
	again := newReloading(&o, c)
	if c.Server.PublicURL == "" {
		c.Server.PublicURL = config.PublicURL(ln.Addr().String())
	}
	link, err := h.newStandbyLink(ctx)
	if err != nil {
		return nil, errors.Join(err, ln.Close(), h.closeStore())
	}
	h.standby = link
	h.openParts(ctx, false)
	s := &Server{installation: h, reloading: again, URL: config.PublicURL(ln.Addr().String()), listener: ln, served: make(chan error, 1)}
	s.ctx, s.end = context.WithCancel(context.WithoutCancel(ctx))
	s.fared = health.New(s.store)
	s.recallSources(ctx)
	if h.problems != nil {
		o.Logger.Warn("some sources or channels could not be opened; the rest is served", "problems", h.problems)
	}
	if s.inFlight, err = inflight.Open(inFlightFile(h.config.OwnPath())); err != nil {
		return nil, errors.Join(err, ln.Close(), h.Close())
	}
	if err := s.buildParts(o); err != nil {
		return nil, errors.Join(err, ln.Close(), s.inFlight.Close(), h.Close())
	}
	socket, err := socketFile(h.config.OwnPath())
	if err == nil {
		s.socket, err = console.Listen(socket, h.console, h.gate.Bearer)
	}
	if err != nil {
		return nil, errors.Join(err, ln.Close(), s.inFlight.Close(), h.Close())
	}
	if err := s.start(ctx, o.Hold); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// openAt opens the store and takes the address. A store that is there comes
// first: who starts a second server by mistake is told of the first, not of its
// port. One that has yet to be made comes last, so that nothing is left behind
// where the address is another's.
func (in *installation) openAt(ctx context.Context, o *ServerOptions) (net.Listener, error) {
	if in.config.StorePath() == "" {
		return in.openDatabase(ctx, o)
	}
	ctx = context.WithoutCancel(ctx)
	address, anew := in.config.Server.Listen, o.Anew
	if _, err := os.Stat(in.config.StorePath()); errors.Is(err, fs.ErrNotExist) {
		ln, err := listen(ctx, address)
		if err != nil {
			return nil, takenError(address, err)
		}
		if err := in.openStore(ctx, anew); err != nil {
			return nil, errors.Join(err, ln.Close())
		}
		return ln, nil
	}
	if err := in.openStore(ctx, anew); err != nil {
		return nil, err
	}
	ln, err := listen(ctx, address)
	if err != nil {
		return nil, errors.Join(takenError(address, err), in.closeStore())
	}
	return ln, nil
}

// listen takes the address, as soon as a predecessor that is ending has left it.
func listen(ctx context.Context, address string) (net.Listener, error) {
	ctx, cancel := context.WithTimeout(ctx, waits.address)
	defer cancel()
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for {
		ln, err := new(net.ListenConfig).Listen(context.WithoutCancel(ctx), "tcp", address)
		if !machine.Busy(err) {
			return ln, err //nolint:wrapcheck // the caller names the address
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return nil, err //nolint:wrapcheck // the caller names the address
		}
	}
}

// buildParts puts the parts together.
func (s *Server) buildParts(o ServerOptions) error {
	faces, pages, err := s.newConsoles(o.Framed)
	if err != nil {
		return err
	}
	s.metrics, s.status = metrics.New(s.clock, s.readMetrics), s.tellStatus
	if o.Reload != nil {
		s.reload = s.takeConfig
	}
	s.courier = messengers.NewCourier(s.channels, s.clock, s.logger)
	if l, ok := s.store.(store.Leased); ok {
		s.courier.Held = l.AwaitHeld
	}
	var courier pipeline.Courier = s.courier
	if o.Courier != nil {
		courier = o.Courier(courier)
	}
	s.pipeline = pipeline.New(pipeline.Options{
		Inbox: s.standby.waitingInbox(store.NewInbox(s.ledger)), Ledger: s.countingLedger(), Documents: s.ledger, Courier: courier,
		Editions: s.room, Resolver: s.resolver, Clock: s.clock, Logger: s.logger, Watch: s.watchAsks(o.Watch), Talks: s.desk, Ended: s.courier.Ended,
		Dispatches: s.ledger, Pending: o.Pending, AtOnce: s.shares.asks, Memory: s.shares.readers, Messages: s.shares.letters,
		InFlight: s.inFlight, Erase: s.eraseLeaving, Poison: store.NewPoisonRecords(s.store),
		Send: pipeline.Send{Keep: s.config.Send.Keep, Max: int64(s.config.Send.Max), Channels: s.channels.Count},
	})
	s.line, s.change, s.resend = s.pipeline.Forget, s.pipeline.Change, s.sendAgain
	s.resolver.Owing, s.resolver.Alarms, s.resolver.Desk, s.resolver.Requests = s.pipeline, s.alarms, s.desk, s.desk
	s.desk.Serve(desk.Line{Put: s.pipeline.Put, Change: s.pipeline.Change})
	s.room.Watch(s.pipeline.Stir)
	s.waiting = s.pipeline.Waiting
	s.hook = &messengers.Hook{
		Channels: s.channels, Pipeline: s.pipeline, Pseudonym: s.readerKey, Working: s.room.Working, Again: s.sendLater,
		Clock: s.clock, Logger: s.logger, Known: s.holdsReader, Threads: s.desk,
	}
	mounts := maps.Clone(o.Mounts)
	if mounts == nil {
		mounts = map[string]http.Handler{}
	}
	linksIn := links.Pages{Guide: s.newLinkGuide(), Answers: s.answerNobody, Clock: s.clock}.Handler()
	for _, at := range []string{links.Root, links.OEmbed, links.Briefing} {
		mounts[at] = linksIn
	}
	s.handouts, s.moves = s.newHandouts(), s.newMoves()
	s.standby.mount(mounts)
	s.mountGiver(mounts)
	mounts[desk.CalledRoot] = s.desk.Handler()
	mounts[links.Handout], mounts[alarms.Root] = s.handouts.Handler(), s.alarms.Handler()
	mounts[clicks.Root], mounts[desk.Appointments], mounts[desk.Files] = s.clicks.Handler(), s.desk.AppointmentHandler(), s.desk.FileHandler()
	for _, at := range []string{proofs.Root, proofs.PublicKeys} {
		mounts[at] = s.prover.Handler()
	}
	s.app = web.New(web.Options{
		Hook: s.hook, Pass: s.node.Pass, Routes: messengers.Routes(allKinds().Messengers), Receive: s.room.Receive, PublicURL: s.config.Server.PublicURL, Ready: s.ready, Metrics: s.tellMetrics, Bearer: s.visibilityOf, Asker: s.gate.Asker, Mounts: mounts, Home: o.Home, Front: pages.Front(),
		Consoles: faces, Page: func(r web.Refused) ([]byte, http.Header) { return pages.Refused(site.Refusal(r)) }, TrustedProxies: config.Prefixes(s.config.Server.TrustedProxies), Clock: s.clock, Logger: s.logger,
	})
	return nil
}

// surveyKeys destroys the keys that a process which broke down has handed out and
// nobody has.
func (s *Server) surveyKeys(ctx context.Context) {
	if err := s.ledger.Survey(ctx); err != nil && ctx.Err() == nil {
		s.logger.Warn("whose keys there are could not be looked for; the next start does it", "error", err)
	}
}

// watchAsks counts every settled ask, and tells others of it.
func (s *Server) watchAsks(others pipeline.Watcher) pipeline.Watcher {
	return func(a pull.Ask, o pull.Resolved) {
		s.tally.Add(a.Publisher, o.Trace)
		s.metrics.Watch(a.Publisher, &o.Trace)
		s.alarms.Watch(a, o)
		if others != nil {
			others(a, o)
		}
	}
}

func (s *Server) start(ctx context.Context, hold bool) error {
	sweeper, err := s.keepTime(ctx)
	if err != nil {
		return fmt.Errorf("look for what is past its retention: %w", err)
	}
	go func() { s.served <- s.app.Serve(s.listener) }()
	if s.forwarding != nil {
		s.wait.Go(func() { s.endForwarding() })
	}
	if err := s.newErasure().Resume(ctx); err != nil {
		return fmt.Errorf("go on erasing readers: %w", err)
	}
	if err := s.renewReaders(ctx); err != nil {
		return err
	}
	settled, err := s.resources.demand.Now(ctx)
	if err != nil {
		return fmt.Errorf("look for the last ask: %w", err)
	}
	s.wait.Go(func() { s.replayHealth(settled) })
	s.runSteadily("count what readers ask", func(context.Context) { s.foldDemand() })
	s.runSteadily("look whose keys there are", s.surveyKeys)
	s.runSteadily("take out publishers that left", s.departures.resume)
	s.runSteadily("bound the dead letters", func(ctx context.Context) { s.resources.dead.Bound(ctx) })
	if !hold {
		s.pipeline.Run()
		s.runSteadily("send what is queued again", func(context.Context) { s.sendQueued() })
	}
	s.room.Run(s.hook.Accept, s.courier.Attend)
	s.runSteadily("keep to retention", sweeper.Run)
	s.runSteadily("index what sources hold", s.items.Run)
	s.runSteadily("give memory back", s.releaseMemory)
	s.runSteadily("write down how sources have been doing", s.keepSources)
	s.runSteadily("carry what people write to readers", s.desk.Run)
	s.runSteadily("go over to a new master key", s.keepRotating)
	s.runSteadily("wrap the keys in the database anew", s.keepWrapping)
	if s.backups != nil {
		s.runSteadily("replace the newest half of the backup", s.backups.RunNewest)
		s.runSteadily("make archives", s.backups.RunArchives)
	}
	if s.standby.mustTell() {
		s.runSteadily("tell the former primary", s.standby.tellFormer)
	}
	s.runSteadily("tell what fails", func(ctx context.Context) { s.alarms.Run(ctx, s.pipeline.Put) })
	secret, first, err := s.gate.First(ctx)
	if err != nil {
		return fmt.Errorf("make the link for the first owner: %w", err)
	}
	if first {
		s.Welcome = s.gate.Link(secret)
	}
	return nil
}

// endForwarding lets what was held while this node waited be answered by it.
func (s *Server) endForwarding() {
	ctx, cancel := context.WithTimeout(s.ctx, 2*waits.forward)
	defer cancel()
	s.forwarding.awaitConnections(ctx)
}

// runSteadily runs f until the server ends, again where it breaks down.
func (s *Server) runSteadily(what string, f func(context.Context)) {
	s.wait.Go(func() { pull.KeepRunning(s.ctx, s.logger, what, f) })
}

// Wait returns when serving has ended by itself, or has to end since the store
// can't go on.
func (s *Server) Wait(ctx context.Context) error {
	select {
	case err := <-s.served:
		return err
	case <-s.store.Broken():
		return fmt.Errorf("serve: %w", s.store.Err())
	case err := <-s.standby.ended():
		return err
	case <-ctx.Done():
		return nil
	}
}

// Close stops accepting, lets what is under way finish, and closes the store
// last.
func (s *Server) Close() error {
	if s.store.Err() != nil {
		// Nothing can be finished any more, and what reads may never come back.
		s.end()
		return errors.Join(s.listener.Close(), s.socket.Close())
	}
	ctx, cancel := context.WithTimeout(context.Background(), waits.drain)
	defer cancel()
	return s.drain(ctx)
}

// drain is Close with another time to finish: until ctx ends.
func (s *Server) drain(ctx context.Context) error {
	s.standby.end()
	s.sayLeaving(ctx)
	err := s.app.Shutdown(ctx)
	// One that had not begun to serve has still the address.
	_ = s.listener.Close()
	s.end()
	s.pipeline.Close(ctx)
	s.wait.Wait()
	s.writeSources(context.WithoutCancel(ctx))
	return errors.Join(err, s.inFlight.Close(), s.socket.Close(), s.installation.Close())
}

// readiness is what /readyz tells.
type readiness struct {
	Ready    bool                `json:"ready"`
	Version  string              `json:"version"`
	Pending  int                 `json:"pending"`
	Sources  []sourceHealth      `json:"sources"`
	Channels []messengers.Health `json:"channels"`
	// Failing is what fails of all publishers, as failure.list tells it: at most mostFailing.
	Failing []failing `json:"failing,omitempty"`
	// Full are the channels that take no more asks, as publisher/channel.
	Full     []string        `json:"full,omitempty"`
	Problems string          `json:"problems,omitempty"`
	Store    string          `json:"store,omitempty"`
	Damaged  console.Damaged `json:"damaged"`
}

func (s *Server) ready(ctx context.Context, visibility web.Visibility) (any, bool) {
	r := s.lookReady(ctx)
	if !visibility.Blind() {
		r.Failing = s.listFailing(ctx, visibility.Publisher)
	}
	return r.seenBy(visibility), r.Ready
}

// lookReady returns what /readyz tells but for what fails.
func (s *Server) lookReady(ctx context.Context) readiness {
	r := readiness{Ready: s.room.Knows(), Version: releaseVersion(), Pending: s.pipeline.Unfinished(),
		Sources: publicHealth(s.cache.Health()), Channels: []messengers.Health{}, Damaged: s.countDamage()}
	loads := s.pipeline.Loads()
	r.Full = pipeline.Full(loads)
	for _, c := range s.channels.All() {
		h := c.Health()
		h.Silent = s.channels.Silent(c, s.clock())
		for _, load := range loads {
			if load.Publisher == c.Publisher && load.Channel == c.ID {
				h.Waiting = load.Waiting
			}
		}
		r.Channels = append(r.Channels, h)
	}
	if err := s.room.Problems(); err != nil {
		r.Problems = err.Error()
	}
	// What cannot be written down cannot be accepted.
	ctx, cancel := context.WithTimeout(ctx, waits.ready)
	defer cancel()
	_, err := s.store.Put(ctx, "ready", nil, store.Any)
	if err := errors.Join(err, s.store.Room()); err != nil {
		r.Ready, r.Store = false, err.Error()
	}
	return r
}
