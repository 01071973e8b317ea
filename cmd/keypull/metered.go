package main

import (
	"os"
	"path/filepath"
	"time"

	"keypull/cmd/keypull/metrics"
	"keypull/web"
)

// tellMetrics returns what may be seen of what is counted.
func (s *Server) tellMetrics(v web.Visibility, accept string) ([]byte, string, error) {
	publisher := v.Publisher
	if v.All {
		publisher = ""
	}
	return s.metrics.Text(publisher, accept)
}

// readMetrics reads what stands at this moment.
func (s *Server) readMetrics() metrics.Readings {
	store := s.config.StorePath()
	r := metrics.Readings{Version: releaseVersion(), Ready: s.room.Knows() && s.store.Room() == nil, Unfinished: s.pipeline.Unfinished(),
		Damaged: s.store.Damaged(), MemoryAim: int64(s.shares.total)}
	for _, h := range s.cache.Health() {
		r.Sources = append(r.Sources, metrics.Source{Publisher: h.Publisher, Requests: int64(h.Requests), Bytes: h.Bytes,
			Asks: int64(h.Asks), Hits: int64(h.Hits), Failing: !h.Error.IsZero()})
	}
	type place struct{ publisher, channel string }
	waiting := map[place]int64{}
	bytes := map[place]int64{}
	for _, l := range s.pipeline.Loads() {
		waiting[place{l.Publisher, l.Channel}], bytes[place{l.Publisher, l.Channel}] = int64(l.Waiting), l.Bytes
	}
	for _, c := range s.channels.All() {
		h, at := c.Health(), place{c.Publisher, c.ID}
		r.Channels = append(r.Channels, metrics.Channel{Publisher: c.Publisher, Channel: c.ID, Sent: int64(h.Sent), Dead: int64(h.Dead),
			Waiting: waiting[at], WaitingBytes: bytes[at], Refused: !h.Refused.IsZero()})
	}
	if store != "" {
		r.StoreBytes, r.Filed = sizeOf(store)
		logs, _ := filepath.Glob(store + ".wal.*") // the pattern is one
		for _, log := range logs {
			n, _ := sizeOf(log)
			r.LogBytes += n
		}
	}
	r.DiskFree, _ = s.store.DiskFree()
	if l := s.standby; l != nil {
		h := l.primary.Health()
		r.Following = &metrics.Following{Follows: h.Whole, LagRecords: h.Flushed - min(h.Taken, h.Flushed), Lag: h.Lag(s.clock()), Alone: h.Alone}
	}
	if s.backups != nil {
		h := s.backups.Health()
		r.Archive, r.Newest = h.Archive, h.Newest
	}
	known := map[string]bool{} // a name twice is one that began anew
	for _, n := range s.listNodes(s.ctx) {
		if !known[n.Name] {
			known[n.Name] = true
			r.Nodes = append(r.Nodes, metrics.Node{Name: n.Name, Works: n.State == nodeWorks, Ready: !n.Keyless, Ahead: n.Ahead})
		}
	}
	return r
}

// sizeOf returns the size of a file, and when it was last written.
func sizeOf(path string) (int64, time.Time) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, time.Time{}
	}
	return info.Size(), info.ModTime()
}
