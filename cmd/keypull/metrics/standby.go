package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// Standby is how a machine that may take over is doing, as it knows itself.
type Standby struct {
	Version string
	// Connected: the primary answers. Whole: it may be promoted.
	Connected, Whole bool
	// Taken is the moment up to which it has everything, zero where it never had.
	Taken      time.Time
	LagRecords uint64
}

// NewStandby returns the metrics of a standby, which are read by read.
func NewStandby(read func() Standby) *Metrics {
	m := &Metrics{registry: prometheus.NewPedanticRegistry()}
	m.registry.MustRegister(&standbyCollector{read}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

type standbyCollector struct{ read func() Standby }

var _ prometheus.Collector = (*standbyCollector)(nil)

// Describe implements prometheus.Collector.
func (*standbyCollector) Describe(to chan<- *prometheus.Desc) {
	for _, m := range []metric{info, ready, follows, connected, lagRecords, taken} {
		to <- m.desc
	}
}

// Collect implements prometheus.Collector.
func (c *standbyCollector) Collect(to chan<- prometheus.Metric) {
	r := c.read()
	put := func(m metric, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(m.desc, m.kind, v, labels...)
	}
	put(info, 1, r.Version)
	put(ready, 0)
	put(follows, truth(r.Whole))
	put(connected, truth(r.Connected))
	put(lagRecords, float64(r.LagRecords))
	if !r.Taken.IsZero() {
		put(taken, float64(r.Taken.UnixMilli())/1000)
	}
}
