package bench

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// soakParts are those in which a soak is looked at: of half an hour, five
// minutes each. Every other one has the chores of operators beside the asks.
const soakParts = 6

// measureSoak asks at half of what can be taken, for long, with and without what operators
// do meanwhile, and compares the end with the beginning.
func (b *bencher) measureSoak(ctx context.Context) (err error) {
	s, err := b.serveKnown(ctx, "soak", choreText)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	most, err := b.measureLoad(ctx, s, job{Count: b.asks, Answers: true})
	if err != nil {
		return err
	}
	c, err := b.newChores(s, "soak")
	if err != nil {
		return err
	}
	part := b.scaleDuration(time.Duration(b.minutes) * time.Minute / soakParts)
	var calm, busy, memory values
	asks, lost, missing := 0, 0, ""
	for i := range soakParts {
		p99, of := &calm, (*chores)(nil)
		if i%2 == 1 {
			p99, of = &busy, c
		}
		j := b.openLoop(most.rate/2, part)
		l, err := b.soakPart(ctx, s, j, part/soakPauses, of)
		if err != nil {
			return err
		}
		asks, lost = asks+j.Count, lost+int(l.Failed)+l.Missing
		*p99 = append(*p99, l.P99)
		bytes, err := residentMemory(s.cmd.Process.Pid)
		if err != nil {
			missing = onLinux
		}
		memory = append(memory, float64(bytes)/mib)
	}
	b.reportSoak(fmt.Sprintf("%d asks at %.0f/s, %v a part", asks, most.rate/2, part), lost, calm, busy, c)
	// The first parts fill what is kept for the others.
	rest := memory[2:]
	b.report.addFigure(figure{Name: "soak: memory, most : least", Unit: "×", Detail: fmt.Sprintf("%.0f–%.0f MiB after the first two parts of %d", rest.minValue(), rest.maxValue(), soakParts)}.
		withValues(rest.maxValue()/rest.minValue()).atMost(1.1, 0).unlessMissing(missing))
	return nil
}

// soakPart asks, beside chores with pauses where there are any. What was lost is no error.
func (b *bencher) soakPart(ctx context.Context, s *serverProcess, j job, pause time.Duration, c *chores) (outcome, error) {
	working, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() {
		if c == nil {
			ended <- nil
			return
		}
		ended <- c.run(working, pause)
	}()
	l, err := b.runLoad(ctx, s, j)
	if errors.Is(err, errLoad) {
		err = nil
	}
	stop()
	return l, errors.Join(err, <-ended)
}

// soakPauses are the pauses between chores that would fill a part.
const soakPauses = 20

func (b *bencher) reportSoak(about string, lost int, calm, busy values, c *chores) {
	var did []string
	for _, name := range slices.Sorted(maps.Keys(c.done)) {
		did = append(did, fmt.Sprintf("%d × %s", c.done[name], name))
	}
	b.report.addFigure(figure{Name: "soak: asks lost", Unit: lostUnit, Detail: about}.withValues(float64(lost)).atMost(0, 0))
	b.report.addFigure(figure{Name: "soak: p99, with chores of operators : without", Unit: "×", Detail: fmt.Sprintf("%.1f : %.1f ms; %s", busy, calm, strings.Join(did, ", "))}.
		withValues(busy.medianValue()/calm.medianValue()).atMost(1.5, 0))
	first, last := calm[0], calm[len(calm)-1]
	b.report.addFigure(figure{Name: "soak: p99, last part : first", Unit: "×", Detail: "of those without chores"}.withValues(last/first).atMost(1.2, 0))
}
