package pipeline

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/who"
)

func TestReadersAreHeldInSoManyBytesHoweverManyTheyAre(t *testing.T) {
	const bytes = 1 << 20
	readers := keptReaders(bytes)
	defer readers.StopAllGoroutines()
	for i := range 20_000 {
		readers.Set(who.Key(fmt.Sprintf("lecker.%d", i)), newMemory(&known{reader: who.Reader{Address: strings.Repeat("a", i%100)}}))
	}
	readers.CleanUp()
	if got := readers.WeightedSize(); got > bytes {
		t.Errorf("readers weigh %d bytes of %d", got, bytes)
	}
	if n := readers.EstimatedSize(); n == 0 || n > bytes/(entryBytes+documentBytes) {
		t.Errorf("%d readers are held", n)
	}
}

func TestRepliesAreHeldInSoManyBytesHoweverLongTheyAre(t *testing.T) {
	const bytes = 1 << 20
	replies := keptReplies(bytes)
	defer replies.StopAllGoroutines()
	for i := range uint64(2_000) {
		replies.Set(i, handed{reader: "lecker.a", reply: &pull.Reply{Blocks: []pull.Block{{Text: strings.Repeat("x", 4096)}}}})
	}
	replies.CleanUp()
	if n := replies.EstimatedSize(); n == 0 || n*4096 > bytes/5*2 {
		t.Errorf("%d replies of 4 KiB are held in %d bytes", n, bytes/5*2)
	}
}

func TestAReaderWhoHasGrownIsWeighedAnew(t *testing.T) {
	l := New(Options{Clock: time.Now})
	defer l.acceptor.readers.cache.StopAllGoroutines()
	small := &known{reader: who.Reader{}}
	m := newMemory(small)
	l.acceptor.readers.cache.Set("a", m)
	l.acceptor.readers.keepDocument("a", m, &known{reader: who.Reader{Address: "short"}})
	if _, ok := l.acceptor.readers.cache.GetIfPresent("a"); !ok {
		t.Error("a reader who is as small as before has left memory")
	}
	l.acceptor.readers.keepDocument("a", m, &known{reader: who.Reader{Address: strings.Repeat("long ", 300)}})
	if _, ok := l.acceptor.readers.cache.GetIfPresent("a"); ok {
		t.Error("a reader who has outgrown the weight is still held at it")
	}
}
