package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"keypull/cmd/keypull/cli"
	"keypull/pull"
)

const (
	// killAsks are those of one round; readers ask once, so that answers that come
	// twice can be told.
	killAsks = 20_000
	// killSoon and killLate are when a server is ended after the first ask.
	killSoon, killLate = 100 * time.Millisecond, 1500 * time.Millisecond
	// window is how long before the end an answer may have come that comes again,
	// what was sent and not noted as such yet: so long, and on a slow machine twice
	// as long as the slowest of the round took to become durable.
	window = time.Second
	// tornEvery is which round has its log torn as well.
	tornEvery = 4
	// logFiles is where the store's log lies, beside its file.
	logFiles = "bench.db.wal.[0-9]*"
	// tailBytes is what of its end is torn.
	tailBytes = 64 << 10
)

// casualties are what all rounds came to.
type casualties struct {
	kills, accepted, lost, twice, unsaid int
	// cut and spoiled are rounds in which the log was torn, cutLost and
	// spoiledLost what was not answered then, refused those that did not start.
	cut, spoiled, cutLost, spoiledLost, refused int
	// window is the longest of a round.
	window time.Duration
}

// measureKills ends the server in the midst of asks, again and again, and counts what
// was accepted and never answered, or answered twice.
func (b *bencher) measureKills(ctx context.Context) error {
	var c casualties
	random := rand.New(rand.NewPCG(uint64(os.Getpid()), 1)) //nolint:gosec // chooses moments, guards nothing
	name := "kills-0"
	s, err := b.startServer(ctx, name, configText(b.standIn.Place().Plain, ""))
	if err != nil {
		return err
	}
	for i := range b.kills {
		r := b.loadUntilKill(ctx, s, killSoon+time.Duration(random.Int64N(int64(killLate-killSoon))))
		ended := time.Now()
		c.kills++
		torn := ""
		if i%tornEvery == tornEvery-1 {
			if torn, err = tearLog(filepath.Join(b.dir, name), random); err != nil {
				return err
			}
		}
		if s, err = b.restartServer(ctx, name); err != nil {
			var refused *refusal
			if !errors.As(err, &refused) {
				return err
			}
			c.countRefusal(refused)
			name = fmt.Sprintf("kills-%d", i+1)
			if s, err = b.startServer(ctx, name, configText(b.standIn.Place().Plain, "")); err != nil {
				return err
			}
			continue
		}
		b.awaitAnswers(ctx, r)
		c.countRun(r, b.standIn, ended, torn)
	}
	c.addFigures(b.report)
	return s.Close()
}

// restartServer starts a server on what another one left.
func (b *bencher) restartServer(ctx context.Context, name string) (*serverProcess, error) {
	return b.launchServer(ctx, "--config", filepath.Join(b.dir, name, "config.toml"))
}

// loadUntilKill asks until the server is ended.
func (b *bencher) loadUntilKill(ctx context.Context, s *serverProcess, after time.Duration) *jobRun {
	r := &jobRun{took: make([]float64, killAsks), job: job{
		Addr: s.address, Path: hookPath, Text: word, Conns: b.conns, Readers: killAsks, Count: killAsks, First: b.next + 1, Base: int(b.next),
	}}
	b.next += killAsks
	b.standIn.expectReplies(r.job)
	r.began = time.Now()
	var wait sync.WaitGroup
	for range b.conns {
		wait.Go(func() { _ = r.driveConnection(ctx, r.Addr) }) // it ends with the server
	}
	pull.Sleep(ctx, after)
	s.Kill()
	wait.Wait()
	return r
}

// awaitAnswers waits until all that was accepted is answered, or nothing comes any
// more.
func (b *bencher) awaitAnswers(ctx context.Context, r *jobRun) {
	const look, patience = 100 * time.Millisecond, 50
	for idle, last := 0, -1; idle < patience; idle++ {
		turn, _ := b.standIn.countReplies()
		lacking := 0
		for i, n := range turn {
			if r.took[i] > 0 && n == 0 {
				lacking++
			}
		}
		if lacking != last {
			idle, last = 0, lacking
		}
		if lacking == 0 {
			// What would come twice comes by now.
			pull.Sleep(ctx, quiet)
			return
		}
		if pull.Sleep(ctx, look); ctx.Err() != nil {
			return
		}
	}
}

