package pipeline

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"

	"keypull/pull"
	"keypull/pull/who"
	"keypull/pull/words"
)

// DefaultMemory is about how many bytes of readers and replies are held where
// Options says nothing.
const DefaultMemory = 48 << 20

// readerKept is how long a reader who asks nothing stays in memory.
const readerKept = 30 * time.Minute

// passingKept is for how long a question is open.
const passingKept = 10 * time.Minute

// What an entry costs beside the texts in it, roughly: that of a cache, and a
// document.
const (
	entryBytes    = 256
	documentBytes = 640
	replyBytes    = 192
	blockBytes    = 128
	itemBytes     = 16
	roomToGrow    = 512
)

// readers are the documents of those who asked lately. What the settler writes there
// is also in the ledger.
type readers struct {
	life      *life
	documents Documents
	editions  Editions
	cache     *otter.Cache[who.Key, *memory]
	// passing is what the next ask may be about of those of whom nothing may be kept; it is
	// nowhere else.
	passing *otter.Cache[who.Key, who.Passing]
	// naming is read-locked while a Later is accepted and not named yet.
	naming sync.RWMutex
}

// known is a reader's document as it was last written.
type known struct {
	reader   who.Reader
	revision uint64
}

// memory is the place of a reader's document in the cache: what is written
// there is seen without the cost of another entry.
type memory struct {
	atomic.Pointer[known]
	// weight is what the document was weighed at.
	weight uint32
}

// minutes is the clock of caches that let go of what has expired once a minute, where they
// would each second: a service that nobody asks has nothing to wake up for.
type minutes struct{}

// NowNano returns the time.
func (minutes) NowNano() int64 { return time.Now().UnixNano() }

// Tick ticks each minute, however often it is asked to.
func (minutes) Tick(time.Duration) <-chan time.Time { return time.Tick(time.Minute) }

// keptReaders holds readers' documents in half of so many bytes.
func keptReaders(bytes int) *otter.Cache[who.Key, *memory] {
	return otter.Must(&otter.Options[who.Key, *memory]{
		MaximumWeight:    uint64(max(bytes, 0)) / 2,
		Weigher:          func(key who.Key, m *memory) uint32 { return uint32(entryBytes+len(key)) + m.weight }, //nolint:gosec // a key is short
		ExpiryCalculator: otter.ExpiryAccessing[who.Key, *memory](readerKept),
		Clock:            minutes{},
	})
}

// keptPassing holds what the next asks may be about in a tenth of them, for as long as that is
// of use.
func keptPassing(bytes int) *otter.Cache[who.Key, who.Passing] {
	return otter.Must(&otter.Options[who.Key, who.Passing]{
		MaximumWeight: uint64(max(bytes, 0)) / 10,
		Weigher: func(key who.Key, p who.Passing) uint32 {
			r := who.Reader{Question: p.Question, Miss: p.Miss}
			if p.Last != nil {
				r.Recent = []who.Pull{*p.Last}
			}
			taps := 0
			for _, t := range p.Taps {
				taps += itemBytes*2 + len(t.Label) + len(t.Send)
			}
			return uint32(entryBytes+len(key)+taps) + documentWeight(r) //nolint:gosec // a key is short
		},
		ExpiryCalculator: otter.ExpiryWriting[who.Key, who.Passing](passingKept),
		Clock:            minutes{},
	})
}

// keepPassing leaves to a reader's next ask what it may be about.
func (rs *readers) keepPassing(key who.Key, p who.Passing) {
	if !p.IsZero() {
		rs.passing.Set(key, p)
	} else if _, there := rs.passing.GetIfPresent(key); there {
		rs.passing.Invalidate(key)
	}
}

// passingOf returns what a reader's ask before has left.
func (rs *readers) passingOf(key who.Key) who.Passing {
	p, _ := rs.passing.GetIfPresent(key)
	return p
}

// keptReplies holds the answers that were handed over in two fifths of them.
func keptReplies(bytes int) *otter.Cache[uint64, handed] {
	return otter.Must(&otter.Options[uint64, handed]{
		MaximumWeight: uint64(max(bytes, 0)) / 5 * 2,
		Weigher: func(_ uint64, h handed) uint32 {
			return uint32(entryBytes + len(h.reader) + sizeOfReply(h.reply)) //nolint:gosec // far below 4 GiB
		},
		ExpiryCalculator: otter.ExpiryWriting[uint64, handed](replyKept),
		Clock:            minutes{},
	})
}

// newMemory returns a place in memory for a document, weighed with room to grow.
func newMemory(k *known) *memory {
	m := &memory{weight: documentWeight(k.reader) + roomToGrow}
	m.Store(k)
	return m
}

// keepDocument writes a document in its place. One that has outgrown what it was weighed
// at leaves memory, and comes back with its true weight, as does what somebody else has read
// in the meantime.
func (rs *readers) keepDocument(key who.Key, m *memory, k *known) {
	m.Store(k)
	if held, there := rs.cache.GetIfPresent(key); there && held != m || documentWeight(k.reader) > m.weight {
		rs.cache.Invalidate(key)
	}
}

