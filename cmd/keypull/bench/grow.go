package bench

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"keypull/cmd/keypull/machine"
	"keypull/pull"
)

func (v values) maxValue() float64 { return slices.Max(v) }
func (v values) minValue() float64 { return slices.Min(v) }

// manyTimes is how many times as many readers there are where they are many.
const manyTimes = 10

// measureReaders compares what an ask costs where there are few readers and where
// there are many, and asks of readers who are known with those who are not.
func (b *bencher) measureReaders(ctx context.Context) (err error) {
	few, err := b.serveKnown(ctx, "few", "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, few.Close()) }()
	crowd := job{Readers: manyTimes * b.readers, Count: b.asks, Answers: true}
	many, err := b.startServer(ctx, "many", configText(b.standIn.Place().Plain, ""))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, many.Close()) }()
	if err := b.warmReaders(ctx, many, crowd); err != nil {
		return err
	}
	var less, more, strange []pace
	for i := range b.rounds {
		for _, one := range []struct {
			of     *[]pace
			server *serverProcess
			job    job
		}{
			{&less, few, job{Count: b.asks, Answers: true}}, {&more, many, crowd},
			{&strange, few, job{Count: b.readers, Readers: b.readers, Base: (i + 1) * b.readers, Answers: true}},
		} {
			p, err := b.measureLoad(ctx, one.server, one.job)
			if err != nil {
				return err
			}
			*one.of = append(*one.of, p)
		}
	}
	b.report.addFigure(figure{Name: "an ask of 10 times as many readers", Unit: "×", Detail: fmt.Sprintf("%.0f : %.0f µs of CPU, %d : %d readers", cpuOf(more).medianValue(), cpuOf(less).medianValue(), manyTimes*b.readers, b.readers)}.
		withValues(ratiosOf(cpuOf(more), cpuOf(less))...).atMost(1.1, 1.05))
	b.report.addFigure(figure{Name: "first-time readers : known ones", Unit: "×", Sense: "≥", Detail: fmt.Sprintf("%.0f/s : %.0f/s", ratesOf(strange).medianValue(), ratesOf(less).medianValue())}.
		withValues(ratiosOf(ratesOf(strange), ratesOf(less))...))
	return nil
}

// Days of asks, of which the store keeps some.
const (
	keptDays = 30
	fileDays = 45
	// fileParts of the usual asks come on a day.
	fileParts = 15
)

// measureFile measures what an ask takes of the disk, once as much is dropped as comes.
func (b *bencher) measureFile(ctx context.Context) (err error) {
	s, err := b.startServer(ctx, "file", configText(b.standIn.Place().Plain, ""))
	if err != nil {
		return err
	}
	err = b.runDays(ctx, s)
	busy, sized := b.fileSize("file")
	// What the log holds stands in the file then.
	if err := errors.Join(err, sized, s.Close()); err != nil {
		return err
	}
	full, err := b.fileSize("file")
	if err != nil {
		return err
	}
	each := dailyJob(b)
	b.report.addFigure(figure{Name: "file of an ask that is kept", Unit: "kB", Detail: fmt.Sprintf("%d asks of each of %d days by %d readers, %d days kept; %d MiB of log more while it is busy", each.Count, fileDays, each.Readers, keptDays, (busy-full)/mib)}.
		withValues(float64(full)/1000/float64(keptDays*each.Count)).atMost(0.5, 0.3))
	return nil
}

// dailyJob returns the asks of a day.
func dailyJob(b *bencher) job {
	return job{Count: max(1, b.asks/fileParts), Readers: max(1, b.readers/fileParts), Answers: true}
}

// runDays has a server answer the asks of some days, one after the other.
func (b *bencher) runDays(ctx context.Context, s *serverProcess) error {
	for range fileDays {
		if _, err := b.runLoad(ctx, s, dailyJob(b)); err != nil {
			return err
		}
		time.Sleep(quiet / 10) //nolint:forbidigo // what follows behind is still of this day
		if _, err := s.Used(24 * time.Hour); err != nil {
			return err
		}
	}
	return nil
}

// fileSize returns what the store of a server takes of the disk, whatever is beside
// its file among it.
func (b *bencher) fileSize(name string) (bytes int64, err error) {
	err = filepath.WalkDir(filepath.Join(b.dir, name), func(path string, d fs.DirEntry, err error) error {
		if of, _ := filepath.Match("bench.db*", filepath.Base(path)); err != nil || d.IsDir() || !of {
			return err
		}
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it came and went
		}
		if err == nil {
			bytes += machine.Occupied(info)
		}
		return err //nolint:wrapcheck // it names the file
	})
	if err != nil {
		return 0, fmt.Errorf("look at the store: %w", err)
	}
	return bytes, nil
}

// How many asks memory has seen, and how long it takes until it is at rest:
// what is not used is given back once a minute.
const (
	afterAsks = 200_000
	afterLong = 1_200_000
	restTime  = 65 * time.Second
)

// measureResting measures the memory of a server that has answered much and rests.
func (b *bencher) measureResting(ctx context.Context) (err error) {
	s, err := b.serveKnown(ctx, "after", "")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	asks := afterAsks
	if b.long {
		asks = afterLong
	}
	asks = min(asks, asks*b.asks/usualAsks) // fewer where fewer are asked for
	if _, err := b.runLoad(ctx, s, job{Count: max(1, asks), Answers: true}); err != nil {
		return err
	}
	at, _ := residentMemory(s.cmd.Process.Pid)
	if asks >= afterAsks {
		if pull.Sleep(ctx, restTime); ctx.Err() != nil {
			return fmt.Errorf("wait: %w", ctx.Err())
		}
	}
	rest, err := residentMemory(s.cmd.Process.Pid)
	f := figure{Name: "memory after many asks, at rest", Unit: "MiB", Detail: fmt.Sprintf("%d asks; %d MiB at the last of them", asks, at/mib)}.withValues(float64(rest)/mib).atMost(150, 100)
	if err != nil {
		f = f.unlessMissing(onLinux)
	}
	b.report.addFigure(f)
	return nil
}
