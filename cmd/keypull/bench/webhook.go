package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	secret   = "a-secret-of-the-bench"
	word     = "news"
	hookPath = "/hook/bench/tg"
	// quiet is how long the machine may rest between two measurements, so that
	// one does not pay for the other's flushes.
	quiet = 300 * time.Millisecond
)

// measureWebhook measures the ask path beside a bare server that does the same check
// and JSON: accepting alone, the whole way, and the whole way by https.
func (b *bencher) measureWebhook(ctx context.Context) error {
	var bare, durable, whole, secure []pace
	for i := range b.rounds {
		for _, one := range []struct {
			of   *[]pace
			name string
			job  job
		}{
			{&bare, "", job{}}, {&durable, "held", job{}},
			{&whole, "whole", job{Answers: true}}, {&secure, "secure", job{Answers: true, Secure: true}},
		} {
			p, err := b.measureServed(ctx, one.name, i, one.job)
			if err != nil {
				return err
			}
			*one.of = append(*one.of, p)
			time.Sleep(quiet) //nolint:forbidigo // what was just measured must not disturb what comes
		}
	}
	b.reportWebhook(bare, durable, whole, secure)
	return b.measureOpenLoop(ctx, ratesOf(whole).medianValue()/4)
}

func (b *bencher) reportWebhook(bare, durable, whole, secure []pace) {
	load := medianOf(mapPaces(whole, func(p pace) float64 { return p.load }))
	b.report.addFigure(figure{Name: "webhook → durable 2xx : bare fiber", Unit: "×",
		Detail: fmt.Sprintf("%.0f/s : %.0f/s, %d connections, workers held", ratesOf(durable).medianValue(), ratesOf(bare).medianValue(), b.conns)}.
		withValues(ratiosOf(ratesOf(durable), ratesOf(bare))...).atLeast(0.45, 0.5))
	b.report.addFigure(figure{Name: "the whole ask : bare fiber", Unit: "×",
		Detail: fmt.Sprintf("%.0f/s : %.0f/s, %d readers, to the last answer", ratesOf(whole).medianValue(), ratesOf(bare).medianValue(), b.readers)}.
		withValues(ratiosOf(ratesOf(whole), ratesOf(bare))...).atLeast(0.18, 0.22))
	b.report.addFigure(figure{Name: "whole asks a second", Unit: "1/s", Sense: "≥", Detail: "closed loop, HTTP in and out, to the last answer"}.withValues(ratesOf(whole)...))
	b.report.addFigure(figure{Name: "CPU of an ask, full load", Unit: "µs", Detail: fmt.Sprintf("the server's own; the load beside it takes %.0f µs", load)}.
		withValues(cpuOf(whole)...).atMost(90, 70))
	b.report.addFigure(figure{Name: "CPU of an ask, full load, sent by https", Unit: "µs", Detail: "kept connections; keypull itself takes plain HTTP: a proxy ends TLS before it"}.
		withValues(cpuOf(secure)...).atMost(100, 80))
	b.report.addFigure(figure{Name: "the whole ask, platform by https : by http", Unit: "×", Detail: "the server's CPU"}.withValues(ratiosOf(cpuOf(secure), cpuOf(whole))...).atMost(1.2, 0))
	b.report.addFigure(withWrites(figure{Name: "written of an ask, full load", Unit: "kB"}, whole).atMost(3, 1.5))
}

// withWrites returns the figure of what was written for each ask.
func withWrites(f figure, of []pace) figure {
	for _, p := range of {
		if p.unwritten != "" {
			return f.unlessMissing(p.unwritten)
		}
	}
	return f.withValues(mapPaces(of, func(p pace) float64 { return p.written / 1000 })...)
}

// pace is what came of a load: how many asks a second, and what each cost the
// server of the processor, in microseconds, and of the disk, in bytes.
type pace struct {
	rate, micros, written, load float64
	p50, p99                    float64
	// unwritten says why written is not known.
	unwritten string
}

type values []float64

func (v values) medianValue() float64 { return medianOf(v) }

func mapPaces(paces []pace, f func(pace) float64) (all values) {
	for _, p := range paces {
		all = append(all, f(p))
	}
	return all
}

func ratesOf(paces []pace) values { return mapPaces(paces, func(p pace) float64 { return p.rate }) }
func cpuOf(paces []pace) values   { return mapPaces(paces, func(p pace) float64 { return p.micros }) }

