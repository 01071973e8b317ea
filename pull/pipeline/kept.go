package pipeline

import (
	"time"

	"github.com/maypok86/otter/v2"

	"keypull/pull"
	"keypull/pull/who"
)

// DefaultMemory is about how many bytes of readers and replies are held where
// Options says nothing.
const DefaultMemory = 48 << 20

// readerKept is how long a reader who asks nothing stays in memory.
const readerKept = 30 * time.Minute

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

// keptReaders holds readers' documents in three quarters of so many bytes.
func keptReaders(bytes int) *otter.Cache[who.Key, *memory] {
	return otter.Must(&otter.Options[who.Key, *memory]{
		MaximumWeight:    uint64(max(bytes, 0)) / 4 * 3,
		Weigher:          func(key who.Key, m *memory) uint32 { return uint32(entryBytes+len(key)) + m.weight }, //nolint:gosec // a key is short
		ExpiryCalculator: otter.ExpiryAccessing[who.Key, *memory](readerKept),
	})
}

// keptReplies holds the answers that were handed over in a quarter of them.
func keptReplies(bytes int) *otter.Cache[uint64, handed] {
	return otter.Must(&otter.Options[uint64, handed]{
		MaximumWeight: uint64(max(bytes, 0)) / 4,
		Weigher: func(_ uint64, h handed) uint32 {
			return uint32(entryBytes + len(h.reader) + sizeOfReply(h.reply)) //nolint:gosec // far below 4 GiB
		},
		ExpiryCalculator: otter.ExpiryWriting[uint64, handed](replyKept),
	})
}

// recall returns a place in memory for a document, weighed with room to grow.
func recall(k *known) *memory {
	m := &memory{weight: weigh(k.reader) + roomToGrow}
	m.Store(k)
	return m
}

// keep writes a document in its place. One that has outgrown what it was weighed
// at leaves memory, and comes back with its true weight.
func (l *Pipeline) keep(key who.Key, m *memory, k *known) {
	m.Store(k)
	if weigh(k.reader) > m.weight {
		l.readers.Invalidate(key)
	}
}

// weigh is about how much memory a document takes.
func weigh(r who.Reader) uint32 {
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
