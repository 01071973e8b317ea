package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"time"

	"keypull/cmd/keypull/config"
	"keypull/cmd/keypull/forward"
	"keypull/cmd/keypull/machine"
	"keypull/pull/words"
	"keypull/store"
)

// newUnready returns a server of a process that answers nobody yet: it lives, and is not ready.
// What else it tells of itself can be added.
func newUnready(more func() map[string]any) (*http.Server, *http.ServeMux) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		told := map[string]any{"ready": false, "version": releaseVersion()}
		maps.Copy(told, more())
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusServiceUnavailable)
		_ = json.NewEncoder(w).Encode(told)
	})
	const patience = 10 * time.Second
	return &http.Server{Handler: mux, ReadTimeout: patience, WriteTimeout: patience, IdleTimeout: time.Minute, MaxHeaderBytes: 8 << 10,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)}, mux
}

// openDatabase takes the address and opens a store that is a database. While another process works
// on it, it waits, until ctx ends, and forwards what comes to the address.
func (in *installation) openDatabase(ctx context.Context, o *ServerOptions) (net.Listener, error) {
	address := in.config.Server.Listen
	ln, err := listen(ctx, address)
	if err != nil {
		return nil, takenError(address, err)
	}
	in.node = in.describeNode(ln.Addr())
	if in.node.Config, err = in.config.Digest(allKinds()); err != nil {
		return nil, errors.Join(err, ln.Close())
	}
	in.waits = func(works store.Node, sayConfig func(string)) error {
		if in.forwarding == nil {
			if in.forwarding, err = startForwarding(ln, in.logger); err != nil {
				return err
			}
			in.logger.InfoContext(ctx, "waiting", "for", "the end of the keypull that works on the database, to which it forwards what comes", "url", config.PublicURL(ln.Addr().String()), "version", releaseVersion())
		}
		in.forwarding.SetNode(in.reachableNode(works))
		if o.Waiting != nil {
			o.Waiting(ln.Addr().String())
		}
		select {
		case <-o.HungUp:
			in.readWaiting(ctx, o, sayConfig)
		default:
		}
		return ctx.Err()
	}
	err = in.openStore(context.WithoutCancel(ctx), o.Anew)
	if in.forwarding == nil {
		if err != nil {
			return nil, errors.Join(err, ln.Close())
		}
		return ln, nil
	}
	if err != nil {
		in.forwarding.Close()
		return nil, errors.Join(err, ln.Close())
	}
	in.logger.InfoContext(ctx, "nobody works on the database any more: this keypull does")
	if ln, err = in.forwarding.giveBack(store.Node{ID: in.ownHandle(), URL: config.PublicURL(ln.Addr().String()), Pass: in.node.Pass}); err != nil {
		in.forwarding.Close()
		return nil, errors.Join(takenError(address, err), in.closeStore())
	}
	return ln, nil
}

// forwarding is what a node that waits does with what comes.
type forwarding struct {
	*forward.Forwarder
	lent   *forward.Lent
	server *http.Server
	served chan struct{}
}

// startForwarding forwards what comes to an address until giveBack.
func startForwarding(ln net.Listener, logger *slog.Logger) (*forwarding, error) {
	tcp, ok := ln.(*net.TCPListener)
	if !ok {
		return nil, fmt.Errorf("forward what comes to %s: it is a %T", ln.Addr(), ln)
	}
	const ready = 2 * time.Second // who asks for it asks again
	f := &forwarding{
		Forwarder: forward.New(forward.Options{Version: releaseVersion(), Patience: waits.forward, Ready: ready, Transport: newStandbyClient(logger).Transport(), Logger: logger}),
		lent:      &forward.Lent{TCPListener: tcp}, served: make(chan struct{}),
	}
	f.server = f.Server()
	go func() {
		defer close(f.served)
		_ = f.server.Serve(f.lent) // until it is closed
	}()
	return f, nil
}

// giveBack returns the address to who works from now on. What is under way is forwarded there until awaitConnections ends.
func (f *forwarding) giveBack(to store.Node) (net.Listener, error) {
	err := f.lent.Close()
	<-f.served
	f.SetNode(to)
	ln, again := f.lent.TakeBack()
	return ln, errors.Join(err, again)
}

// awaitConnections lets what was under way when the address was given back be answered, and connections that are
// kept open be left by who keeps them, until ctx ends.
func (f *forwarding) awaitConnections(ctx context.Context) {
	f.EndConnections()
	<-ctx.Done()
	f.Forwarder.Close() // whoever could answer has ended, or had long enough
	f.Close()
}

// Close lets what is under way be answered, in the time that a server has for that, and ends.
func (f *forwarding) Close() {
	f.EndStreams()
	ctx, cancel := context.WithTimeout(context.Background(), waits.drain)
	defer cancel()
	_ = f.server.Shutdown(ctx) // what has not ended by then is cut
	_ = f.server.Close()
	f.Forwarder.Close()
	<-f.served
}

// readWaiting reads the configuration again in a process that waits, as Server.takeConfig does in one
// that works.
func (in *installation) readWaiting(ctx context.Context, o *ServerOptions, sayConfig func(string)) {
	c, found := o.Reload()
	var err error
	if c != nil && found.Errors() == 0 {
		found, err = c.NeedsRestart(in.config)
	}
	digest := ""
	if c != nil && len(found) == 0 && err == nil {
		digest, err = c.Digest(allKinds())
	}
	refuseFindings(in.logger, found)
	switch {
	case err != nil:
		in.logger.ErrorContext(ctx, "the configuration could not be read again", "error", err)
	case digest != "":
		c.Forget()
		*in.config, in.node.Config = *c, digest
		sayConfig(digest)
		if o.Level != nil {
			o.Level.Set(c.Log.Slog())
		}
		in.logger.InfoContext(ctx, "read the configuration again, and goes on waiting", "level", c.Log.Level)
	}
}

// takenError says that an address can't be had.
func takenError(address string, err error) error {
	return words.Fail(err, "cli.listen", words.Args{"address": address, "reason": words.Said(err)})
}

// tryAddress returns why a server can't listen at an address now.
func tryAddress(ctx context.Context, address string) error {
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return takenError(address, err)
	}
	_ = ln.Close() // it was tried
	return nil
}

// tellWaiting returns what tells a supervisor that a process which waits is alive.
func tellWaiting(by machine.Supervisor) func(string) {
	var told time.Time
	return func(string) {
		if told.IsZero() {
			_ = by.Tell("READY=1") // who can't be told takes it for stuck
			told = time.Now()
		}
		if by.Every() > 0 && time.Since(told) >= by.Every() {
			told = time.Now()
			_ = by.Tell("WATCHDOG=1")
		}
	}
}
