package bench

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// soakParts are those in which a soak is looked at: of half an hour, five
// minutes each.
const soakParts = 6

// measureSoak asks at half of what can be taken, for long, and compares the end with
// the beginning.
func (b *bencher) measureSoak(ctx context.Context) (err error) {
	s, err := b.serveKnown(ctx, "soak")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	most, err := b.measureLoad(ctx, s, job{Count: b.asks, Answers: true})
	if err != nil {
		return err
	}
	part := time.Duration(b.minutes) * time.Minute / soakParts
	var p99, memory values
	missing := ""
	for range soakParts {
		p, err := b.askOpenLoop(ctx, s, most.rate/2, part)
		if err != nil {
			return err
		}
		bytes, err := residentMemory(s.cmd.Process.Pid)
		if err != nil {
			missing = onLinux
		}
		p99, memory = append(p99, p.p99), append(memory, float64(bytes)/mib)
	}
	about := fmt.Sprintf("%d minutes at %.0f/s", b.minutes, most.rate/2)
	// The first part fills what is kept for the others.
	rest := memory[1:]
	b.report.addFigure(figure{Name: "soak: memory, most : least", Unit: "×", Detail: fmt.Sprintf("%s; %.0f–%.0f MiB after the first part of %d", about, rest.minValue(), rest.maxValue(), soakParts)}.
		withValues(rest.maxValue()/rest.minValue()).atMost(1.1, 0).unlessMissing(missing))
	first, last := p99[0], p99[soakParts-1]
	b.report.addFigure(figure{Name: "soak: p99, last part : first", Unit: "×", Detail: fmt.Sprintf("%.2f : %.2f ms, %v each; all %.1f", last, first, part, p99)}.withValues(last/first).atMost(1.2, 0))
	return nil
}
