package bench

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// The paces at which asks come in an open loop, and for how long.
const (
	usualPace, usualTime, usualLong = 300, 8 * time.Second, time.Minute
	calmPace, calmTime, calmLong    = 2, 16 * time.Second, 10 * time.Minute
	// openTime is how long the open loop of webhook runs.
	openTime = 4 * time.Second
)

// measureSteady measures what asks cost that come at a pace below what could be taken.
func (b *bencher) measureSteady(ctx context.Context) (err error) {
	s, err := b.serveKnown(ctx, "pace", "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	var usual []pace
	took := b.roundDuration(usualTime, usualLong)
	for range b.rounds {
		p, err := b.askOpenLoop(ctx, s, usualPace, took)
		if err != nil {
			return err
		}
		usual = append(usual, p)
	}
	at := fmt.Sprintf("open loop, %v a round", took)
	b.report.addFigure(figure{Name: "p50 at 300/s", Unit: "ms", Sense: "≤", Detail: at}.withValues(mapPaces(usual, func(p pace) float64 { return p.p50 })...))
	b.report.addFigure(figure{Name: "p99 at 300/s", Unit: "ms", Sense: "≤", Detail: "from when each was meant to leave"}.withValues(mapPaces(usual, func(p pace) float64 { return p.p99 })...))
	b.report.addFigure(figure{Name: "CPU of an ask, 300/s", Unit: "µs", Detail: at}.withValues(cpuOf(usual)...).atMost(500, 300))
	b.report.addFigure(withWrites(figure{Name: "written of an ask, 300/s", Unit: "kB", Detail: at}, usual).atMost(8, 3))
	took = b.roundDuration(calmTime, calmLong)
	calm, err := b.askOpenLoop(ctx, s, calmPace, took)
	if err != nil {
		return err
	}
	b.report.addFigure(withWrites(figure{Name: "written of an ask, 2/s", Unit: "kB", Detail: fmt.Sprintf("open loop, %v", took)}, []pace{calm}).atMost(12, 8.5))
	return nil
}

// roundDuration returns how long a pace is measured.
func (b *bencher) roundDuration(short, long time.Duration) time.Duration {
	if b.long {
		return long
	}
	return b.scaleDuration(short)
}

// scaleDuration returns a duration made shorter where fewer asks than usual are asked for.
func (b *bencher) scaleDuration(d time.Duration) time.Duration {
	return max(min(d, d*time.Duration(b.asks)/usualAsks), min(d, time.Second))
}

// serveKnown serves readers who have asked before; more goes behind its configuration.
func (b *bencher) serveKnown(ctx context.Context, name, more string) (*serverProcess, error) {
	s, err := b.startServer(ctx, name, configText(b.standIn.Place().Plain, "")+more)
	if err != nil {
		return nil, err
	}
	if err := b.warmReaders(ctx, s, job{}); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	time.Sleep(quiet) //nolint:forbidigo // what was just measured must not disturb what comes
	return s, nil
}

// askOpenLoop asks at a steady pace whatever the answers do, and times each from when
// it was meant to leave to when its answer came.
func (b *bencher) askOpenLoop(ctx context.Context, s *serverProcess, perSecond float64, d time.Duration) (pace, error) {
	return b.measureLoad(ctx, s, b.openLoop(perSecond, d))
}

func (b *bencher) openLoop(perSecond float64, d time.Duration) job {
	// A connection that rests for long is closed.
	conns := max(1, min(b.conns, int(perSecond)))
	return job{Answers: true, Rate: perSecond, Conns: conns, Count: max(1, int(perSecond*d.Seconds()))}
}

// measureOpenLoop asks at a part of what the whole way can take.
func (b *bencher) measureOpenLoop(ctx context.Context, perSecond float64) (err error) {
	s, err := b.serveKnown(ctx, "open", "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	p, err := b.askOpenLoop(ctx, s, perSecond, b.scaleDuration(openTime))
	if err != nil {
		return err
	}
	b.report.addFigure(figure{Name: "cached answer, p50 : one fsync", Value: p.p50 / b.fsyncP50, Unit: "×", Sense: "≤",
		Detail: fmt.Sprintf("%.2f ms : %.2f ms at %.0f/s, open loop", p.p50, b.fsyncP50, perSecond)})
	b.report.addFigure(figure{Name: "cached answer, p99 : one fsync", Value: p.p99 / b.fsyncP99, Unit: "×", Sense: "≤",
		Detail: fmt.Sprintf("%.2f ms : %.2f ms (p99 of both)", p.p99, b.fsyncP99)})
	return nil
}

// A disk on which what an ask waits for can be told apart from what it computes,
// and how many asks come one after the other.
const (
	slowFlush = 8 * time.Millisecond
	slowAsks  = 30
	slowTime  = 5 * time.Second
)

// measureCachedAsk measures what a cached ask waits for: how often the store is flushed
// between an ask and its answer, where nothing else is asked, and how long it
// takes where a flush is slow.
func (b *bencher) measureCachedAsk(ctx context.Context) (err error) {
	if b.sync == 0 {
		b.sync = slowFlush
		defer func() { b.sync = 0 }()
	}
	s, err := b.serveKnown(ctx, "slow", "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	var flushes, took values
	for i := range max(3, min(slowAsks, slowAsks*b.asks/usualAsks)) {
		before, err := s.Used(0)
		if err != nil {
			return err
		}
		l, err := b.runLoad(ctx, s, job{Answers: true, Count: 1, Readers: 1, Conns: 1, Base: i % b.readers})
		if err != nil {
			return err
		}
		after, err := s.Used(0)
		if err != nil {
			return err
		}
		flushes, took = append(flushes, float64(after.Flushes-before.Flushes)), append(took, l.P50/milliseconds(b.sync))
		time.Sleep(quiet) //nolint:forbidigo // what follows behind an ask is none that the next waits for
	}
	busy, err := b.askOpenLoop(ctx, s, usualPace, b.scaleDuration(slowTime))
	if err != nil {
		return err
	}
	b.report.addFigure(figure{Name: "flushes that a cached ask waits for", Unit: "", Detail: fmt.Sprintf("median of %d asks at rest; most %.0f", len(flushes), flushes.maxValue())}.withValues(flushes.medianValue()).atMost(2, 2))
	b.report.addFigure(figure{Name: "a cached ask on a slow disk, p50 : one flush", Unit: "×", Detail: fmt.Sprintf("at rest, flushes of %v more", b.sync)}.withValues(took.medianValue()).atMost(2.5, 0))
	b.report.addFigure(figure{Name: "the same at 300/s", Value: busy.p50 / milliseconds(b.sync), Unit: "×", Sense: "≤", Detail: fmt.Sprintf("p50 %.1f ms, p99 %.1f ms", busy.p50, busy.p99)})
	return nil
}
