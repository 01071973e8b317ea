package metrics_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/cmd/keypull/metrics"
	"keypull/pull/journal"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// full returns readings in which everything stands.
func full(publishers int) metrics.Readings {
	r := metrics.Readings{Version: "0.4.0", Ready: true, Unfinished: 3, StoreBytes: 1 << 20, LogBytes: 1 << 10, DiskFree: 1 << 30,
		Damaged: 1, Filed: noon, MemoryAim: 256 << 20, Archive: noon, Newest: noon, Following: &metrics.Following{Follows: true},
		Nodes: []metrics.Node{{Name: "one 10.0.0.1:8080", Works: true, Ready: true}, {Name: "two 10.0.0.2:8080", Ahead: 1}}}
	for i := range publishers {
		p := fmt.Sprintf("p%04d", i)
		for s := range 4 {
			r.Sources = append(r.Sources, metrics.Source{Publisher: p, Requests: 2, Bytes: 100, Asks: 10, Hits: 8, Failing: s == 0})
		}
		for c := range 5 {
			r.Channels = append(r.Channels, metrics.Channel{Publisher: p, Channel: fmt.Sprintf("c%d", c), Sent: 7, Dead: 1, Waiting: 2, WaitingBytes: 40})
		}
	}
	return r
}

func askedMetrics(publishers int) *metrics.Metrics {
	m := metrics.New(func() time.Time { return noon }, func() metrics.Readings { return full(publishers) })
	for i := range publishers {
		for _, o := range []journal.Outcome{journal.Answered, journal.Refused, journal.Offered, journal.Missed, journal.Ordered, journal.Ended, journal.Silent, journal.Told} {
			m.Watch(fmt.Sprintf("p%04d", i), &journal.Trace{Outcome: o, Took: journal.Took{Queue: 1, What: 2, When: 30, Total: 40}})
		}
	}
	return m
}

// lines returns the series that are told.
func lines(t *testing.T, m *metrics.Metrics, publisher string) (all []string) {
	t.Helper()
	text, kind, err := m.Text(publisher, "text/plain")
	if err != nil || !strings.HasPrefix(kind, "text/plain") {
		t.Fatal(kind, err)
	}
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") {
			all = append(all, strings.TrimSpace(line))
		}
	}
	return all
}

func TestWhatIsToldIsWhatStands(t *testing.T) {
	all := lines(t, askedMetrics(2), "")
	for _, want := range []string{
		`keypull_build_info{version="0.4.0"} 1`, `keypull_ready 1`, `keypull_asks_unfinished 3`,
		`keypull_asks_total{outcome="answered",publisher="p0001"} 1`, `keypull_ask_duration_seconds_count{publisher="p0000"} 7`,
		`keypull_ask_duration_seconds_bucket{publisher="p0000",le="0.05"} 7`, `keypull_ask_duration_seconds_bucket{publisher="p0000",le="0.025"} 0`,
		`keypull_ask_stage_duration_seconds_count{stage="when"} 14`,
		`keypull_source_requests_total{publisher="p0000"} 8`, `keypull_source_hits_total{publisher="p0001"} 32`, `keypull_sources_failing{publisher="p0000"} 1`,
		`keypull_channel_outbox_messages{channel="c3",publisher="p0001"} 2`, `keypull_channel_refused{channel="c0",publisher="p0000"} 0`,
		`keypull_backup_archive_timestamp_seconds 1.795608e+09`,
	} {
		if !slices.Contains(all, want) {
			t.Errorf("nobody tells %s", want)
		}
	}
	if slices.ContainsFunc(all, func(l string) bool { return strings.Contains(l, `"told"`) }) {
		t.Error("what was told without being asked is counted")
	}
}

func TestSeriesAreBoundedAndNothingIsLeftOutOfTheSums(t *testing.T) {
	const publishers = 2000
	all := lines(t, askedMetrics(publishers), "")
	if len(all) > 20_000 {
		t.Errorf("%d series", len(all))
	}
	for _, want := range []string{
		`keypull_asks_total{outcome="missed",publisher="other"} 1800`, `keypull_source_requests_total{publisher="other"} 14400`,
		`keypull_sources_failing{publisher="other"} 1800`,
	} {
		if !slices.Contains(all, want) {
			t.Errorf("nobody tells %s", want)
		}
	}
	sent := 0
	for _, l := range all {
		var n int
		if strings.HasPrefix(l, "keypull_channel_sent_total{") {
			_, _ = fmt.Sscan(l[strings.LastIndexByte(l, ' ')+1:], &n)
			sent += n
		}
	}
	if want := publishers * 5 * 7; sent != want {
		t.Errorf("the channels sent %d, want %d", sent, want)
	}
}

func TestAPublisherIsToldItsOwnAlone(t *testing.T) {
	own := lines(t, askedMetrics(3), "p0001")
	if len(own) == 0 {
		t.Fatal("nothing is told")
	}
	for _, l := range own {
		if !strings.Contains(l, `publisher="p0001"`) {
			t.Errorf("a publisher is told %s", l)
		}
	}
	if of := lines(t, askedMetrics(300), "other"); len(of) > 0 {
		t.Errorf("a publisher of that name is told the others: %v", of[:1])
	}
}

func TestThePaceIsThatOfTheLastMinute(t *testing.T) {
	now := noon
	m := metrics.New(func() time.Time { return now }, func() metrics.Readings { return metrics.Readings{} })
	for range 120 {
		m.Watch("p", &journal.Trace{Outcome: journal.Answered})
		now = now.Add(500 * time.Millisecond)
	}
	if got := m.Pace(); got < 1.9 || got > 2 {
		t.Errorf("%v asks a second", got)
	}
	now = now.Add(time.Minute)
	if got := m.Pace(); got != 0 {
		t.Errorf("a minute later it is %v", got)
	}
}

// Rules and dashboard are held to the names that there are; a real Prometheus, to which
// they are given in an end-to-end test, judges the rest.
func TestRulesAndDashboardNameMetricsThatThereAre(t *testing.T) {
	names, err := askedMetrics(1).Names()
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`\b(?:keypull|process|go)_[a-z_]+`)
	for _, file := range []string{"prometheus-rules.yml", "grafana-dashboard.json"} {
		text, err := os.ReadFile(filepath.Join("..", "..", "..", "deploy", file)) //nolint:gosec // of this repository
		if err != nil {
			t.Fatal(err)
		}
		met := map[string]bool{}
		for _, name := range named.FindAllString(string(text), -1) {
			if met[name] = true; !slices.Contains(names, name) {
				t.Errorf("%s names %s, which there is not", file, name)
			}
		}
		if len(met) < 10 {
			t.Errorf("%s names %d metrics", file, len(met))
		}
	}
}
