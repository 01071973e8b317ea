package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"keypull/cmd/keypull/machine"
	"keypull/web"
)

const (
	secret   = "a-secret-of-the-bench"
	word     = "news"
	hookPath = "/hook/bench/tg"
	// quiet is how long the machine may rest between two measurements, so that
	// one does not pay for the other's flushes.
	quiet = 300 * time.Millisecond
)

// loader is the second process.
type loadProcess struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	jobs *json.Encoder
	out  *json.Decoder
	// standIn is where the messenger's API and the feed are.
	standIn place
}

func startLoad(ctx context.Context) (*loadProcess, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the own binary: %w", err)
	}
	cmd := exec.CommandContext(ctx, self, "bench-load") //nolint:gosec // the own binary
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("load process: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("load process: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("load process: %w", err)
	}
	p := &loadProcess{cmd: cmd, in: in, jobs: json.NewEncoder(in), out: json.NewDecoder(out)}
	if err := p.out.Decode(&p.standIn); err != nil {
		return nil, errors.Join(fmt.Errorf("load process: %w", err), p.Close())
	}
	return p, nil
}

// Do runs one job.
func (p *loadProcess) Do(j job) (outcome, error) {
	var l outcome
	if err := p.jobs.Encode(j); err != nil { //nolint:gosec // the secret of this run alone, to a process of its own
		return l, fmt.Errorf("load process: %w", err)
	}
	if err := p.out.Decode(&l); err != nil {
		return l, fmt.Errorf("load process: %w", err)
	}
	if l.Error != "" || l.Failed > 0 || l.Missing > 0 {
		return l, fmt.Errorf("load: %d refused, %d unanswered %s", l.Failed, l.Missing, l.Error)
	}
	return l, nil
}

// Close ends the process.
func (p *loadProcess) Close() error {
	_ = p.in.Close()
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("load process: %w", err)
	}
	return nil
}

// webhook measures the ask path beside a bare server that does the same check
// and JSON: accepting alone, the whole way, and an open loop at a quarter of
// what the whole way can take.
func (b *bencher) webhook(ctx context.Context) (err error) {
	load, err := startLoad(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, load.Close()) }()
	if err := b.trust(load.standIn.Root); err != nil {
		return err
	}
	var bare, durable, whole, secure []pace
	for i := range b.rounds {
		if err := b.round(ctx, load, i, &bare, &durable, &whole, &secure); err != nil {
			return err
		}
	}
	rate := func(paces []pace) float64 { return medianOf(paces, func(p pace) float64 { return p.rate }) }
	micros := func(paces []pace) string {
		return fmt.Sprintf("%.0f+%.0f", medianOf(paces, func(p pace) float64 { return p.micros }), medianOf(paces, func(p pace) float64 { return p.load }))
	}
	b.report.add(figure{Name: "webhook → durable 2xx : bare fiber", Value: rate(durable) / rate(bare), Unit: "×", Goal: "goal ≥ 0.40",
		Detail: fmt.Sprintf("%.0f/s : %.0f/s, %d connections, workers held; %s : %s µs of CPU, service+load", rate(durable), rate(bare), b.conns, micros(durable), micros(bare))})
	b.report.add(figure{Name: "the whole ask : bare fiber", Value: rate(whole) / rate(bare), Unit: "×", Goal: "goal ≥ 0.15, aim 0.20",
		Detail: fmt.Sprintf("%.0f/s : %.0f/s, %d readers, to the last answer; %s : %s µs of CPU, service+load", rate(whole), rate(bare), b.readers, micros(whole), micros(bare))})
	cost := func(paces []pace) float64 { return medianOf(paces, func(p pace) float64 { return p.micros }) }
	b.report.add(figure{Name: "the whole ask, platform by https : by http", Value: cost(secure) / cost(whole), Unit: "×", Goal: "goal ≤ 1.20",
		Detail: fmt.Sprintf("%.0f : %.0f µs of the service's CPU, connections kept", cost(secure), cost(whole))})
	return b.openLoop(ctx, load, rate(whole)/4)
}

// pace is how many requests a second were done, and what each cost this
// process of the processor, which neighbours on the machine disturb less.
type pace struct{ rate, micros, load float64 }

func medianOf(paces []pace, f func(pace) float64) float64 {
	values := make([]float64, len(paces))
	for i, p := range paces {
		values[i] = f(p)
	}
	return median(values)
}

// round measures each once, in turn.
func (b *bencher) round(ctx context.Context, load *loadProcess, i int, bare, durable, whole, secure *[]pace) error {
	add := func(to *[]pace, p pace, err error) error {
		*to = append(*to, p)
		time.Sleep(quiet) //nolint:forbidigo // what was just measured must not disturb what comes
		return err
	}
	p, err := b.bare(ctx, load)
	if err := add(bare, p, err); err != nil {
		return err
	}
	p, err = b.served(ctx, load, fmt.Sprintf("held-%d", i), StartOptions{Hold: true}, job{})
	if err := add(durable, p, err); err != nil {
		return err
	}
	p, err = b.served(ctx, load, fmt.Sprintf("whole-%d", i), StartOptions{}, job{Answers: true})
	if err := add(whole, p, err); err != nil {
		return err
	}
	p, err = b.served(ctx, load, fmt.Sprintf("secure-%d", i), StartOptions{}, job{Answers: true, Secure: true})
	return add(secure, p, err)
}

