package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"filippo.io/age"

	"keypull/pull/words"
)

// How often the newest half is replaced, and after how long it is too old.
const (
	newestEvery = 30 * time.Second
	newestLate  = 5 * time.Minute
)

// Options are what backups are made by.
type Options struct {
	Parts
	// To is where archives go, Newest where the newest half does.
	To, Newest Target
	// Recipient is whom they are encrypted to.
	Recipient age.Recipient
	// Every is how often an archive is made, Keep which are kept.
	Every  time.Duration
	Keep   Ladder
	Clock  func() time.Time
	Logger *slog.Logger
}

// Backups makes copies by a schedule. It is safe for concurrent use.
type Backups struct {
	Options

	newest, archive maker

	mu     sync.Mutex
	health Health // but for Why
}

// maker makes one of the halves: an archive may take minutes, in which the newest half is replaced
// all the same.
type maker struct {
	// making is held while it is made.
	making sync.Mutex
	// why is what failed last, zero where nothing did; Backups.mu guards it.
	why words.Text
}

// Health is how backups have been doing.
type Health struct {
	// Since is from when on they are made, by this process.
	Since time.Time
	// Archive and Newest are when those were made that there are; zero where there is none.
	Archive, Newest time.Time
	// Why is what failed last, zero where nothing did.
	Why words.Text
}

// Made is what was made by one call.
type Made struct {
	Archive string `json:"archive"`
	Bytes   int64  `json:"bytes"`
	Newest  string `json:"newest"`
	// NewestBytes is the size of the newest half.
	NewestBytes int64 `json:"newest_bytes"`
}

// New returns backups. Nothing is made, and nothing looked at, before a Run or Now.
func New(o Options) *Backups {
	return &Backups{Options: o, health: Health{Since: o.Clock()}}
}

// LastMade tells when the halves were made that there are, as far as both places can be looked at.
func LastMade(ctx context.Context, to, newest Target) (h Health, err error) {
	moments, err := momentsIn(ctx, to)
	if len(moments) > 0 {
		h.Archive = moments[len(moments)-1]
	}
	copies, failed := newest.ListCopies(ctx)
	for _, c := range copies {
		if c.Name == newestName {
			h.Newest = c.Written
		}
	}
	return h, errors.Join(err, failed)
}

// Health returns how backups have been doing.
func (b *Backups) Health() Health {
	b.mu.Lock()
	defer b.mu.Unlock()
	h := b.health
	if h.Why = b.newest.why; h.Why.IsZero() {
		h.Why = b.archive.why
	}
	return h
}

// Late says since when an archive or the newest half is older than it should be; zero where
// neither is.
func (h Health) Late(every time.Duration, now time.Time) time.Time {
	if since := h.lateSince(h.Newest, newestLate, now); !since.IsZero() {
		return since
	}
	return h.ArchiveLate(every, now)
}

// ArchiveLate is Late of the archive alone.
func (h Health) ArchiveLate(every time.Duration, now time.Time) time.Time {
	const spare = 10 * time.Minute
	return h.lateSince(h.Archive, every+every/2+spare, now)
}

// lateSince says since when what was made is older than most. Until this process had the time
// to make one, the one before may be old.
func (h Health) lateSince(made time.Time, most time.Duration, now time.Time) time.Time {
	if since := latest(made, h.Since).Add(most); now.After(since) {
		return since
	}
	return time.Time{}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// RunNewest replaces the newest half by the schedule until ctx ends.
func (b *Backups) RunNewest(ctx context.Context) { b.run(ctx, b.replaceNewest) }

// RunArchives makes archives by the schedule until ctx ends.
func (b *Backups) RunArchives(ctx context.Context) {
	b.lookBack(ctx)
	b.run(ctx, b.makeDue)
}

// run makes what is due, until ctx ends.
func (b *Backups) run(ctx context.Context, due func(context.Context) error) {
	tick := time.NewTicker(newestEvery)
	defer tick.Stop()
	for {
		if err := due(ctx); err != nil && ctx.Err() == nil {
			b.Logger.ErrorContext(ctx, "a backup could not be made; it is tried again", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// lookBack learns when the halves were made that there are.
func (b *Backups) lookBack(ctx context.Context) {
	made, _ := LastMade(ctx, b.To, b.Newest) // what can't be looked at is made, which tells why
	b.note(func(h *Health) {
		h.Archive, h.Newest = latest(h.Archive, made.Archive), latest(h.Newest, made.Newest)
	})
}

// replaceNewest makes the newest half, and notes how that went.
func (b *Backups) replaceNewest(ctx context.Context) error {
	_, err := b.makeNewest(ctx)
	b.noteResult(&b.newest, err)
	return err
}

// makeDue makes an archive where one is due, and notes how that went.
func (b *Backups) makeDue(ctx context.Context) (err error) {
	// One from a time to come was made while the clock was wrong.
	if age := b.Clock().Sub(b.Health().Archive); age >= b.Every || age < 0 {
		_, _, err = b.makeArchive(ctx)
	}
	b.noteResult(&b.archive, err)
	return err
}

func (b *Backups) noteResult(of *maker, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if of.why = (words.Text{}); err != nil {
		of.why = words.Said(err)
	}
}

// Now makes both halves at once.
func (b *Backups) Now(ctx context.Context) (m Made, err error) {
	if m.Archive, m.Bytes, err = b.makeArchive(ctx); err != nil {
		return m, err
	}
	m.Newest = b.Newest.PathOf(newestName)
	m.NewestBytes, err = b.makeNewest(ctx)
	return m, err
}

func (b *Backups) note(f func(*Health)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f(&b.health)
}

func (b *Backups) makeNewest(ctx context.Context) (int64, error) {
	b.newest.making.Lock()
	defer b.newest.making.Unlock()
	if err := b.Newest.CheckForgets(ctx); err != nil {
		return 0, err //nolint:wrapcheck // it is a sentence
	}
	now := b.Clock()
	n, err := b.Newest.WriteCopy(ctx, newestName, func(w io.Writer) error { return b.writeNewest(ctx, w, b.Recipient, now) })
	if err == nil {
		b.note(func(h *Health) { h.Newest = now })
	}
	return n, err //nolint:wrapcheck // it is a sentence
}

// makeArchive makes an archive, and removes those that are not kept.
func (b *Backups) makeArchive(ctx context.Context) (string, int64, error) {
	b.archive.making.Lock()
	defer b.archive.making.Unlock()
	now := b.Clock()
	name := archiveName(now)
	n, err := b.To.WriteCopy(ctx, name, func(w io.Writer) error { return b.writeArchive(ctx, w, b.Recipient, now) })
	if err == nil {
		b.note(func(h *Health) { h.Archive = now })
		err = b.prune(ctx)
	}
	return b.To.PathOf(name), n, err
}

// momentsIn returns when the archives of a place were made.
func momentsIn(ctx context.Context, t Target) (all []time.Time, err error) {
	copies, err := t.ListCopies(ctx)
	for _, c := range copies { // by name, which is by time
		if at, ok := archiveMoment(c.Name); ok {
			all = append(all, at)
		}
	}
	return all, err //nolint:wrapcheck // it is a sentence
}

func (b *Backups) prune(ctx context.Context) error {
	moments, err := momentsIn(ctx, b.To)
	if err != nil {
		return err
	}
	for _, at := range b.Keep.surplus(moments) {
		if err := b.To.RemoveCopy(ctx, archiveName(at)); err != nil {
			return fmt.Errorf("remove an archive: %w", err)
		}
	}
	return nil
}
