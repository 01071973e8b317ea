// Package metrics tells Prometheus how the service is doing. It counts asks as they are settled;
// all else is read where it stands when it is asked for. Nothing of a reader is in it, and no
// word that anybody wrote.
package metrics

import (
	"bytes"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"

	"keypull/pull/journal"
)

// Bounds of labels: with every series of every publisher some 12,000.
const (
	mostPublishers = 200
	mostChannels   = 800
)

// other stands for all publishers, or channels, that have no label of their own.
const other = "other"

// Metrics counts, and tells. It is safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry
	asks     *prometheus.CounterVec
	took     *prometheus.HistogramVec
	// stages are those of an ask, in their order.
	stages [len(stageNames)]prometheus.Observer
	clock  func() time.Time

	mu sync.Mutex
	// publishers have labels of their own.
	publishers map[string]bool
	pace       pace
}

// New returns metrics that read everything else from read.
func New(clock func() time.Time, read func() Readings) *Metrics {
	m := &Metrics{
		registry: prometheus.NewPedanticRegistry(), clock: clock, publishers: map[string]bool{},
		asks: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "keypull_asks_total", Help: "Asks that were settled, by how they ended.",
		}, []string{publisherLabel, "outcome"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "keypull_ask_duration_seconds", Help: "Time from the arrival of an ask to its answer.", Buckets: bounds(),
		}, []string{publisherLabel}),
	}
	stages := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "keypull_ask_stage_duration_seconds", Help: "Time that asks spent in a stage: waiting, understanding, whose they are, fetching, wording.", Buckets: bounds(),
	}, []string{"stage"})
	for i, name := range stageNames {
		m.stages[i] = stages.WithLabelValues(name)
	}
	m.registry.MustRegister(m.asks, m.took, stages, &collector{m, read},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

const publisherLabel = "publisher"

// stageNames are what the stages of an ask are called.
var stageNames = [...]string{"queue", "what", "who", "when", "say"} //nolint:gochecknoglobals // they do not change

// bounds are the limits of histograms, in seconds.
func bounds() []float64 {
	return []float64{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}
}

// Watch counts a settled ask. What was told without being asked is none.
func (m *Metrics) Watch(publisher string, t *journal.Trace) {
	if t.Outcome == journal.Told || t.Outcome == journal.Clicked {
		return
	}
	label := m.label(publisher)
	m.asks.WithLabelValues(label, string(t.Counted())).Inc()
	m.took.WithLabelValues(label).Observe(seconds(t.Took.Total))
	for i, took := range [len(stageNames)]journal.Millis{t.Took.Queue, t.Took.What, t.Took.Who, t.Took.When, t.Took.Say} {
		m.stages[i].Observe(seconds(took))
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pace.count(m.clock())
}

func seconds(m journal.Millis) float64 { return max(float64(m), 0) / 1000 }

// label returns what a publisher is called: the first mostPublishers that are met by their ids.
func (m *Metrics) label(publisher string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.publishers[publisher]:
		return publisher
	case len(m.publishers) >= mostPublishers:
		return other
	}
	m.publishers[publisher] = true
	return publisher
}

// Pace returns how many asks were settled a second in the last minute.
func (m *Metrics) Pace() float64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.pace.perSecond(m.clock())
}

// pace counts by seconds for a minute.
type pace struct {
	seconds [paceSeconds]struct{ at, n int64 }
}

const paceSeconds = 60

func (p *pace) count(now time.Time) {
	at := now.Unix()
	s := &p.seconds[at%paceSeconds]
	if s.at != at {
		s.at, s.n = at, 0
	}
	s.n++
}

func (p *pace) perSecond(now time.Time) float64 {
	n := int64(0)
	for i := range p.seconds {
		s := &p.seconds[i]
		if age := now.Unix() - s.at; age >= 0 && age < paceSeconds {
			n += s.n
		}
	}
	return float64(n) / paceSeconds
}

// Text returns everything, or what is a publisher's own where one is named, in the form that
// an Accept header asks for, with its content type.
func (m *Metrics) Text(publisher, accept string) ([]byte, string, error) {
	families, err := m.registry.Gather()
	if err != nil {
		return nil, "", fmt.Errorf("gather metrics: %w", err)
	}
	format := expfmt.NegotiateAccept(http.Header{"Accept": {accept}}, expfmt.NewFormat(expfmt.TypeTextPlain), expfmt.NewFormat(expfmt.TypeProtoDelim))
	var out bytes.Buffer
	e := expfmt.NewEncoder(&out, format)
	for _, f := range families {
		if publisher != "" && !keepOwn(f, publisher) {
			continue
		}
		if err := e.Encode(f); err != nil {
			return nil, "", fmt.Errorf("write metrics: %w", err)
		}
	}
	return out.Bytes(), string(format), nil
}

// keepOwn leaves of a family what is a publisher's own, and says whether there is something.
func keepOwn(f *dto.MetricFamily, publisher string) bool {
	var own []*dto.Metric
	for _, one := range f.GetMetric() {
		for _, l := range one.GetLabel() {
			if l.GetName() == publisherLabel && l.GetValue() == publisher && publisher != other {
				own = append(own, one)
			}
		}
	}
	f.Metric = own
	return len(own) > 0
}

// Names lists the names of this package's metrics, as rules and dashboards write them.
func (m *Metrics) Names() ([]string, error) {
	families, err := m.registry.Gather()
	if err != nil {
		return nil, fmt.Errorf("gather metrics: %w", err)
	}
	var names []string
	for _, f := range families {
		if names = append(names, f.GetName()); f.GetType() == dto.MetricType_HISTOGRAM {
			names = append(names, f.GetName()+"_bucket", f.GetName()+"_sum", f.GetName()+"_count")
		}
	}
	return names, nil
}
