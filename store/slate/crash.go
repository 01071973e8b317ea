package slate

import (
	"path/filepath"
	"regexp"
	"strings"
)

// maxReport is how much of a report is read; it begins with what counts.
const maxReport = 64 << 10

// maxFrames is how many places are told.
const maxFrames = 4

var (
	place = regexp.MustCompile(`^\t(\S+\.go:\d+)`)
	said  = regexp.MustCompile(`^(?:panic: (?:runtime error: .*|assignment to entry in nil map|(?:close of|send on) (?:closed|nil) channel)|fatal error: .*|runtime: out of memory.*|SIG\w+: .*)`)
)

// words are what a report says in one line: what broke down, in the runtime's
// own words alone, since a panic's may hold a reader's, and where.
func words(report string) string {
	what, lines := "", strings.Split(report, "\n")
	var places []string
	for _, line := range lines {
		line = strings.TrimRight(line, "\r")
		if what == "" && said.MatchString(line) {
			what = line
		}
		if what == "" && strings.HasPrefix(line, "panic: ") {
			what = "panic"
		}
		m := place.FindStringSubmatch(line)
		if len(m) < 2 || strings.Contains(m[1], "runtime/") || len(places) == maxFrames {
			continue
		}
		places = append(places, filepath.Join(filepath.Base(filepath.Dir(m[1])), filepath.Base(m[1])))
	}
	if what == "" || len(places) == 0 {
		return what
	}
	return what + " at " + strings.Join(places, ", ")
}
