package outside

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// maxLifetime bounds how long upstream's own word on freshness is believed.
const maxLifetime = 365 * 24 * time.Hour

// freshUntil returns the end of freshness for a shared cache, counted from
// fetched; zero where upstream said nothing.
func freshUntil(h http.Header, fetched time.Time) time.Time {
	lifetime, known := freshFor(h, fetched)
	if !known {
		return time.Time{}
	}
	return fetched.Add(lifetime)
}

// freshFor returns how long a response is fresh by RFC 9111 §4.2.1: by s-maxage,
// else max-age, else Expires. It is zero for what must not be served again
// unasked, to anybody, or to any other request.
func freshFor(h http.Header, fetched time.Time) (time.Duration, bool) {
	control := parseCacheControl(h.Values("Cache-Control"))
	if control.never || variesByAll(h.Values("Vary")) {
		return 0, true
	}
	for _, name := range []string{"s-maxage", "max-age"} {
		if values, ok := control.values[name]; ok {
			return min(agreedLifetime(values), maxLifetime), true
		}
	}
	return byDate(h, fetched)
}

// agreedLifetime returns the lifetime that all values of a directive tell. A response that
// contradicts itself, or tells no whole seconds, is stale (RFC 9111 §4.2.1).
func agreedLifetime(values []string) time.Duration {
	if slices.ContainsFunc(values, func(v string) bool { return v != values[0] }) {
		return 0
	}
	lifetime, _ := parseWholeSeconds(values[0])
	return lifetime
}

// byDate returns the time from Date to Expires. An Expires that is no date, such as
// "0", lies in the past (RFC 9111 §5.3), and two that differ are none.
func byDate(h http.Header, fetched time.Time) (time.Duration, bool) {
	values := h.Values("Expires")
	if len(values) == 0 {
		return 0, false
	}
	end, err := http.ParseTime(values[0])
	if err != nil || slices.ContainsFunc(values, func(v string) bool { return v != values[0] }) {
		return 0, true
	}
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		date = fetched
	}
	return min(max(end.Sub(date), 0), maxLifetime), true
}

// variesByAll reports whether a response answers no request but its own.
func variesByAll(values []string) bool {
	for _, value := range values {
		for name := range strings.SplitSeq(value, ",") {
			if strings.TrimSpace(name) == "*" {
				return true
			}
		}
	}
	return false
}

// cacheControl is what Cache-Control tells a shared cache.
type cacheControl struct {
	// never: the response must not be served again unasked. So counts a
	// no-cache or private that names fields alone, as RFC 9111 allows.
	never bool
	// values are the arguments of the directives that have one.
	values map[string][]string
}

func parseCacheControl(lines []string) cacheControl {
	var c cacheControl
	for _, line := range lines {
		for line != "" {
			var part string
			part, line = cutDirective(line)
			name, argument, _ := strings.Cut(part, "=")
			switch name = strings.ToLower(strings.TrimSpace(name)); name {
			case "no-store", "no-cache", "private":
				c.never = true
			case "max-age", "s-maxage":
				argument = strings.TrimSpace(argument)
				if inner, ok := strings.CutPrefix(argument, `"`); ok {
					argument = strings.TrimSuffix(inner, `"`)
				}
				if c.values == nil {
					c.values = map[string][]string{}
				}
				c.values[name] = append(c.values[name], argument)
			}
		}
	}
	return c
}

// cutDirective parts a line behind its first directive. Commas in quotes part
// nothing.
func cutDirective(line string) (first, rest string) {
	quoted := false
	for i := 0; i < len(line); i++ {
		switch {
		case line[i] == '\\' && quoted:
			i++
		case line[i] == '"':
			quoted = !quoted
		case line[i] == ',' && !quoted:
			return line[:i], line[i+1:]
		}
	}
	return line, ""
}