// bare measures the yardstick.
func (b *bencher) bare(ctx context.Context, load *loadProcess) (p pace, err error) {
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return p, fmt.Errorf("listen: %w", err)
	}
	done := make(chan error, 1)
	go func() { done <- web.Bare(ln, secret) }()
	p, err = b.rate(load, job{Addr: ln.Addr().String(), Count: 2 * b.asks})
	return p, errors.Join(err, ln.Close(), <-done)
}

// served measures the service.
func (b *bencher) served(ctx context.Context, load *loadProcess, name string, o StartOptions, j job) (p pace, err error) {
	at := load.standIn.Plain
	if j.Secure {
		at = load.standIn.Secure
	}
	s, err := b.start(ctx, at, name, o)
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	j.Addr = s.Address()
	if j.Answers {
		// The readers' first asks make their keys; the item is fetched once.
		warm := j
		warm.Count = b.readers
		if _, err := b.rate(load, warm); err != nil {
			return p, err
		}
	}
	j.Count = b.asks
	return b.rate(load, j)
}

// rate runs a job and returns its pace.
func (b *bencher) rate(load *loadProcess, j job) (pace, error) {
	before := machine.CPUTime()
	l, err := load.Do(b.fill(&j))
	if err != nil {
		return pace{}, err
	}
	used := machine.CPUTime() - before
	return pace{rate: float64(j.Count) / l.Seconds, micros: float64(used.Microseconds()) / float64(j.Count), load: l.Micros}, nil
}

func (b *bencher) fill(j *job) job {
	j.Path, j.Secret, j.Text, j.Conns, j.Readers = hookPath, secret, word, b.conns, b.readers
	j.First = b.next + 1
	b.next += int64(j.Count)
	return *j
}

// start serves one publisher whose feed and bot are at the stand-in.
func (b *bencher) start(ctx context.Context, standIn, name string, o StartOptions) (Server, error) {
	file, err := b.config(name, standIn)
	if err != nil {
		return nil, err
	}
	o.Pending = 100 * b.asks
	return b.service.Start(ctx, file, o)
}

// trust lets this process trust the stand-in, as it trusts the world's.
func (b *bencher) trust(root []byte) error {
	file := filepath.Join(b.dir, "root.pem")
	if err := os.WriteFile(file, root, 0o600); err != nil {
		return fmt.Errorf("write what is trusted: %w", err)
	}
	if err := os.Setenv("SSL_CERT_FILE", file); err != nil {
		return fmt.Errorf("trust the stand-in: %w", err)
	}
	return nil
}

// config writes the configuration of a server with a folder of its own.
func (b *bencher) config(name, standIn string) (file string, err error) {
	return b.write(name, configText(standIn, ""))
}

func (b *bencher) write(name, text string) (file string, err error) {
	dir := filepath.Join(b.dir, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("make a folder: %w", err)
	}
	file = filepath.Join(dir, "config.toml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return "", fmt.Errorf("write the configuration: %w", err)
	}
	return file, nil
}

func configText(standIn, more string) string {
	return strings.NewReplacer("STANDIN", standIn, "SECRET", secret, "MORE", more).Replace(`
[server]
listen = "127.0.0.1:0"
[store]
url = "bolt:bench.db"
[secrets]
key_file = "bench.key"
[fetch]
allow_private = ["127.0.0.1/32"]
[[publisher]]
id = "bench"
name = "Bench"
languages = ["en"]
  [[publisher.source]]
  id = "news"
  kind = "feed"
  max_age = "1h"
  [publisher.source.settings]
  url = "STANDIN/feed.xml"
  [[publisher.keyword]]
  id = "news"
  source = "news"
  phrases = { en = ["news"] }
MORE
  [[publisher.channel]]
  id = "tg"
  kind = "telegram"
  [publisher.channel.settings]
  token = "1:bench"
  secret_token = "SECRET"
  api_base = "STANDIN"
`)
}

// openTime is how long the open loop runs.
const openTime = 4 * time.Second

// openLoop asks at a steady pace whatever the answers do, and times each from
// when it was meant to leave to when its answer came.
func (b *bencher) openLoop(ctx context.Context, load *loadProcess, perSecond float64) (err error) {
	s, err := b.start(ctx, load.standIn.Plain, "open", StartOptions{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	j := job{Addr: s.Address(), Answers: true, Count: b.readers}
	if _, err := load.Do(b.fill(&j)); err != nil {
		return err
	}
	time.Sleep(quiet) //nolint:forbidigo // what was just measured must not disturb what comes
	j.Rate, j.Count = perSecond, int(perSecond*openTime.Seconds())
	l, err := load.Do(b.fill(&j))
	if err != nil {
		return err
	}
	b.report.add(figure{Name: "cached answer, p50 : one fsync", Value: l.P50 / b.fsyncP50, Unit: "×",
		Detail: fmt.Sprintf("%.2f ms : %.2f ms at %.0f/s, open loop", l.P50, b.fsyncP50, perSecond)})
	b.report.add(figure{Name: "cached answer, p99 : one fsync", Value: l.P99 / b.fsyncP99, Unit: "×",
		Detail: fmt.Sprintf("%.2f ms : %.2f ms (p99 of both)", l.P99, b.fsyncP99)})
	return nil
}
