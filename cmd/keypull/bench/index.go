package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull/what"
)

// messageKinds lists the kinds of messages whose understanding is measured,
// each made of a phrase.
var messageKinds = []struct {
	name string
	make func(phrase string) string
}{
	{"exact", func(p string) string { return p }},
	{"folded", func(p string) string { return strings.ReplaceAll(p, "o", "ó") }},
	{"asked for", func(p string) string { return "please send me " + p }},
	{"misspelt", func(p string) string { return p[:len(p)-3] + p[len(p)-2:] }},
	{"unknown", func(p string) string { return "q" + p + "wq" }},
}

func (b *bencher) measureIndex(context.Context) error {
	small, large := newIndexRun(1_000), newIndexRun(100_000)
	b.report.addFigure(figure{Name: "index of 100,000 keywords, 3 phrases each", Value: large.built.Seconds(), Unit: "s",
		Detail: fmt.Sprintf("%.0f MB", large.megabytes)}.atMost(3, 0))
	// What building left behind must not be collected while look-ups are timed.
	runtime.GC()
	for kind, message := range messageKinds {
		const batches = 41
		for range batches {
			small.batch(kind)
			large.batch(kind)
		}
		a, z := small.figures(), large.figures()
		b.report.addFigure(figure{Name: "look-up, " + message.name + ", 100,000 : 1,000", Value: z.nanos / a.nanos, Unit: "×",
			Detail: fmt.Sprintf("%.2f µs : %.2f µs; probes %.1f : %.1f", z.nanos/1e3, a.nanos/1e3, z.probes, a.probes)}.atMost(2, 0))
	}
	return nil
}

// indexRun is one index under measurement.
type indexRun struct {
	keywords  int
	index     *what.Index
	built     time.Duration
	megabytes float64
	random    *rand.Rand
	messages  []string
	took      []float64
	probes    int
}

func newIndexRun(n int) *indexRun {
	const perBatch = 1000
	keywords := make([]what.Keyword, n)
	for i := range keywords {
		keywords[i] = what.Keyword{ID: "k" + strconv.Itoa(i), Phrases: map[string][]string{
			"en": {phraseAt(3 * i), phraseAt(3*i + 1), phraseAt(3*i + 2)}}}
	}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	r := &indexRun{
		keywords: n, index: what.NewIndex(keywords, what.Options{}), messages: make([]string, perBatch),
		random: rand.New(rand.NewPCG(1, 2)), //nolint:gosec // draws messages, guards nothing
	}
	r.built = time.Since(began)
	runtime.GC()
	runtime.ReadMemStats(&after)
	r.megabytes = float64(after.HeapAlloc-before.HeapAlloc) / 1e6
	return r
}

// batch has as many messages of a kind understood, drawn evenly.
func (r *indexRun) batch(kind int) {
	for i := range r.messages {
		r.messages[i] = messageKinds[kind].make(phraseAt(r.random.IntN(3 * r.keywords)))
	}
	began := time.Now()
	for _, m := range r.messages {
		r.probes += r.index.Match(m, "en").Probes
	}
	r.took = append(r.took, float64(time.Since(began).Nanoseconds())/float64(len(r.messages)))
}

// lookUp is the cost of understanding one message.
type lookUp struct{ nanos, probes float64 }

// figures returns the medians over the batches since they were last asked for.
func (r *indexRun) figures() lookUp {
	slices.Sort(r.took)
	l := lookUp{nanos: quantileOf(r.took, 0.5), probes: float64(r.probes) / float64(len(r.took)*len(r.messages))}
	r.took, r.probes = nil, 0
	return l
}

// phraseParts are what the phrases are made of.
var phraseParts = strings.Fields("ba co di fu ga le mi no pa ri sa to ve zu chi ster mon tal ker lin dor pan qui rus bel tra gno fel ham wick")

// phraseAt returns a phrase of one to three words that no other number shares.
func phraseAt(i int) string {
	var b strings.Builder
	for n, at := 0, i*7919+1_000_003; at > 0; n, at = n+1, at/len(phraseParts) {
		if n == 3 && i%3 > 0 || n == 4 && i%3 > 1 {
			b.WriteByte(' ')
		}
		b.WriteString(phraseParts[at%len(phraseParts)])
	}
	return b.String()
}