// countRun adds what came of one round.
func (c *casualties) countRun(r *jobRun, s *standIn, ended time.Time, torn string) {
	turn, arrived := s.countReplies()
	lost := 0
	slowest := time.Duration(2 * slices.Max(r.took) * float64(time.Millisecond))
	unnoted := max(window, slowest)
	c.window = max(c.window, unnoted)
	for i, n := range turn {
		if r.took[i] > 0 {
			c.accepted++
			if n == 0 {
				lost++
			}
		}
		if n > 1 && torn == "" && arrived[i].Before(ended.Add(-unnoted)) {
			c.twice++
		}
	}
	switch torn {
	case cutOff:
		c.cut++
		c.cutLost += lost
	case spoilt:
		c.spoiled++
		c.spoiledLost += max(0, lost-1)
	default:
		c.lost += lost
	}
}

// countRefusal notes a server that did not start: it must say why, by its code as
// well.
func (c *casualties) countRefusal(r *refusal) {
	c.refused++
	if r.code != cli.Damaged || r.said == "" {
		c.unsaid++
	}
}

func (c *casualties) addFigures(to *report) {
	about := fmt.Sprintf("%d kills, %d asks accepted", c.kills, c.accepted)
	lost := func(name string, n int, detail string) figure {
		return figure{Name: name, Unit: lostUnit, Detail: detail}.withValues(float64(n)).atMost(0, 0)
	}
	to.addFigure(lost("kills: accepted and not answered", c.lost, about))
	to.addFigure(lost("kills: answered twice", c.twice, fmt.Sprintf("of those whose first answer came more than %v before the end", c.window)))
	to.addFigure(lost("kills: starts refused without a sentence", c.unsaid, fmt.Sprintf("%d refused", c.refused)))
	missing := ""
	if c.cut+c.spoiled == 0 {
		missing = "no log lies beside the store"
	}
	to.addFigure(figure{Name: "torn tails: lost by a cut", Unit: "", Sense: "≤", Detail: fmt.Sprintf("%d cuts", c.cut)}.withValues(float64(c.cutLost)).unlessMissing(missing))
	to.addFigure(lost("torn tails: lost beside the record spoilt", c.spoiledLost, fmt.Sprintf("%d bytes overwritten", c.spoiled)).unlessMissing(missing))
}

// How a log is torn.
const (
	cutOff = "cut"
	spoilt = "spoilt"
)

// tearLog cuts the store's log at a byte near its end, or overwrites that byte; ""
// where there is no log.
func tearLog(dir string, random *rand.Rand) (how string, err error) {
	newest, err := newestLog(dir)
	if err != nil || newest == "" {
		return "", err
	}
	data, err := os.ReadFile(newest) //nolint:gosec // of the folder of this run
	if err != nil {
		return "", fmt.Errorf("tear the log: %w", err)
	}
	// What was made ahead and is not written yet is no end.
	end := len(strings.TrimRight(string(data), "\x00"))
	if end == 0 {
		return "", nil
	}
	at := end - 1 - random.IntN(min(end, tailBytes))
	how = cutOff
	if random.IntN(2) == 0 {
		how = spoilt
		data[at] ^= 0xff
		err = os.WriteFile(newest, data, 0o600) //nolint:gosec // of the folder of this run
	} else {
		err = os.Truncate(newest, int64(at))
	}
	if err != nil {
		return "", fmt.Errorf("tear the log: %w", err)
	}
	return how, nil
}

// newestLog returns the part of the log that was written last.
func newestLog(dir string) (newest string, err error) {
	found, err := filepath.Glob(filepath.Join(dir, logFiles))
	if err != nil {
		return "", fmt.Errorf("look for the log: %w", err)
	}
	var at time.Time
	for _, path := range found {
		info, err := os.Stat(path)
		if err != nil {
			return "", fmt.Errorf("look for the log: %w", err)
		}
		if info.Mode().IsRegular() && info.ModTime().After(at) {
			newest, at = path, info.ModTime()
		}
	}
	return newest, nil
}
