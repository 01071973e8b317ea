package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"keypull/cmd/keypull/config"
	"keypull/cmd/keypull/standby"
	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/pipeline"
	"keypull/pull/words"
	"keypull/web/console"
)

// standbyLink is what a server has to do with another machine that may take over, or that it has
// taken over from. All that a nil one does is nothing.
type standbyLink struct {
	primary *standby.Primary
	client  *outside.Client
	secret  string
	pair    string
	over    chan error // why nobody may be answered any more
	in      *installation
}

// newStandbyLink returns the link of an installation, nil where the configuration names no secret. A
// store that has met a higher epoch serves nobody.
func (in *installation) newStandbyLink(ctx context.Context) (*standbyLink, error) {
	epoch, err := standby.ReadEpoch(ctx, in.store)
	if err == nil {
		err = epoch.Superseded()
	}
	secret := in.config.Standby.Secret.Reveal()
	origin, ok := in.store.(standby.Origin)
	if err != nil || secret == "" || !ok {
		return nil, err
	}
	l := &standbyLink{client: newStandbyClient(in.logger), secret: secret, pair: in.ring.Pair(), over: make(chan error, 1), in: in}
	l.primary = standby.NewPrimary(standby.PrimaryOptions{
		Store: origin, Ring: in.ring, Withdrawn: in.withdrawn, Epoch: epoch, Version: releaseVersion(), Secret: secret,
		Wait: in.config.Standby.Wait, Superseded: l.supersede, Clock: in.clock, Logger: in.logger,
	})
	return l, nil
}

// newStandbyClient reaches the other machine, which stands in a private network as a rule.
func newStandbyClient(logger *slog.Logger) *outside.Client {
	everywhere := []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}
	return outside.New(outside.Options{AllowPrivate: everywhere, UserAgent: "keypull/" + releaseVersion(), Logger: logger})
}

// supersede ends the server, for good: another machine has taken over.
func (l *standbyLink) supersede(by uint64) {
	epoch := l.primary.Epoch
	epoch.By = by
	ctx, cancel := context.WithTimeout(context.Background(), waits.ready)
	defer cancel()
	err := errors.Join(epoch.Superseded(), epoch.Write(ctx, l.in.store))
	select {
	case l.over <- err:
	default:
	}
}

// ended tells why nobody may be answered any more.
func (l *standbyLink) ended() <-chan error {
	if l == nil {
		return nil
	}
	return l.over
}

func (l *standbyLink) end() {
	if l != nil {
		l.primary.End()
		l.client.Close()
	}
}

func (l *standbyLink) mount(at map[string]http.Handler) {
	if l != nil {
		at[standby.Root] = l.primary
	}
}

// mustTell says that a former primary has to be told that it is none any more.
func (l *standbyLink) mustTell() bool { return l != nil && l.primary.Epoch.Former != "" }

// tellFormer tells the former primary, again and again: it may come back at any time.
func (l *standbyLink) tellFormer(ctx context.Context) {
	const every = 5 * time.Second
	tick := time.NewTicker(every)
	defer tick.Stop()
	e := l.primary.Epoch
	for {
		asking, cancel := context.WithTimeout(ctx, every)
		_, err := standby.Ask(asking, l.client, e.Former, l.secret, &standby.Question{Version: releaseVersion(), Name: "promoted", Pair: l.pair, Epoch: e.Number})
		cancel()
		if standby.IsSuperseded(err) {
			l.in.logger.InfoContext(ctx, "the former primary was told that it is none any more, and answers nobody", "former", e.Former)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// waitingInbox has asks accepted once the standby has them.
func (l *standbyLink) waitingInbox(inbox pipeline.Inbox) pipeline.Inbox {
	if l == nil || l.primary.Wait <= 0 {
		return inbox
	}
	return standbyInbox{inbox, l.primary}
}

type standbyInbox struct {
	pipeline.Inbox
	primary *standby.Primary
}

// Accept implements pipeline.Inbox.
func (i standbyInbox) Accept(ctx context.Context, entries []pull.Entry) ([]pipeline.Accepted, error) {
	asked := 0
	for k := range entries {
		if entries[k].Kind == pull.Asked {
			asked++
		}
	}
	accepted, err := i.Inbox.Accept(ctx, entries)
	if err == nil && asked > 0 {
		i.primary.AwaitTaken(ctx, asked)
	}
	return accepted, err //nolint:wrapcheck // of the inbox
}

// standbyStatus is how the standby has been doing.
type standbyStatus struct {
	// Follows: it has everything that it may be promoted with, but for what is under way.
	Follows bool   `json:"follows"`
	Epoch   uint64 `json:"epoch"`
	// LagRecords and LagSeconds are how far it is behind.
	LagRecords uint64  `json:"lag_records"`
	LagSeconds float64 `json:"lag_s"`
	// Alone counts the asks that were accepted without it, since this start.
	Alone uint64 `json:"alone"`
	// Note says what a primary does that is only cut off.
	Note string `json:"note"`
}

// status returns how the standby has been doing; nil where none may follow.
func (l *standbyLink) status(language string) *standbyStatus {
	if l == nil {
		return nil
	}
	h := l.primary.Health()
	return &standbyStatus{Follows: h.Whole, Epoch: l.primary.Epoch.Number, LagRecords: h.Flushed - min(h.Taken, h.Flushed),
		LagSeconds: h.Lag(l.in.clock()).Seconds(), Alone: h.Alone, Note: words.Text{Key: "standby.cut_off"}.In(language)}
}

// late tells that the standby is away, or behind.
func (l *standbyLink) late(language string) []console.Failure {
	if l == nil {
		return nil
	}
	h := l.primary.Health()
	since := h.Late(l.in.clock())
	if since.IsZero() {
		return nil
	}
	said := words.Text{Key: "fails.standby_away"}
	if h.Alone > 0 {
		said = words.Text{Key: "fails.standby_alone", Args: words.Args{"n": int(h.Alone)}} //nolint:gosec // far from that many
	}
	return []console.Failure{{Resource: "standby", Code: "behind", Since: since, Good: h.CaughtUp, Text: said.In(language), Mend: console.MendOf("behind", language)}}
}

// newTaker returns what asks the keypull that works for its wrapping keys, or has it carry out commands.
func newTaker(c *config.Config, client *outside.Client) *standby.Taker {
	return &standby.Taker{Of: c.PeerAddress(), Secret: c.Standby.Secret.Reveal(), Version: releaseVersion(), KeyPath: c.Secrets.KeyFile, Client: client, Clock: time.Now}
}

// mountGiver has those that wait at the database get the wrapping keys, and commands of their machines carried out.
func (s *Server) mountGiver(at map[string]http.Handler) {
	if secret := s.config.Standby.Secret.Reveal(); secret != "" && s.config.StorePath() == "" {
		answer := func(ctx context.Context, asked []byte) []byte { return s.socket.Answer(ctx, asked) }
		at[standby.Root] = &standby.Giver{Ring: s.ring, Version: releaseVersion(), Secret: secret, Answer: answer, Clock: s.clock}
	}
}
