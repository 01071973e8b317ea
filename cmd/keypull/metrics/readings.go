package metrics

import (
	"cmp"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Readings are what stands at a moment.
type Readings struct {
	Version string
	// Ready: an ask could be accepted. Unfinished were accepted and are not answered.
	Ready      bool
	Unfinished int
	Sources    []Source
	Channels   []Channel
	// StoreBytes and LogBytes are what the store takes, DiskFree what its disk has left.
	StoreBytes, LogBytes, DiskFree int64
	// Damaged stand aside since they can't be read.
	Damaged int
	// Filed is when the log was last brought into the store's file.
	Filed time.Time
	// MemoryAim is what the process aims to stay within.
	MemoryAim int64
	// Archive and Newest are when the halves of the backup were made; zero where none is.
	Archive, Newest time.Time
	// Following is how the standby has been doing; nil where there may be none.
	Following *Following
	// Nodes are the processes at the store's database; none where it is a file.
	Nodes []Node
}

// Node is a process at a database.
type Node struct {
	// Name is its machine and where it serves.
	Name string
	// Works: it answers what all take. Ready: it does, or may take over.
	Works, Ready bool
	// Ahead is how many seconds its clock is ahead of the database's.
	Ahead float64
}

// Following is how the machine that may take over has been doing.
type Following struct {
	// Follows: it has everything but for what is under way, of which LagRecords and Lag tell.
	Follows    bool
	LagRecords uint64
	Lag        time.Duration
	// Alone counts the asks that were accepted without it.
	Alone uint64
}

// Source is how a source has been doing.
type Source struct {
	Publisher                   string
	Requests, Bytes, Asks, Hits int64
	Failing                     bool
}

// Channel is how a channel has been doing.
type Channel struct {
	Publisher, Channel  string
	Sent, Dead, Waiting int64
	WaitingBytes        int64
	Refused             bool
}

// metric is one that is read.
type metric struct {
	desc *prometheus.Desc
	kind prometheus.ValueType
}

func gauge(name, help string, labels ...string) metric {
	return metric{prometheus.NewDesc("keypull_"+name, help, labels, nil), prometheus.GaugeValue}
}

func counter(name, help string, labels ...string) metric {
	return metric{prometheus.NewDesc("keypull_"+name, help, labels, nil), prometheus.CounterValue}
}

// Labels of a channel, and of a process at a database.
const (
	channelLabel = "channel"
	nodeLabel    = "node"
)

//nolint:gochecknoglobals // they do not change
var (
	info       = gauge("build_info", "1, with the version that runs.", "version")
	ready      = gauge("ready", "1 where an ask could be accepted now.")
	unfinished = gauge("asks_unfinished", "Asks that were accepted and are not answered yet.")

	requests = counter("source_requests_total", "Requests that sources sent upstream.", publisherLabel)
	received = counter("source_received_bytes_total", "Bytes that sources read from upstream, decoded.", publisherLabel)
	sought   = counter("source_asks_total", "What readers asked of sources.", publisherLabel)
	hits     = counter("source_hits_total", "Asks that were answered from what was held.", publisherLabel)
	failing  = gauge("sources_failing", "Sources whose last fetch failed.", publisherLabel)

	sent    = counter("channel_sent_total", "Messages that a platform took.", publisherLabel, channelLabel)
	dead    = counter("channel_dead_total", "Answers that could not be sent for good.", publisherLabel, channelLabel)
	waiting = gauge("channel_outbox_messages", "Answers that wait for a platform.", publisherLabel, channelLabel)
	outbox  = gauge("channel_outbox_bytes", "What they take on disk.", publisherLabel, channelLabel)
	refused = gauge("channel_refused", "1 where the platform refuses the account.", publisherLabel, channelLabel)

	storeBytes = gauge("store_file_bytes", "Size of the store's file.")
	logBytes   = gauge("store_log_bytes", "Size of the store's log, which stands beside the file.")
	diskFree   = gauge("store_disk_free_bytes", "What the store's disk has left.")
	damaged    = gauge("store_damaged_values", "Records and values that stand aside since they can't be read.")
	filed      = gauge("store_checkpoint_timestamp_seconds", "When the store's file was last written.")
	aim        = gauge("memory_aim_bytes", "What the process aims to stay within.")
	archive    = gauge("backup_archive_timestamp_seconds", "When the last archive was made.")
	newest     = gauge("backup_newest_timestamp_seconds", "When the newest half of the backup was made.")

	follows    = gauge("standby_follows", "1 where the standby follows, and has everything but for what is under way.")
	lagRecords = gauge("standby_lag_records", "Records of the log that the standby does not have.")
	lagSeconds = gauge("standby_lag_seconds", "For how long the standby has not had everything.")
	alone      = counter("standby_alone_asks_total", "Asks that were accepted without the standby, though it was waited for.")
	nodeWorks  = gauge("node_works", "1 for the node that works, 0 for one that waits and forwards.", nodeLabel)
	nodeReady  = gauge("node_ready", "1 where the node works or could take over.", nodeLabel)
	nodeAhead  = gauge("node_clock_ahead_seconds", "How far the node's clock is ahead of the database's.", nodeLabel)
	connected  = gauge("standby_connected", "On the standby: 1 where the primary answers.")
	taken      = gauge("standby_taken_timestamp_seconds", "On the standby: up to when it has everything.")
)

// collector reads what stands when it is asked for.
type collector struct {
	metrics *Metrics
	read    func() Readings
}

var _ prometheus.Collector = (*collector)(nil)

// Describe implements prometheus.Collector.
func (*collector) Describe(to chan<- *prometheus.Desc) {
	for _, m := range []metric{info, ready, unfinished, requests, received, sought, hits, failing, sent, dead, waiting, outbox, refused,
		storeBytes, logBytes, diskFree, damaged, filed, aim, archive, newest, follows, lagRecords, lagSeconds, alone, nodeWorks, nodeReady, nodeAhead} {
		to <- m.desc
	}
}

// Collect implements prometheus.Collector.
func (c *collector) Collect(to chan<- prometheus.Metric) {
	r := c.read()
	put := func(m metric, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(m.desc, m.kind, v, labels...)
	}
	put(info, 1, r.Version)
	put(ready, truth(r.Ready))
	put(unfinished, float64(r.Unfinished))
	put(storeBytes, float64(r.StoreBytes))
	put(logBytes, float64(r.LogBytes))
	put(diskFree, float64(r.DiskFree))
	put(damaged, float64(r.Damaged))
	put(aim, float64(r.MemoryAim))
	for m, at := range map[metric]time.Time{filed: r.Filed, archive: r.Archive, newest: r.Newest} {
		if !at.IsZero() {
			put(m, float64(at.UnixMilli())/1000)
		}
	}
	if f := r.Following; f != nil {
		put(follows, truth(f.Follows))
		put(lagRecords, float64(f.LagRecords))
		put(lagSeconds, f.Lag.Seconds())
		put(alone, float64(f.Alone))
	}
	for _, n := range r.Nodes {
		put(nodeWorks, truth(n.Works), n.Name)
		put(nodeReady, truth(n.Ready), n.Name)
		put(nodeAhead, n.Ahead, n.Name)
	}
	for publisher, s := range c.sumSources(r.Sources) {
		put(requests, float64(s.Requests), publisher)
		put(received, float64(s.Bytes), publisher)
		put(sought, float64(s.Asks), publisher)
		put(hits, float64(s.Hits), publisher)
		put(failing, float64(s.failing), publisher)
	}
	for at, s := range c.sumChannels(r.Channels) {
		put(sent, float64(s.Sent), at.publisher, at.channel)
		put(dead, float64(s.Dead), at.publisher, at.channel)
		put(waiting, float64(s.Waiting), at.publisher, at.channel)
		put(outbox, float64(s.WaitingBytes), at.publisher, at.channel)
		put(refused, truth(s.Refused), at.publisher, at.channel)
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// sourceSum adds up the sources of a label.
type sourceSum struct {
	Source
	failing int
}

func (c *collector) sumSources(all []Source) map[string]sourceSum {
	sums := map[string]sourceSum{}
	for _, s := range all {
		label := c.metrics.label(s.Publisher)
		sum := sums[label]
		sum.Requests, sum.Bytes, sum.Asks, sum.Hits = sum.Requests+s.Requests, sum.Bytes+s.Bytes, sum.Asks+s.Asks, sum.Hits+s.Hits
		if s.Failing {
			sum.failing++
		}
		sums[label] = sum
	}
	return sums
}

// channelPlace is the labels of a channel.
type channelPlace struct{ publisher, channel string }

// sumChannels adds up the channels of the same labels: those of publishers without one of their
// own, and all beyond mostChannels, by their ids.
func (c *collector) sumChannels(all []Channel) map[channelPlace]Channel {
	all = slices.SortedFunc(slices.Values(all), func(a, b Channel) int {
		return cmp.Or(cmp.Compare(a.Publisher, b.Publisher), cmp.Compare(a.Channel, b.Channel))
	})
	sums := map[channelPlace]Channel{}
	told := 0
	for _, one := range all {
		at := channelPlace{c.metrics.label(one.Publisher), one.Channel}
		if at.publisher == other || told >= mostChannels {
			at.channel = other
		} else {
			told++
		}
		sum := sums[at]
		sum.Sent, sum.Dead, sum.Waiting, sum.WaitingBytes = sum.Sent+one.Sent, sum.Dead+one.Dead, sum.Waiting+one.Waiting, sum.WaitingBytes+one.WaitingBytes
		sum.Refused = sum.Refused || one.Refused
		sums[at] = sum
	}
	return sums
}
