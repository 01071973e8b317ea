// Package bench measures the service beside what it is built on, and reports the
// ratios.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/who"
	"keypull/store"
)

// Service is the service under measurement. A configuration is named by its
// file, which belongs to the measurement alone.
type Service interface {
	// Tune sets how the process uses its memory, as serving does.
	Tune()
	// Start serves a configuration until Close.
	Start(ctx context.Context, file string, o StartOptions) (Server, error)
	// Fill writes documents into the store of a configuration that nobody serves.
	Fill(ctx context.Context, file string, all []store.Stored) error
	// Ask writes down so many asks of a publisher's readers, which nobody serves, as askAt tells them.
	Ask(ctx context.Context, file, publisher string, asks int, askAt func(n int) (who.Key, journal.Trace)) error
}

// StartOptions are what a measurement adds to a configuration.
type StartOptions struct {
	// Hold accepts asks and leaves them lying, to measure accepting alone.
	Hold bool
	// Pending limits the unfinished asks; zero means the default.
	Pending int
	// Sync, where set, is called at each flush of the store; Clock is time.Now
	// where nil.
	Sync  func()
	Clock func() time.Time
	// Waiting is called again and again with the address of one that waits for another to end.
	Waiting func(address string)
}

// Server is a service that is running.
type Server interface {
	// Address is host and port.
	Address() string
	// Change saves a keyword that is there, and returns when readers have it.
	Change(ctx context.Context, publisher string, k catalogue.Keyword) error
	// Ask writes down an ask of a publisher's reader as one that was answered.
	Ask(ctx context.Context, publisher string, reader who.Key, t journal.Trace) error
	// SignIn returns the cookie of a session of somebody who may see everything.
	SignIn(ctx context.Context) (*http.Cookie, error)
	// Sweep drops what is past its time.
	Sweep(ctx context.Context, now time.Time) error
	Close() error
}

// options are the flags of bench.
type options struct {
	json    bool
	rounds  int
	conns   int
	readers int
	asks    int
	dir     string
	only    []string
	peer    string
	long    bool
	sync    time.Duration
	minutes int
	kills   int
	// database is the URL of a PostgreSQL database.
	database string
}

// usualAsks are those of one measurement where no flag says otherwise.
const usualAsks = 30_000

// most is what a flag may be that counts asks.
const most = 100_000_000

// NewCommand returns "keypull bench".
func NewCommand(of Service) *cobra.Command {
	o := options{rounds: 3, conns: 64, readers: 10000, asks: usualAsks, minutes: 30, kills: 20}
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure this machine's keypull as ratios to the machine's own floors",
		Long: "bench measures the service beside what it is built on, in turn, in one run: figures of\n" +
			"other machines mean nothing here, ratios do. The service runs in a process of its own. All\n" +
			"takes about eight minutes; kills, soak and database are measured where --only names them. It works in\n" +
			"a temporary folder and talks to this machine alone.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cli.Failed(bench(cmd.Context(), of, o, cmd.OutOrStdout(), cmd.ErrOrStderr()))
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&o.json, "json", false, "print the figures as JSON")
	flags.Var(cli.Number(&o.rounds, 1, 1000), "rounds", "how often each is measured; the median counts")
	flags.Var(cli.Number(&o.conns, 1, 10000), "conns", "connections of the platform")
	flags.Var(cli.Number(&o.readers, 1, most), "readers", "readers who ask")
	flags.Var(cli.Number(&o.asks, 1, most), "asks", "asks of one measurement")
	names := stepNames()
	flags.Var(cli.Choices(&o.only, names...), "only", "measure some alone, with commas between: `names` of "+strings.Join(names, ", "))
	flags.Var(cli.Choice(&o.peer, "kannel", quietKannel), "peer", "measure beside a `program` that is installed here: kannel as it comes, or kannel-quiet, which logs errors alone")
	flags.BoolVar(&o.long, "long", false, "as long as the floors are meant for: a minute at 300 asks a second, ten at two, 1.2 million asks")
	flags.Var(cli.Duration(&o.sync), "sync", "have each flush of the store take so much longer")
	flags.Var(cli.Number(&o.minutes, 1, 10_000), "minutes", "how long soak takes")
	flags.Var(cli.Number(&o.kills, 1, 10_000), "kills", "how often kills ends the server")
	flags.StringVar(&o.database, "database", "", "`URL` of a PostgreSQL database to measure beside the file, in schemas of its own")
	flags.StringVar(&o.dir, "dir", "", "`folder` on the disk to measure; a temporary one where not given")
	cmd.AddCommand(newCompareCommand())
	return cmd
}

