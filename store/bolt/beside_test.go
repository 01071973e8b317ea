package bolt_test

import (
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keypull/store"
)

// BenchmarkAskBesideACheckpoint asks 300 times a second behind bursts that end with
// a checkpoint under way, and tells how long those took that were beside one, and
// all others.
func BenchmarkAskBesideACheckpoint(b *testing.B) {
	const pace, took, bursts, least, burst = 300, 400 * time.Millisecond, 24, 2000, 1000
	taken := map[bool][]time.Duration{}
	for b.Loop() {
		db := open(b, filepath.Join(b.TempDir(), "keypull.db"), store.Options{})
		a := newAsker(b, db)
		asked := 0
		for range bursts {
			crowd(b, 64, least, func(i int) error { return a.ask(asked + i) })
			asked += least
			for filing := new(atomic.Bool); !filing.Load(); asked += burst {
				crowd(b, 64, burst, func(i int) error {
					if filing.Load() || db.Filing() {
						filing.Store(true)
						return nil
					}
					return a.ask(asked + i)
				})
			}
			var group sync.WaitGroup
			var mu sync.Mutex
			began := time.Now()
			for i := range int(took.Seconds() * pace) {
				due := began.Add(time.Duration(i) * time.Second / pace)
				time.Sleep(time.Until(due))
				group.Go(func() {
					filing := db.Filing()
					if err := a.ask(asked + i); err != nil {
						b.Error(err)
					}
					d := time.Since(due)
					mu.Lock()
					defer mu.Unlock()
					filing = filing || db.Filing()
					taken[filing] = append(taken[filing], d)
				})
			}
			group.Wait()
			asked += int(took.Seconds() * pace)
		}
	}
	for filing, all := range taken {
		what := map[bool]string{true: "beside", false: "alone"}[filing]
		slices.Sort(all)
		ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
		b.ReportMetric(float64(len(all)), what+"-n")
		b.ReportMetric(ms(all[len(all)/2]), what+"-p50-ms")
		b.ReportMetric(ms(all[len(all)*99/100]), what+"-p99-ms")
		b.ReportMetric(ms(all[len(all)*9/10]), what+"-p90-ms")
		b.ReportMetric(ms(all[len(all)-1]), what+"-max-ms")
	}
}
