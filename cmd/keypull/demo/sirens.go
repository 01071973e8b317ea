package demo

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// Sirens is where the outlet's own program is told what fails, and shows it.
const Sirens = "/alarms"

// Bounds of what the sirens keep.
const (
	mostAlarms     = 50
	mostAlarmBytes = 64 << 10
)

// sirens remember the alarms that came last.
type sirens struct {
	mu     sync.Mutex
	alarms []string
}

// takeAlarm notes what an alarm says. A real one would look at its signature first.
func (n *sirens) takeAlarm(w http.ResponseWriter, r *http.Request) {
	var told struct {
		Type      string    `json:"type"`
		Timestamp time.Time `json:"timestamp"`
		Data      struct {
			Failures []struct{ Noun, ID, Name, Text, Mend string } `json:"failures"`
		} `json:"data"`
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostAlarmBytes))
	if err != nil || json.Unmarshal(body, &told) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	line := told.Timestamp.Local().Format(time.TimeOnly) + " " + told.Type
	for _, f := range told.Data.Failures {
		line += fmt.Sprintf("  %s %s: %s. %s", f.Noun, f.ID, f.Text, f.Mend)
	}
	if n.alarms = append(n.alarms, line); len(n.alarms) > mostAlarms {
		n.alarms = n.alarms[1:]
	}
	w.WriteHeader(http.StatusNoContent)
}

// showAlarms shows the alarms that came last, the latest first.
func (n *sirens) showAlarms(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.alarms) == 0 {
		_, _ = io.WriteString(w, "No alarm yet: switch the exchange off beside the phone, ask for WIPRO, and wait a minute.\n")
	}
	for i := len(n.alarms) - 1; i >= 0; i-- {
		_, _ = io.WriteString(w, n.alarms[i]+"\n")
	}
}