// step is one measurement.
type step struct {
	name string
	run  func(*bencher, context.Context) error
	// named: only where it is asked for.
	named bool
}

func steps() []step {
	return []step{
		{"fsync", (*bencher).measureFsync, false}, {"store", (*bencher).measureStore, false}, {"index", (*bencher).measureIndex, false},
		{"webhook", (*bencher).measureWebhook, false}, {"pace", (*bencher).measureSteady, false}, {"sync", (*bencher).measureCachedAsk, false},
		{"readers", (*bencher).measureReaders, false}, {"full", (*bencher).measureFull, false}, {"file", (*bencher).measureFile, false}, {"memory", (*bencher).measureMemory, false},
		{"after", (*bencher).measureResting, false}, {"console", (*bencher).measureConsole, false},
		{"kills", (*bencher).measureKills, true}, {"soak", (*bencher).measureSoak, true}, {"database", (*bencher).measureDatabase, true},
	}
}

func stepNames() (names []string) {
	for _, s := range steps() {
		names = append(names, s.name)
	}
	return names
}

// chosen returns the steps of a run.
func (o *options) chosen() (all []step) {
	if o.peer != "" {
		all = append(all, step{name: "peer", run: (*bencher).measurePeers})
		if len(o.only) == 0 {
			return all
		}
	}
	for _, s := range steps() {
		// What is compared with the disk needs the disk's own figure.
		floor := s.name == "fsync" && slices.Contains(o.only, "webhook")
		if floor || slices.Contains(o.only, s.name) || len(o.only) == 0 && !s.named {
			all = append(all, s)
		}
	}
	return all
}

// bench runs the measurements.
func bench(ctx context.Context, of Service, o options, out, problems io.Writer) (err error) {
	dir, err := os.MkdirTemp(o.dir, "keypull-bench-")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	of.Tune()
	working := cli.Working(problems, "cli.working_bench")
	defer working.End()
	b := &bencher{options: o, service: of, dir: dir, report: &report{}}
	if b.standIn, err = newStandIn(ctx); err != nil {
		return err
	}
	defer b.standIn.Close()
	if err := b.writeTrust(); err != nil {
		return err
	}
	steps := o.chosen()
	for i, step := range steps {
		working.Tell(i+1, len(steps))
		if err := step.run(b, ctx); err != nil {
			// What has been measured by then took its time.
			return errors.Join(fmt.Errorf("bench %s: %w", step.name, err), b.report.printFigures(out, o.json))
		}
	}
	return b.report.printFigures(out, o.json)
}

// bencher is one run of bench.
type bencher struct {
	options
	service Service
	dir     string
	report  *report
	standIn *standIn
	// root is the file of what a server has to trust.
	root     string
	fsyncP50 float64
	fsyncP99 float64
	next     int64
}

const fsyncTime = 2 * time.Second

func (b *bencher) measureFsync(context.Context) (err error) {
	b.fsyncP50, b.fsyncP99, err = measureFsync(b.dir, fsyncTime)
	b.report.addFigure(figure{Name: "one fsync, p50", Value: b.fsyncP50, Unit: "ms", Sense: "≤",
		Detail: fmt.Sprintf("append 4 KiB and flush; p99 %.2f ms", b.fsyncP99)})
	return err
}

// measureStore compares accepting with the bare group commit, in turn.
func (b *bencher) measureStore(ctx context.Context) error {
	const records = 200 * acceptCallers * 3
	var accepts, bares []float64
	for i := range b.rounds {
		path := func(name string) string { return filepath.Join(b.dir, fmt.Sprintf("%s-%d.db", name, i)) }
		bare, err := bareGroupCommit(ctx, path("bare"), acceptCallers, records)
		if err != nil {
			return err
		}
		accept, err := measureAccept(ctx, path("accept"), records)
		if err != nil {
			return err
		}
		accepts, bares = append(accepts, accept), append(bares, bare)
	}
	b.report.addFigure(figure{Name: "accept : bare group commit", Unit: "×",
		Detail: fmt.Sprintf("%.0f/s : %.0f/s, %d callers", medianOf(accepts), medianOf(bares), acceptCallers)}.
		withValues(ratiosOf(accepts, bares)...).atLeast(0.70, 0))
	return nil
}
