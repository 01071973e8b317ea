package email

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/web/messengers"
)

const (
	lastBackoff = time.Minute
	// idleAtOnce is for how long a server is asked to tell of letters at once;
	// lookEvery is how often one is asked that can't.
	idleAtOnce = 9 * time.Minute
	lookEvery  = 20 * time.Second
	// firstLook is how old a letter may be that is answered when the mailbox is
	// read for the first time; changedLook when all its numbers are new.
	firstLook   = time.Hour
	changedLook = 24 * time.Hour
	// batch is how many letters are read at a time, each with its files; readWithin for how long.
	batch      = 3
	readWithin = 3 * time.Minute
)

var (
	errLogin  = errors.New("email: the mailbox can't be signed in to")
	errFolder = errors.New("email: there is no such folder")
	errMoved  = errors.New("email: the folder is another one now")
	errSubmit = errors.New("email: answers can't be handed in")
)

// Listen reads the mailbox until ctx ends. It returns early only where the
// account is refused.
func (r *reader) Listen(ctx context.Context, accept func(context.Context, messengers.Receipt) error) error {
	return messengers.Fetching{Longest: lastBackoff, Random: r.random, Logger: r.logger, Failed: "reading the mailbox was interrupted", Ends: func(err error) error {
		switch {
		case errors.Is(err, errLogin):
			return r.refusedBy(err, "imap")
		case errors.Is(err, errSubmit):
			return r.refusedBy(err, "smtp")
		}
		return nil
	}}.Run(ctx, func(ctx context.Context) error { return r.session(ctx, accept) })
}

// mailboxView is a folder that is being read.
type mailboxView struct {
	*imapclient.Client
	conn     net.Conn
	validity uint32
	next     imap.UID
}

func (m *mailboxView) end() { _ = m.Close() }

