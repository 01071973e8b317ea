package bench

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Readers who keep much keep so many words, lists of words and orders.
const (
	fullSaved  = 20
	fullListed = 5
	fullLaters = 5
	fullOwed   = 3
	// mostFull is how many such readers there are: each sends some fifty texts first.
	mostFull = 1000
)

// measureFull compares asks of readers who keep as much as one may with asks of those who
// keep nothing. All that a reader keeps comes by messages.
func (b *bencher) measureFull(ctx context.Context) (err error) {
	var keywords strings.Builder
	for n := range fullSaved {
		fmt.Fprintf(&keywords, "[[publisher.keyword]]\nid = \"word%d\"\nsource = \"news\"\nphrases = { en = [\"%s\"] }\n", n, fullWord(n))
	}
	s, err := b.startServer(ctx, "full", configText(b.standIn.Place().Plain, keywords.String()))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	readers := min(b.readers, mostFull)
	nothing, all := job{Readers: readers}, job{Readers: readers, Base: readers}
	if err := b.tellAll(ctx, s, nothing); err != nil {
		return err
	}
	if err := b.tellAll(ctx, s, all, fullTexts()...); err != nil {
		return err
	}
	var empty, full []pace
	for range b.rounds {
		for _, one := range []struct {
			of  *[]pace
			job job
		}{{&empty, nothing}, {&full, all}} {
			one.job.Count, one.job.Answers = b.asks, true
			p, err := b.measureLoad(ctx, s, one.job)
			if err != nil {
				return err
			}
			*one.of = append(*one.of, p)
		}
	}
	b.report.addFigure(figure{Name: "an ask of who keeps all that one may : of who keeps nothing", Unit: "×", Detail: fmt.Sprintf("%.0f : %.0f µs of CPU, %d readers each", cpuOf(full).medianValue(), cpuOf(empty).medianValue(), readers)}.
		withValues(ratiosOf(cpuOf(full), cpuOf(empty))...).atMost(1.25, 1.1))
	return nil
}

// tellAll has each reader of a job send some texts, one behind the other, and ask for
// the word in the end: that is answered when they all are.
func (b *bencher) tellAll(ctx context.Context, s *serverProcess, j job, texts ...string) error {
	j.Count = j.Readers
	for _, j.Text = range append(texts, word) {
		j.Answers = j.Text == word
		if _, err := b.runLoad(ctx, s, j); err != nil {
			return fmt.Errorf("send %q: %w", j.Text, err)
		}
	}
	return nil
}

func fullWord(n int) string { return "bulletin" + "abcdefghijklmnopqrstuvwxyz"[n:n+1] }

// fullTexts are what a reader sends until nothing more is kept.
func fullTexts() []string {
	texts := []string{"save " + word, "yes", "my city Villefranche-sur-Mer", "language english", "short", "plain language"}
	for n := range fullSaved {
		texts = append(texts, "save "+fullWord(n))
	}
	for _, list := range []string{"stocks", "recipes", "teams"} {
		for n := range fullListed {
			texts = append(texts, fmt.Sprintf("add %s to my %s", fullWord(n), list))
		}
	}
	for n := range fullLaters {
		texts = append(texts, fmt.Sprintf("%s tomorrow at %d:15", fullWord(n), 9+n))
	}
	for n := range fullOwed {
		texts = append(texts, strings.Repeat(string(rune('x'+n)), 5)+" quartet", "tell me when you know")
	}
	return texts
}
