package email

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"keypull/pull"
	"keypull/web/messengers"
)

const (
	firstBackoff = 500 * time.Millisecond
	lastBackoff  = time.Minute
	// idleAtOnce is for how long a server is asked to tell of letters at once;
	// lookEvery is how often one is asked that can't.
	idleAtOnce = 9 * time.Minute
	lookEvery  = 20 * time.Second
	// firstLook is how old a letter may be that is answered when the mailbox is
	// read for the first time; changedLook when all its numbers are new.
	firstLook   = time.Hour
	changedLook = 24 * time.Hour
	// batch is how many letters are read at a time; readWithin for how long.
	batch      = 10
	readWithin = 3 * time.Minute
)

var (
	errLogin  = errors.New("email: the mailbox can't be signed in to")
	errFolder = errors.New("email: there is no such folder")
	errSubmit = errors.New("email: answers can't be handed in")
)

// Listen reads the mailbox until ctx ends. It returns early only where the
// account is refused.
func (r *reader) Listen(ctx context.Context, accept func(context.Context, messengers.Receipt) error) error {
	wait := firstBackoff
	for ctx.Err() == nil {
		began := time.Now()
		err := r.session(ctx, accept)
		switch {
		case ctx.Err() != nil:
		case errors.Is(err, errLogin):
			return r.refusedBy(err, "imap")
		case errors.Is(err, errSubmit):
			return r.refusedBy(err, "smtp")
		default:
			r.logger.Warn("reading the mailbox was interrupted", "error", err, "again_in", wait.String())
		}
		pause(ctx, time.Duration(float64(wait)*(0.5+rand.Float64()/2))) //nolint:gosec // it spreads load
		if wait = min(2*wait, lastBackoff); time.Since(began) > lastBackoff {
			wait = firstBackoff
		}
	}
	return ctx.Err()
}

// mailboxView is a folder that is being read.
type mailboxView struct {
	*imapclient.Client
	conn     net.Conn
	validity uint32
	next     imap.UID
}

func (m *mailboxView) end() { _ = m.Close() }

// look opens the folder; news hears of new letters.
func (a *account) look(ctx context.Context, news chan<- struct{}) (*mailboxView, error) {
	conn, err := a.dial(ctx, a.imap)
	if err != nil {
		return nil, err
	}
	release := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer release()
	_ = conn.SetDeadline(time.Now().Add(commandTimeout))
	options := &imapclient.Options{TLSConfig: a.client.TLS(a.imap.host), UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(of *imapclient.UnilateralDataMailbox) {
			if of.NumMessages == nil {
				return
			}
			select {
			case news <- struct{}{}:
			default:
			}
		},
	}}
	var client *imapclient.Client
	if a.imap.tls == startTLS {
		client, err = imapclient.NewStartTLS(conn, options)
	} else {
		client = imapclient.New(conn, options)
		err = client.WaitGreeting()
	}
	if err != nil {
		_ = conn.Close()
		return nil, away(err)
	}
	if err := a.signIn(client); err != nil {
		_ = client.Close()
		return nil, err
	}
	selected, err := client.Select(a.Folder, nil).Wait()
	if err != nil {
		_ = client.Close()
		if no(err) {
			return nil, fmt.Errorf("%w: %s", errFolder, a.Folder)
		}
		return nil, away(err)
	}
	return &mailboxView{Client: client, conn: conn, validity: selected.UIDValidity, next: selected.UIDNext}, nil
}

func (a *account) signIn(client *imapclient.Client) error {
	if a.Username == "" || client.State() == imap.ConnStateAuthenticated {
		return nil
	}
	err := client.Login(a.Username, a.Password.Reveal()).Wait()
	var said *imap.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &said) && said.Type == imap.StatusResponseTypeNo && said.Code != imap.ResponseCodeUnavailable &&
		said.Code != imap.ResponseCodeInUse && said.Code != imap.ResponseCodeLimit && said.Code != imap.ResponseCodeServerBug:
		return fmt.Errorf("%w: %s", errLogin, strings.ReplaceAll(oneLine(said.Text), a.Password.Reveal(), "…"))
	}
	return away(err)
}

