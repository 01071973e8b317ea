package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestProgressShowsAfterASecondAndIsGoneAtTheEnd(t *testing.T) {
	t.Setenv("LC_ALL", "C")
	began := time.Unix(0, 0)
	for _, tt := range []struct {
		name  string
		ticks []time.Duration
		want  string
	}{
		{"short work shows nothing", []time.Duration{200 * time.Millisecond, 999 * time.Millisecond}, ""},
		{"long work is told of", []time.Duration{999 * time.Millisecond, time.Second}, "\r\x1b[K| copying 3 of 1,200 (1 s)\r\x1b[K"},
		{"the line turns", []time.Duration{time.Second, 61 * time.Second}, "\r\x1b[K| copying 3 of 1,200 (1 s)\r\x1b[K/ copying 3 of 1,200 (61 s)\r\x1b[K"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out bytes.Buffer
			ticks := make(chan time.Time)
			p := newProgress(&out, "copying", began, ticks)
			p.Tell(3, 1200)
			for _, after := range tt.ticks {
				ticks <- began.Add(after)
			}
			p.End()
			if out.String() != tt.want {
				t.Errorf("wrote %q, want %q", out.String(), tt.want)
			}
		})
	}
}

func TestNothingIsToldOfWorkWhereNobodyLooks(t *testing.T) {
	var out strings.Builder
	p := Working(&out, "cli.working_check")
	p.Tell(1, 2)
	p.End()
	if p != nil || out.Len() > 0 {
		t.Errorf("wrote %q", out.String())
	}
}

func TestLinksAreForTerminalsThatAreKnownToTakeThem(t *testing.T) {
	for _, tt := range []struct {
		name, value string
		want        bool
	}{
		{"VTE_VERSION", "6003", true}, {"VTE_VERSION", "4900", false}, {"TERM_PROGRAM", "iTerm.app", true}, {"TERM_PROGRAM", "Apple_Terminal", false},
		{"TERM", "xterm-kitty", true}, {"TERM", "xterm-256color", false}, {"WT_SESSION", "1", true}, {"NOTHING", "1", false},
	} {
		if got := clickable(func(name string) string { return map[string]string{tt.name: tt.value}[name] }); got != tt.want {
			t.Errorf("%s=%s: %v", tt.name, tt.value, got)
		}
	}
	if Link(&strings.Builder{}, "http://a/") != "http://a/" {
		t.Error("what is piped has more than the address")
	}
}
