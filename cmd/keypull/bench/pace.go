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

// steady measures what asks cost that come at a pace below what could be taken.
func (b *bencher) steady(ctx context.Context) (err error) {
	s, err := b.known(ctx, "pace")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	var usual []pace
	took := b.whole(usualTime, usualLong)
	for range b.rounds {
		p, err := b.open(ctx, s, usualPace, took)
		if err != nil {
			return err
		}
		usual = append(usual, p)
	}
	at := fmt.Sprintf("open loop, %v a round", took)
	b.report.add(figure{Name: "p50 at 300/s", Unit: "ms", Sense: "≤", Detail: at}.of(each(usual, func(p pace) float64 { return p.p50 })...))
	b.report.add(figure{Name: "p99 at 300/s", Unit: "ms", Sense: "≤", Detail: "from when each was meant to leave"}.of(each(usual, func(p pace) float64 { return p.p99 })...))
	b.report.add(figure{Name: "CPU of an ask, 300/s", Unit: "µs", Detail: at}.of(cpu(usual)...).most(500, 300))
	b.report.add(writes(figure{Name: "written of an ask, 300/s", Unit: "kB", Detail: at}, usual).most(8, 3))
	took = b.whole(calmTime, calmLong)
	calm, err := b.open(ctx, s, calmPace, took)
	if err != nil {
		return err
	}
	b.report.add(writes(figure{Name: "written of an ask, 2/s", Unit: "kB", Detail: fmt.Sprintf("open loop, %v", took)}, []pace{calm}).most(12, 8.5))
	return nil
}

// whole returns how long a pace is measured.
func (b *bencher) whole(short, long time.Duration) time.Duration {
	if b.long {
		return long
	}
	return b.scaled(short)
}

// scaled returns a duration made shorter where fewer asks than usual are asked for.
func (b *bencher) scaled(d time.Duration) time.Duration {
	return max(min(d, d*time.Duration(b.asks)/usualAsks), min(d, time.Second))
}

// known serves readers who have asked before.
func (b *bencher) known(ctx context.Context, name string) (*serverProcess, error) {
	s, err := b.start(ctx, name, configText(b.standIn.Place().Plain, ""))
	if err != nil {
		return nil, err
	}
	if err := b.warm(ctx, s, job{}); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	time.Sleep(quiet) //nolint:forbidigo // what was just measured must not disturb what comes
	return s, nil
}

// open asks at a steady pace whatever the answers do, and times each from when
// it was meant to leave to when its answer came.
func (b *bencher) open(ctx context.Context, s *serverProcess, perSecond float64, d time.Duration) (pace, error) {
	// A connection that rests for long is closed.
	conns := max(1, min(b.conns, int(perSecond)))
	return b.measure(ctx, s, job{Answers: true, Rate: perSecond, Conns: conns, Count: max(1, int(perSecond*d.Seconds()))})
}

// openLoop asks at a part of what the whole way can take.
func (b *bencher) openLoop(ctx context.Context, perSecond float64) (err error) {
	s, err := b.known(ctx, "open")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	p, err := b.open(ctx, s, perSecond, b.scaled(openTime))
	if err != nil {
		return err
	}
	b.report.add(figure{Name: "cached answer, p50 : one fsync", Value: p.p50 / b.fsyncP50, Unit: "×", Sense: "≤",
		Detail: fmt.Sprintf("%.2f ms : %.2f ms at %.0f/s, open loop", p.p50, b.fsyncP50, perSecond)})
	b.report.add(figure{Name: "cached answer, p99 : one fsync", Value: p.p99 / b.fsyncP99, Unit: "×", Sense: "≤",
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

// slowly measures what a cached ask waits for: how often the store is flushed
// between an ask and its answer, where nothing else is asked, and how long it
// takes where a flush is slow.
func (b *bencher) slowly(ctx context.Context) (err error) {
	if b.sync == 0 {
		b.sync = slowFlush
		defer func() { b.sync = 0 }()
	}
	s, err := b.known(ctx, "slow")
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
		l, err := b.load(ctx, s, job{Answers: true, Count: 1, Readers: 1, Conns: 1, Base: i % b.readers})
		if err != nil {
			return err
		}
		after, err := s.Used(0)
		if err != nil {
			return err
		}
		flushes, took = append(flushes, float64(after.Flushes-before.Flushes)), append(took, l.P50/ms(b.sync))
		time.Sleep(quiet) //nolint:forbidigo // what follows behind an ask is none that the next waits for
	}
	busy, err := b.open(ctx, s, usualPace, b.scaled(slowTime))
	if err != nil {
		return err
	}
	b.report.add(figure{Name: "flushes that a cached ask waits for", Unit: "", Detail: fmt.Sprintf("median of %d asks at rest; most %.0f", len(flushes), flushes.highest())}.of(flushes.middle()).most(2, 2))
	b.report.add(figure{Name: "a cached ask on a slow disk, p50 : one flush", Unit: "×", Detail: fmt.Sprintf("at rest, flushes of %v more", b.sync)}.of(took.middle()).most(2.5, 0))
	b.report.add(figure{Name: "the same at 300/s", Value: busy.p50 / ms(b.sync), Unit: "×", Sense: "≤", Detail: fmt.Sprintf("p50 %.1f ms, p99 %.1f ms", busy.p50, busy.p99)})
	return nil
}