func no(err error) bool {
	var said *imap.Error
	return errors.As(err, &said) && said.Type == imap.StatusResponseTypeNo
}

func away(err error) error {
	return &pull.Error{Kind: pull.Unavailable, Op: "IMAP", Hint: own.Text("away", nil), Err: err}
}

// session reads the folder for as long as the connection lasts.
func (a *account) session(ctx context.Context, accept func(context.Context, messengers.Receipt) error) error {
	// What could not be answered is not fetched: it stays unread for whoever looks.
	var refused *messengers.SendError
	if err := a.admitted(ctx); err != nil && errors.As(a.fault(err), &refused) && refused.Fault == messengers.TokenInvalid {
		return fmt.Errorf("%w: %w", errSubmit, err)
	}
	news := a.done.news
	m, err := a.look(ctx, news)
	if err != nil {
		return err
	}
	defer m.end()
	release := context.AfterFunc(ctx, func() { _ = m.conn.Close() })
	defer release()
	last, err := a.begin(ctx, m)
	if err != nil {
		return err
	}
	// What came between reading and being told of news is told by no server that
	// has told its number already: a second look follows soon.
	idle := lookEvery
	for ctx.Err() == nil {
		_ = m.conn.SetDeadline(time.Now().Add(readWithin))
		before := last
		if last, err = a.readFrom(ctx, m, last, accept); err != nil {
			return err
		}
		if err := a.markDone(m); err != nil {
			return err
		}
		if last != before {
			idle = lookEvery
		}
		if err := m.wait(ctx, news, idle); err != nil {
			return away(err)
		}
		idle = idleAtOnce
	}
	return ctx.Err()
}

// wait returns when there may be new letters.
func (m *mailboxView) wait(ctx context.Context, news <-chan struct{}, atMost time.Duration) error {
	if !m.Caps().Has(imap.CapIdle) {
		select {
		case <-news:
		case <-time.After(lookEvery):
		case <-ctx.Done():
		}
		return m.Noop().Wait()
	}
	_ = m.conn.SetDeadline(time.Now().Add(atMost + commandTimeout))
	// Servers tell of what came while we read with the next command alone.
	if err := m.Noop().Wait(); err != nil {
		return err
	}
	idle, err := m.Idle()
	if err != nil {
		return err
	}
	ended := time.NewTimer(atMost)
	defer ended.Stop()
	select {
	case <-news:
	case <-ended.C:
	case <-ctx.Done():
	case <-m.Closed():
	}
	if err := idle.Close(); err != nil {
		return err
	}
	return idle.Wait()
}

// begin returns the number of the last letter that was taken. Of a mailbox that
// was never read, or whose numbers are new, letters count that nobody has seen
// yet and that are young.
func (a *account) begin(ctx context.Context, m *mailboxView) (imap.UID, error) {
	kept, err := a.place.Load(ctx)
	if err != nil {
		return 0, fmt.Errorf("email: where the mailbox was left: %w", err)
	}
	validity, last, _ := strings.Cut(string(kept), ":")
	if uid, err := strconv.ParseUint(last, 10, 32); err == nil && validity == strconv.FormatUint(uint64(m.validity), 10) {
		return imap.UID(uid), nil
	}
	age := firstLook
	if validity != "" {
		age = changedLook
	}
	since := a.clock().Add(-age)
	found, err := m.UIDSearch(&imap.SearchCriteria{NotFlag: []imap.Flag{imap.FlagSeen}, Since: since.AddDate(0, 0, -1)}, nil).Wait()
	if err != nil {
		return 0, away(err)
	}
	first := m.next
	if uids := found.AllUIDs(); len(uids) > 0 {
		dates, err := m.Fetch(imap.UIDSetNum(uids...), &imap.FetchOptions{UID: true, InternalDate: true}).Collect()
		if err != nil {
			return 0, away(err)
		}
		for _, d := range dates {
			if d.UID < first && d.InternalDate.After(since) {
				first = d.UID
			}
		}
	}
	return max(first, 1) - 1, a.keep(ctx, m, max(first, 1)-1)
}