// look opens the folder; who reads it hears of new letters.
func (a *account) look(ctx context.Context) (*mailboxView, error) {
	conn, err := a.dial(ctx, a.imap)
	if err != nil {
		return nil, err
	}
	release := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer release()
	_ = conn.SetDeadline(time.Now().Add(commandTimeout))
	options := &imapclient.Options{TLSConfig: a.client.TLS(a.imap.host), UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(of *imapclient.UnilateralDataMailbox) {
			if of.NumMessages != nil {
				a.done.wake()
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
		return nil, away("IMAP", err)
	}
	if err := a.signIn(client); err != nil {
		_ = client.Close()
		return nil, err
	}
	selected, err := a.openFolder(client)
	if err != nil {
		_ = client.Close()
		return nil, err
	}
	return &mailboxView{Client: client, conn: conn, validity: selected.UIDValidity, next: selected.UIDNext}, nil
}

func (a *account) openFolder(client *imapclient.Client) (*imap.SelectData, error) {
	selected, err := client.Select(a.Folder, nil).Wait()
	switch {
	case no(err) != nil:
		return nil, fmt.Errorf("%w: %s", errFolder, a.Folder)
	case err != nil:
		return nil, away("IMAP", err)
	}
	return selected, nil
}

// renewed opens the folder again: a connection goes on showing one that was renamed, while
// letters come into another of its name.
func (a *account) renewed(m *mailboxView) error {
	selected, err := a.openFolder(m.Client)
	if err == nil && selected.UIDValidity != m.validity {
		return away("IMAP", errMoved)
	}
	return err
}

func (a *account) signIn(client *imapclient.Client) error {
	if a.Username == "" || client.State() == imap.ConnStateAuthenticated {
		return nil
	}
	err := client.Login(a.Username, a.Password.Reveal()).Wait()
	passing := []imap.ResponseCode{imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeLimit, imap.ResponseCodeServerBug}
	if said := no(err); said != nil && !slices.Contains(passing, said.Code) {
		return fmt.Errorf("%w: %s", errLogin, strings.ReplaceAll(oneLine(said.Text), a.Password.Reveal(), "…"))
	}
	if err != nil {
		return away("IMAP", err)
	}
	return nil
}

// no returns what the server said where it said no, else nil.
func no(err error) *imap.Error {
	var said *imap.Error
	if errors.As(err, &said) && said.Type == imap.StatusResponseTypeNo {
		return said
	}
	return nil
}

func away(command string, err error) error {
	return &pull.Error{Kind: pull.Unavailable, Op: command, Hint: own.Text("away", nil), Err: err}
}

// session reads the folder for as long as the connection lasts.
func (a *account) session(ctx context.Context, accept func(context.Context, messengers.Receipt) error) error {
	// What could not be answered is not fetched: it stays unread for whoever looks.
	var refused *messengers.SendError
	if err := a.admitted(ctx); err != nil && errors.As(a.fault(err), &refused) && refused.Fault == messengers.TokenInvalid {
		return fmt.Errorf("%w: %w", errSubmit, err)
	}
	m, err := a.look(ctx)
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
		if err := m.wait(ctx, a.done.news, idle); err != nil {
			return away("IMAP", err)
		}
		idle = idleAtOnce
		if err := a.renewed(m); err != nil {
			return err
		}
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
	if uid, ok := m.marked(string(kept)); ok {
		return uid, nil
	}
	age := firstLook
	if len(kept) > 0 {
		age = changedLook
	}
	since := a.clock().Add(-age)
	found, err := m.UIDSearch(&imap.SearchCriteria{NotFlag: []imap.Flag{imap.FlagSeen}, Since: since.AddDate(0, 0, -1)}, nil).Wait()
	if err != nil {
		return 0, away("IMAP", err)
	}
	first := m.next
	if uids := found.AllUIDs(); len(uids) > 0 {
		dates, err := m.Fetch(imap.UIDSetNum(uids...), &imap.FetchOptions{UID: true, InternalDate: true}).Collect()
		if err != nil {
			return 0, away("IMAP", err)
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
	if err := a.place.Keep(ctx, []byte(m.mark(last))); err != nil {
		return fmt.Errorf("email: keep where the mailbox was left: %w", err)
	}
	return nil
}

// readFrom takes the letters behind the last one, some at a time: each batch is
// stored before the mailbox is told, and before the place moves on.
func (a *account) readFrom(ctx context.Context, m *mailboxView, last imap.UID, accept func(context.Context, messengers.Receipt) error) (imap.UID, error) {
	found, err := m.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{{{Start: last + 1, Stop: 0}}}}, nil).Wait()
	if err != nil {
		return last, away("IMAP", err)
	}
	// Of "n:*" the last letter is always one.
	uids := slices.DeleteFunc(found.AllUIDs(), func(uid imap.UID) bool { return uid <= last })
	for some := range slices.Chunk(uids, batch) {
		all, settled, err := a.fetch(m, imap.UIDSetNum(some...))
		if err != nil {
			return last, away("IMAP", err)
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
	if err := m.Store(imap.UIDSetNum(uids...), flag, nil).Close(); err != nil && no(err) == nil {
		return away("IMAP", err)
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

// server is where one protocol is spoken, and how.
type server struct{ host, address, tls string }

var errNoServer = errors.New("email: a server is named by its host, with or without a port")

// placeOf reads a server's address; a scheme before it is passed over.
func placeOf(written, port, way string) (server, error) {
	if _, rest, ok := strings.Cut(written, "://"); ok {
		written = rest
	}
	written = strings.TrimSuffix(written, "/")
	host := strings.Trim(written, "[]")
	if h, p, err := net.SplitHostPort(written); err == nil {
		host, port = h, p
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil || number == 0 || host == "" || strings.ContainsAny(host, "/?#@ \t\r\n[]") {
		return server{}, errNoServer
	}
	if way == byPort || way == "" {
		way = implicit
		if slices.Contains([]string{"25", "143", "587", "2525"}, port) {
			way = startTLS
		}
	}
	return server{host, net.JoinHostPort(host, port), way}, nil
}

// ports are those of public servers of mail.
var ports = []uint16{25, 143, 465, 587, 993, 2525}

// dial connects by the guard of every request, and ends the connection with ctx:
// the libraries behind it know none.
func (a *account) dial(ctx context.Context, s server) (net.Conn, error) {
	conn, err := a.client.Dialer(ports...)(ctx, "tcp", s.address)
	var refused *outside.Error
	switch {
	case errors.As(err, &refused):
		return nil, refused
	case err != nil:
		return nil, away("connect", err)
	}
	if s.tls == inClear && !outside.Near(conn) {
		_ = conn.Close()
		return nil, &outside.Error{Reason: outside.Refused, Host: s.host, Hint: own.Text("in_clear", nil)}
	}
	if s.tls != implicit {
		return conn, nil
	}
	secured := tls.Client(conn, a.client.TLS(s.host))
	if err := secured.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("email: %s: %w", s.host, err)
	}
	return secured, nil
}

// done are letters that have been dealt with and are not marked as read yet.
type done struct {
	mu    sync.Mutex
	marks []string
	// news wakes whoever reads the mailbox.
	news chan struct{}
}

// mostDone is how many wait to be marked; what is beyond stays unread.
const mostDone = 10_000

// mark names a letter of the mailbox: its number, and that of the numbering.
func (m *mailboxView) mark(uid imap.UID) string {
	return fmt.Sprintf("%d:%d", m.validity, uid)
}

// marked returns the letter that a mark names, or false if its numbers are those of
// another numbering.
func (m *mailboxView) marked(mark string) (imap.UID, bool) {
	validity, number, _ := strings.Cut(mark, ":")
	uid, err := strconv.ParseUint(number, 10, 32)
	return imap.UID(uid), err == nil && validity == strconv.FormatUint(uint64(m.validity), 10)
}

// Done has a letter marked as read: its answer left, or is a dead letter.
func (r *reader) Done(mark string) {
	r.done.mu.Lock()
	defer r.done.mu.Unlock()
	if len(r.done.marks) < mostDone {
		r.done.marks = append(r.done.marks, mark)
	}
	r.done.wake()
}

// wake has whoever reads the mailbox look into it.
func (d *done) wake() {
	select {
	case d.news <- struct{}{}:
	default:
	}
}

// markDone marks as read what has been dealt with.
func (a *account) markDone(m *mailboxView) error {
	a.done.mu.Lock()
	marks := a.done.marks
	a.done.marks = nil
	a.done.mu.Unlock()
	var uids []imap.UID
	for _, mark := range marks {
		if uid, ok := m.marked(mark); ok {
			uids = append(uids, uid)
		}
	}
	err := m.seen(uids)
	if err != nil {
		a.done.mu.Lock()
		a.done.marks = append(marks, a.done.marks...)
		a.done.mu.Unlock()
	}
	return err
}
