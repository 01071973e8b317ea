package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"keypull/cmd/keypull/cli"
)

func TestARunningServerTellsHowItIsDoing(t *testing.T) {
	h := openCopiedHouse(t)
	h.reply(h.api, stayingReader, "news")
	h.backsUp(t)
	var told struct {
		Ready   bool
		URL     string
		Sources []struct{ Publisher string }
		Pace    float64 `json:"asks_per_s"`
		Free    int64   `json:"disk_free"`
		Backup  *int64  `json:"backup_age_s"`
	}
	if err := json.Unmarshal([]byte(h.printed(t, "status --json")), &told); err != nil {
		t.Fatal(err)
	}
	if !told.Ready || told.URL != h.URL || told.Pace <= 0 || told.Free <= 0 || told.Backup == nil || len(told.Sources) != 1 {
		t.Errorf("status is %+v", told)
	}
	if got := h.printed(t, "status"); !strings.Contains(got, "answers at "+h.URL) {
		t.Errorf("status says %q", got)
	}
	h.stop()
	h.runs(t, []commandLine{{"without a server", "status --json", cli.Unreachable, "", "No server runs here"}})
}

func TestMetricsTellOfAsksAndNothingOfReaders(t *testing.T) {
	h := openCopiedHouse(t)
	h.reply(h.api, stayingReader, "news")
	h.reply(h.api, stayingReader, stayingMark+" parade")
	h.settled()
	got := request(t, http.MethodGet, h.URL+"/metrics", "", nil)
	for _, want := range []string{
		`keypull_asks_total{outcome="answered",publisher="lecker"} 1`, `keypull_ask_duration_seconds_count{publisher="lecker"} 2`,
		`keypull_channel_sent_total{channel="tg",publisher="lecker"} 2`, "keypull_ready 1", "keypull_store_disk_free_bytes ",
	} {
		if !strings.Contains(got.body, want) {
			t.Errorf("/metrics does not tell %s", want)
		}
	}
	if got.status != http.StatusOK || !strings.HasPrefix(got.header.Get("Content-Type"), "text/plain") || strings.Contains(got.body, stayingMark) {
		t.Errorf("/metrics answered %d, %s", got.status, got.header.Get("Content-Type"))
	}
}
