package inflight

import (
	"path/filepath"
	"regexp"
	"strings"
)

// maxReport is how much of a report is read; it begins with what counts.
const maxReport = 64 << 10

// maxFrames is how many frames are told.
const maxFrames = 4

var (
	frame = regexp.MustCompile(`^\t(\S+\.go:\d+)`)
	said  = regexp.MustCompile(`^(?:panic: (?:runtime error: .*|assignment to entry in nil map|(?:close of|send on) (?:closed|nil) channel)|fatal error: .*|runtime: out of memory.*|SIG\w+: .*)`)
)

// crashText returns what a report says in one line: what broke down and where. It is in
// the runtime's own words alone, since a panic's may hold a reader's.
func crashText(report string) string {
	what, lines := "", strings.Split(report, "\n")
	var frames []string
	for _, line := range lines {
		line = strings.TrimRight(line, "\r")
		if what == "" && said.MatchString(line) {
			what = line
		}
		if what == "" && strings.HasPrefix(line, "panic: ") {
			what = "panic"
		}
		m := frame.FindStringSubmatch(line)
		if len(m) < 2 || strings.Contains(m[1], "runtime/") || len(frames) == maxFrames {
			continue
		}
		frames = append(frames, filepath.Join(filepath.Base(filepath.Dir(m[1])), filepath.Base(m[1])))
	}
	if what == "" || len(frames) == 0 {
		return what
	}
	return what + " at " + strings.Join(frames, ", ")
}