// ratiosOf returns those of each round.
func ratiosOf(a, b values) (all values) {
	for i := range min(len(a), len(b)) {
		all = append(all, a[i]/b[i])
	}
	return all
}

// measureServed measures a server of its own: the yardstick where it has no name.
func (b *bencher) measureServed(ctx context.Context, name string, round int, j job) (p pace, err error) {
	if name == "" {
		s, err := b.launchServer(ctx, "--bare")
		if err != nil {
			return p, err
		}
		j.Count = 2 * b.asks
		p, err = b.measureLoad(ctx, s, j)
		return p, errors.Join(err, s.Close())
	}
	at := b.standIn.Place().Plain
	if j.Secure {
		at = b.standIn.Place().Secure
	}
	var args []string
	if !j.Answers {
		args = append(args, "--hold")
	}
	s, err := b.startServer(ctx, name+"-"+strconv.Itoa(round), configText(at, ""), args...)
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if j.Answers {
		if err := b.warmReaders(ctx, s, j); err != nil {
			return p, err
		}
	}
	j.Count = b.asks
	return b.measureLoad(ctx, s, j)
}

// warmReaders makes the readers known: their first asks make their keys, and the item
// is fetched.
func (b *bencher) warmReaders(ctx context.Context, s *serverProcess, j job) error {
	j.Count, j.Answers, j.Rate = max(j.Readers, b.readers), true, 0
	_, err := b.measureLoad(ctx, s, j)
	return err
}

// runLoad runs a job against a server; what it does not say is as the flags say.
func (b *bencher) runLoad(ctx context.Context, s *serverProcess, j job) (outcome, error) {
	j.Addr, j.Path = s.address, hookPath
	j.Text = cmp.Or(j.Text, word)
	j.Conns = cmp.Or(j.Conns, b.conns)
	j.Readers = cmp.Or(j.Readers, b.readers)
	j.First = b.next + 1
	b.next += int64(j.Count)
	l := runJob(ctx, b.standIn, j)
	if err := l.Err(); err != nil {
		return l, fmt.Errorf("%w %s", err, s.said)
	}
	return l, nil
}

// measureLoad runs a job, and tells what it cost the server.
func (b *bencher) measureLoad(ctx context.Context, s *serverProcess, j job) (p pace, err error) {
	before, err := s.Used(0)
	if err != nil {
		return p, err
	}
	from, unwritten := writtenBytes(s.cmd.Process.Pid)
	l, err := b.runLoad(ctx, s, j)
	if err != nil {
		return p, err
	}
	// What follows behind belongs to it.
	time.Sleep(quiet) //nolint:forbidigo // nothing tells when it has
	after, err := s.Used(0)
	if err != nil {
		return p, err
	}
	count := float64(j.Count)
	p = pace{rate: count / l.Seconds, micros: float64(after.Micros-before.Micros) / count, load: l.Micros, p50: l.P50, p99: l.P99}
	to, err := writtenBytes(s.cmd.Process.Pid)
	if p.written = float64(to-from) / count; errors.Join(err, unwritten) != nil {
		p.unwritten = onLinux
	} else if to == from {
		p.unwritten = "the folder is on no disk: choose another by --dir"
	}
	return p, nil
}

// startServer serves a configuration of its own.
func (b *bencher) startServer(ctx context.Context, name, config string, more ...string) (*serverProcess, error) {
	file, err := b.writeConfig(name, config)
	if err != nil {
		return nil, err
	}
	return b.launchServer(ctx, append([]string{"--config", file, "--pending", strconv.Itoa(pending)}, more...)...)
}

// pending is a limit that no measurement reaches.
const pending = most

// writeTrust writes down what a server has to trust so that the stand-in is, as it
// trusts the world's.
func (b *bencher) writeTrust() error {
	b.root = filepath.Join(b.dir, "root.pem")
	if err := os.WriteFile(b.root, b.standIn.root, 0o600); err != nil {
		return fmt.Errorf("write what is trusted: %w", err)
	}
	return nil
}

// writeConfig writes the configuration of a server with a folder of its own.
func (b *bencher) writeConfig(name, text string) (file string, err error) {
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

// configText returns a publisher whose feed and bot are at the stand-in; more goes
// behind its sources and keywords.
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
