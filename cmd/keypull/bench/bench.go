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
	"time"

	"github.com/spf13/cobra"

	"keypull/cmd/keypull/cli"
	"keypull/pull/catalogue"
	"keypull/store"
	"keypull/store/bolt"
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
}

// StartOptions are what a measurement adds to a configuration.
type StartOptions struct {
	// Hold accepts asks and leaves them lying, to measure accepting alone.
	Hold bool
	// Pending limits the unfinished asks; zero means the default.
	Pending int
}

// Server is a service that is running.
type Server interface {
	// Address is host and port.
	Address() string
	// Change saves a keyword that is there, and returns when readers have it.
	Change(ctx context.Context, publisher string, k catalogue.Keyword) error
	// SignIn returns the cookie of a session of somebody who may see everything.
	SignIn(ctx context.Context) (*http.Cookie, error)
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
	only    string
}

// NewCommand returns "keypull bench".
func NewCommand(of Service) *cobra.Command {
	o := options{rounds: 3, conns: 64, readers: 10000, asks: 30000}
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure this machine's keypull as ratios to the machine's own floors",
		Long: "bench measures the service beside what it is built on, in turn, in one run: figures of\n" +
			"other machines mean nothing here, ratios do. Load and stand-ins run in a process of\n" +
			"their own. It works in a temporary folder and talks to this machine alone.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cli.Failed(bench(cmd.Context(), of, o, cmd.OutOrStdout(), cmd.ErrOrStderr()))
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&o.json, "json", false, "print the figures as JSON")
	const most = 100_000_000
	flags.Var(cli.Number(&o.rounds, 1, 1000), "rounds", "how often each is measured; the median counts")
	flags.Var(cli.Number(&o.conns, 1, 10000), "conns", "connections of the platform")
	flags.Var(cli.Number(&o.readers, 1, most), "readers", "readers who ask")
	flags.Var(cli.Number(&o.asks, 1, most), "asks", "asks of one measurement")
	flags.Var(cli.Choice(&o.only, "fsync", "store", "index", "webhook", "memory", "console"), "only", "measure `one` alone: fsync, store, index, webhook, memory or console")
	flags.StringVar(&o.dir, "dir", "", "`folder` on the disk to measure; a temporary one where not given")
	return cmd
}

// figure is one line of the report: a ratio, and what it is a ratio of.
type figure struct {
	Name   string  `json:"name"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit"`
	Goal   string  `json:"goal,omitempty"`
	Detail string  `json:"detail"`
}

// report collects figures.
type report struct{ figures []figure }

func (r *report) add(f figure) { r.figures = append(r.figures, f) }

func (r *report) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return cli.PrintJSON(w, r.figures)
	}
	for _, f := range r.figures {
		if _, err := fmt.Fprintf(w, "%-46s %8.2f %-4s %-22s %s\n", f.Name, f.Value, f.Unit, f.Goal, f.Detail); err != nil {
			return fmt.Errorf("print: %w", err)
		}
	}
	return nil
}

// bench runs all measurements.
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
	steps := []struct {
		name string
		run  func(context.Context) error
	}{
		{"fsync", b.fsync}, {"store", b.store}, {"index", b.index}, {"webhook", b.webhook}, {"memory", b.memory}, {"console", b.console},
	}
	for i, step := range steps {
		// What is compared with the disk needs the disk's own figure.
		floor := step.name == "fsync" && o.only == "webhook"
		if o.only != "" && o.only != step.name && !floor {
			continue
		}
		working.Tell(i+1, len(steps))
		if err := step.run(ctx); err != nil {
			return fmt.Errorf("bench %s: %w", step.name, err)
		}
	}
	return b.report.print(out, o.json)
}

// bencher is one run of bench.
type bencher struct {
	options
	service  Service
	dir      string
	report   *report
	fsyncP50 float64
	fsyncP99 float64
	next     int64
}

const fsyncTime = 2 * time.Second

func (b *bencher) fsync(context.Context) (err error) {
	b.fsyncP50, b.fsyncP99, err = measureFsync(b.dir, fsyncTime)
	b.report.add(figure{Name: "one fsync, p50", Value: b.fsyncP50, Unit: "ms",
		Detail: fmt.Sprintf("append 4 KiB and flush; p99 %.2f ms", b.fsyncP99)})
	return err
}

// store compares accepting with the bare group commit, in turn.
func (b *bencher) store(ctx context.Context) error {
	const records = 200 * acceptCallers * 3
	var accepts, bares []float64
	for i := range b.rounds {
		path := func(name string) string { return filepath.Join(b.dir, fmt.Sprintf("%s-%d.db", name, i)) }
		bare, err := bolt.BareGroupCommit(ctx, path("bare"), acceptCallers, records)
		if err != nil {
			return err
		}
		accept, err := measureAccept(ctx, path("accept"), records)
		if err != nil {
			return err
		}
		accepts, bares = append(accepts, accept), append(bares, bare)
	}
	b.report.add(figure{Name: "accept : bare group commit", Value: median(accepts) / median(bares), Unit: "×", Goal: "goal ≥ 0.70",
		Detail: fmt.Sprintf("%.0f/s : %.0f/s, %d callers", median(accepts), median(bares), acceptCallers)})
	return nil
}

func median(v []float64) float64 {
	s := slices.Clone(v)
	slices.Sort(s)
	return quantile(s, 0.5)
}
