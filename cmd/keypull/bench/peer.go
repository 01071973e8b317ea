package bench

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// against is one comparison with the peer, by as many messages on both sides.
type against struct {
	name     string
	keywords int
	// static: both answer a text of their own, the peer from its store on disk.
	static bool
	count  int
	// inFlight is how many messages the peer gets at once: as many as it is best at.
	inFlight  int
	must, aim float64
}

func comparisons() []against {
	return []against{
		{name: "1 keyword", keywords: 1, count: 20_000, inFlight: 1000, must: 3, aim: 5},
		{name: "1,000 keywords", keywords: 1000, count: 4000, inFlight: 1000, must: 12, aim: 20},
		{name: "10,000 keywords", keywords: 10_000, count: 600, inFlight: 100, must: 90, aim: 150},
		{name: "static text", keywords: 1, static: true, count: 20_000, inFlight: 1000, must: 1.5, aim: 2},
	}
}

// First-time readers of static text have a floor of their own, and so has how
// late an answer is at a usual pace, which is a part of the peer's.
const (
	strangersMust, strangersAim = 1.1, 1.5
	lateMust, lateAim           = 0.1, 0.05
)

// measurePeers measures the service beside Kannel, in turn: whole asks to the last
// reply at the sink.
func (b *bencher) measurePeers(ctx context.Context) error {
	missing := kannelMissing()
	for _, a := range comparisons() {
		a.count = max(1, a.count*b.asks/usualAsks)
		name := b.peerPrefix() + a.name + ", asks a second"
		if missing != "" {
			b.report.addFigure(figure{Name: name, Unit: "×"}.atLeast(a.must, a.aim).unlessMissing(missing))
			continue
		}
		if err := b.runRivals(ctx, a, name); err != nil {
			return fmt.Errorf("%s: %w", a.name, err)
		}
	}
	return nil
}

// peerPrefix begins the names of rows.
func (b *bencher) peerPrefix() string { return "beside " + b.peer + ": " }

// rivals are both sides of a comparison, and what they came to.
type rivals struct {
	own                      *serverProcess
	peer                     *kannel
	ours, theirs, strangers  []pace
	steadyOurs, steadyTheirs []pace
	firstReader              int
}

func (b *bencher) runRivals(ctx context.Context, a against, name string) (err error) {
	folder := fmt.Sprintf("peer-%d-%v", a.keywords, a.static)
	own, err := b.startServer(ctx, folder, configText(b.standIn.Place().Plain, a.keywordsOf()))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, own.Close()) }()
	g := gateway{Keywords: a.keywords, URL: b.standIn.Place().Plain}
	if a.static {
		g.URL = ""
	}
	peer, err := b.startKannel(ctx, folder+"-kannel", g)
	if err != nil {
		return err
	}
	defer peer.Close()
	r := &rivals{own: own, peer: peer, firstReader: b.readers}
	j := job{Answers: true, Keywords: a.keywords}
	if err := b.warmReaders(ctx, own, j); err != nil {
		return err
	}
	j.Count = a.count
	for range b.rounds {
		if err := b.runTurn(ctx, r, a, j); err != nil {
			return err
		}
	}
	b.reportRivals(r, a, name)
	return nil
}

// runTurn measures each once.
func (b *bencher) runTurn(ctx context.Context, r *rivals, a against, j job) error {
	own := func(to *[]pace, j job) func() error {
		return func() error {
			p, err := b.measureLoad(ctx, r.own, j)
			*to = append(*to, p)
			return err
		}
	}
	theirs := func(to *[]pace, j job) func() error {
		return func() error {
			p, err := r.peer.sendMessages(ctx, j, max(a.inFlight, j.maxInFlight()))
			*to = append(*to, p)
			return err
		}
	}
	all := []func() error{own(&r.ours, j), theirs(&r.theirs, j)}
	switch {
	case a.static:
		strangers := j
		strangers.Readers, strangers.Base = j.Count, r.firstReader
		r.firstReader += j.Count
		all = append(all, own(&r.strangers, strangers))
	case a.keywords == 1:
		steady := j
		steady.Rate, steady.Count = usualPace, max(1, min(a.count, int(usualPace*usualTime.Seconds())))
		all = append(all, own(&r.steadyOurs, steady), theirs(&r.steadyTheirs, steady))
	}
	for _, one := range all {
		if err := one(); err != nil {
			return err
		}
		time.Sleep(quiet) //nolint:forbidigo // what was just measured must not disturb what comes
	}
	return nil
}

// maxInFlight returns how many messages of an open loop may be out: all.
func (j job) maxInFlight() int {
	if j.Rate > 0 {
		return j.Count
	}
	return 0
}

func (b *bencher) reportRivals(r *rivals, a against, name string) {
	by := "get-url"
	if a.static {
		by = "static text, store-type = file"
	}
	b.report.addFigure(figure{Name: name, Unit: "×", Detail: fmt.Sprintf("%.0f/s : %.0f/s, %d messages, %s", ratesOf(r.ours).medianValue(), ratesOf(r.theirs).medianValue(), a.count, by)}.
		withValues(ratiosOf(ratesOf(r.ours), ratesOf(r.theirs))...).atLeast(a.must, a.aim))
	if a.static {
		b.report.addFigure(figure{Name: b.peerPrefix() + "static text, first-time readers", Unit: "×", Detail: fmt.Sprintf("%.0f/s : %.0f/s", ratesOf(r.strangers).medianValue(), ratesOf(r.theirs).medianValue())}.
			withValues(ratiosOf(ratesOf(r.strangers), ratesOf(r.theirs))...).atLeast(strangersMust, strangersAim))
	}
	if len(r.steadyOurs) > 0 {
		late := func(p pace) float64 { return p.p99 }
		ours, theirs := mapPaces(r.steadyOurs, late), mapPaces(r.steadyTheirs, late)
		b.report.addFigure(figure{Name: b.peerPrefix() + "p99 at 300/s", Unit: "×", Detail: fmt.Sprintf("%.2f : %.2f ms, get-url, open loop", ours.medianValue(), theirs.medianValue())}.
			withValues(ratiosOf(ours, theirs)...).atMost(lateMust, lateAim))
	}
}

// keywordsOf returns the keywords that are asked for, as a configuration has them.
func (a against) keywordsOf() string {
	var s strings.Builder
	source := "news"
	if a.static {
		source = "said"
		fmt.Fprintf(&s, "  [[publisher.source]]\n  id = \"said\"\n  kind = \"text\"\n  [publisher.source.settings]\n  answers = [{ text = %q }]\n", standInText)
	}
	for i := range a.keywords {
		fmt.Fprintf(&s, "  [[publisher.keyword]]\n  id = %q\n  source = %q\n  phrases = { en = [%q] }\n", keywordName(i), source, keywordName(i))
	}
	return s.String()
}