func (a *account) keep(ctx context.Context, m *mailboxView, last imap.UID) error {
	if err := a.place.Keep(ctx, fmt.Appendf(nil, "%d:%d", m.validity, last)); err != nil {
		return fmt.Errorf("email: keep where the mailbox was left: %w", err)
	}
	return nil
}

// readFrom takes the letters behind the last one, some at a time: each batch is
// stored before the mailbox is told, and before the place moves on.
func (a *account) readFrom(ctx context.Context, m *mailboxView, last imap.UID, accept func(context.Context, messengers.Receipt) error) (imap.UID, error) {
	found, err := m.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{{{Start: last + 1, Stop: 0}}}}, nil).Wait()
	if err != nil {
		return last, away(err)
	}
	var uids []imap.UID
	for _, uid := range found.AllUIDs() {
		if uid > last { // of "n:*" the last letter is always one
			uids = append(uids, uid)
		}
	}
	for len(uids) > 0 {
		some := uids[:min(len(uids), batch)]
		uids = uids[len(some):]
		all, settled, err := a.fetch(m, imap.UIDSetNum(some...))
		if err != nil {
			return last, away(err)
		}
		if len(all.Asks) > 0 || len(all.Events) > 0 {
			if err := accept(ctx, all); err != nil {
				return last, fmt.Errorf("store letters: %w", err)
			}
		}
		last = some[len(some)-1]
		if err := a.keep(ctx, m, last); err != nil {
			return last, err
		}
		if err := m.seen(settled); err != nil {
			return last, err
		}
	}
	return last, nil
}

// seen marks letters as read.
func (m *mailboxView) seen(uids []imap.UID) error {
	if len(uids) == 0 {
		return nil
	}
	flag := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagSeen}}
	if err := m.Store(imap.UIDSetNum(uids...), flag, nil).Close(); err != nil && !no(err) {
		return away(err)
	}
	return nil
}

// fetch reads letters, each to its limit. Those that nobody will answer are dealt
// with already.
func (a *account) fetch(m *mailboxView, uids imap.UIDSet) (all messengers.Receipt, settled []imap.UID, err error) {
	whole := &imap.FetchItemBodySection{Peek: true, Partial: &imap.SectionPartial{Size: maxLetter}}
	command := m.Fetch(uids, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{whole}})
	defer func() {
		if closed := command.Close(); err == nil {
			err = closed
		}
	}()
	for letter := command.Next(); letter != nil; letter = command.Next() {
		uid, raw, err := bytesOf(letter)
		if err != nil {
			return all, settled, err
		}
		if raw == nil {
			continue // another program marked one
		}
		r := a.understand(raw)
		for i := range r.Asks {
			r.Asks[i].Mark = m.mark(uid)
		}
		if len(r.Asks) == 0 {
			settled = append(settled, uid)
		}
		all.Asks, all.Events = append(all.Asks, r.Asks...), append(all.Events, r.Events...)
	}
	return all, settled, nil
}

// bytesOf reads the number and the bytes of one letter.
func bytesOf(letter *imapclient.FetchMessageData) (uid imap.UID, raw []byte, err error) {
	for item := letter.Next(); item != nil; item = letter.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			uid = item.UID
		case imapclient.FetchItemDataBodySection:
			if item.Literal == nil {
				continue
			}
			if raw, err = io.ReadAll(io.LimitReader(item.Literal, maxLetter)); err != nil {
				return uid, raw, err
			}
		}
	}
	return uid, raw, nil
}