// documentWeight is about how much memory a document takes.
func documentWeight(r who.Reader) uint32 {
	n := documentBytes + len(r.Address) + len(r.Language) + len(r.TimeZone) + 8*(cap(r.Settled)+cap(r.Unsent))
	for _, p := range r.Recent {
		n += blockBytes + len(p.Keyword) + len(p.Argument) + 2*itemBytes*len(p.Items)
	}
	if q := r.Question; q != nil {
		n += blockBytes + len(q.Core)
		for _, o := range q.Options {
			n += blockBytes + len(o.Label) + len(o.Argument)
		}
	}
	for _, s := range r.Saved {
		n += blockBytes + len(s.Argument)
	}
	if r.Miss != nil {
		n += blockBytes + len(r.Miss.Core)
	}
	return uint32(n) //nolint:gosec // a document has at most 4 KiB
}

// sizeOfReply is about how much memory a reply takes.
func sizeOfReply(r *pull.Reply) int {
	if r == nil {
		return 0
	}
	n := replyBytes + len(r.Rest)
	for i := range r.Blocks {
		b := &r.Blocks[i]
		n += blockBytes + len(b.Text) + len(b.URL)
		for _, line := range b.Lines {
			n += itemBytes + len(line)
		}
		for _, f := range b.Facts {
			n += 2*itemBytes + len(f.Label) + len(f.Value)
		}
	}
	for _, b := range r.Buttons {
		n += blockBytes + len(b.Label) + len(b.Send) + len(b.URL)
	}
	for _, m := range r.Media {
		n += blockBytes + len(m.URL) + len(m.Alt)
	}
	return n
}

// readerOf returns where a reader's document is held in memory. What the
// settler writes there after somebody else has changed the document is not seen by
// anybody, since that somebody has taken the place out of the cache.
func (rs *readers) readerOf(key who.Key) (*memory, error) {
	if m, ok := rs.cache.GetIfPresent(key); ok {
		return m, nil
	}
	r, revision, err := rs.documents.Reader(rs.life.working, key)
	if err != nil {
		return nil, err
	}
	m, _ := rs.cache.SetIfAbsent(key, newMemory(&known{r, revision})) // another may have read it meanwhile
	return m, nil
}

// changeReader rewrites a reader's document, see Pipeline.Change.
func (rs *readers) changeReader(ctx context.Context, key who.Key, f func(who.Reader) who.Reader) error {
	for range settleTries {
		r, revision, err := rs.documents.Reader(ctx, key)
		if err != nil || revision == 0 {
			return err
		}
		_, err = rs.documents.Put(ctx, key, f(r), revision)
		rs.cache.Invalidate(key)
		if pull.KindOf(err) != pull.Conflict {
			return err
		}
	}
	return &pull.Error{Kind: pull.Conflict, Op: "change reader", Hint: words.Text{Key: "pipeline.reader_busy"}}
}

// moveReader has a group go on under another key, see Pipeline.Move.
func (rs *readers) moveReader(ctx context.Context, from, to who.Key) error {
	for range settleTries {
		former, known, err := rs.documents.Reader(ctx, from)
		if err != nil || known == 0 || from == to {
			return err
		}
		r, revision, err := rs.documents.Reader(ctx, to)
		if err != nil {
			return err
		}
		at := rs.life.clock()
		_, err = rs.documents.Put(ctx, to, r.Inherit(former).Called(from, at), revision)
		rs.cache.Invalidate(to)
		if err == nil {
			return rs.changeReader(ctx, from, func(r who.Reader) who.Reader { return r.Called(to, at) })
		}
		if pull.KindOf(err) != pull.Conflict {
			return err
		}
	}
	return &pull.Error{Kind: pull.Conflict, Op: "move group", Hint: words.Text{Key: "pipeline.group_busy"}}
}

// withAliases returns an ask with the other names of its reader; the ask itself if they cannot
// be read now.
func (rs *readers) withAliases(a pull.Ask) pull.Ask {
	m, err := rs.readerOf(a.Reader)
	if err != nil {
		return a
	}
	if r := m.Load().reader; len(r.Names) > 0 {
		a.Aliases = append(slices.Clip(a.Aliases), r.Aliases(a.At)...)
	}
	return a
}

// awaitNaming waits until each Later that was accepted is named in its document.
func (rs *readers) awaitNaming() {
	rs.naming.Lock()
	rs.naming.Unlock() //nolint:staticcheck,gocritic // it waits for those who hold it
}

// isAnonymous reports whether nothing of the ask may be kept but its id. Where
// that cannot be known, nobody has agreed.
func (rs *readers) isAnonymous(a pull.Ask) bool {
	e := rs.editions.Edition(a.Publisher)
	if e == nil || e.UnderAge {
		return true
	}
	if channel, ok := e.Channels[a.Channel]; ok && channel.Consent == "" {
		return false
	}
	m, err := rs.readerOf(a.Reader)
	return err != nil || !m.Load().reader.Consent.Given
}

// isLeaving reports whether a reader wants all to go that is held of them, as it is written
// down: what is in memory may be of a moment before.
func (rs *readers) isLeaving(key who.Key) (bool, error) {
	return rs.documents.Leaving(rs.life.working, key) //nolint:wrapcheck // it is told to the log alone
}

// markGone notes that the platform refused the reader for good.
func (rs *readers) markGone(a pull.Ask) {
	at := rs.life.clock()
	if err := rs.changeReader(rs.life.working, a.Reader, func(r who.Reader) who.Reader { return r.Leave(at) }); err != nil {
		rs.life.logger.Error("a reader who is gone could not be marked", "publisher", a.Publisher, "channel", a.Channel, "ask", a.ID, "error", err)
	}
}
