package sources

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Bounds of a robots.txt: RFC 9309 §2.5 has crawlers read 500 KiB at least; of
// a longer one the beginning counts.
const (
	maxRobotsBytes  = 512 << 10
	maxRobotsSent   = 4 << 20
	maxRobotsRules  = 5000
	maxRobotsPath   = 2048
	maxRobotsStars  = 16
	maxCrawlDelay   = time.Minute
	robotsName      = "keypull"
	everybodysGroup = "*"
)

// robotsRules are what one robots.txt says to us.
type robotsRules struct {
	rules []robotsRule
	delay time.Duration
	// closed forbids all, since nobody could tell what is allowed.
	closed bool
}

type robotsRule struct {
	path  string
	allow bool
}

// robotsGroup is what the lines below a run of user agents say.
type robotsGroup struct {
	rules []robotsRule
	delay time.Duration
	met   bool
}

// readRobots reads a robots.txt by RFC 9309: of all groups those that name us
// count, together, and where there is none those for everybody. Lines that
// cannot be read are passed over.
func readRobots(text []byte) robotsRules {
	text = bytes.TrimPrefix(text[:min(len(text), maxRobotsBytes)], []byte("\xEF\xBB\xBF"))
	var own, others robotsGroup
	var current []*robotsGroup
	naming := false
	for line := range strings.FieldsFuncSeq(string(text), func(r rune) bool { return r == '\n' || r == '\r' }) {
		line, _, _ = strings.Cut(line, "#")
		field, value, ok := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		if !ok {
			continue
		}
		switch strings.ToLower(strings.TrimSpace(field)) {
		case "user-agent", "useragent":
			if !naming {
				current, naming = nil, true
			}
			switch robotsProduct(value) {
			case robotsName:
				own.met = true
				current = append(current, &own)
			case everybodysGroup:
				current = append(current, &others)
			}
		case "allow", "disallow":
			naming = false
			for _, g := range current {
				g.addRule(value, strings.EqualFold(strings.TrimSpace(field), "allow"))
			}
		case "crawl-delay":
			naming = false
			for _, g := range current {
				g.setDelay(value)
			}
		}
	}
	chosen := others
	if own.met {
		chosen = own
	}
	return robotsRules{rules: chosen.rules, delay: chosen.delay}
}

// robotsProduct returns the name of a crawler without its version.
func robotsProduct(value string) string {
	name := strings.ToLower(value)
	if i := strings.IndexAny(name, "/ \t"); i >= 0 {
		name = name[:i]
	}
	return name
}

func (g *robotsGroup) addRule(path string, allow bool) {
	if path == "" || len(path) > maxRobotsPath || len(g.rules) >= maxRobotsRules {
		return
	}
	if path[0] != '/' && path[0] != '*' && path[0] != '$' {
		path = "/" + path
	}
	for strings.Contains(path, "**") {
		path = strings.ReplaceAll(path, "**", "*")
	}
	if strings.Count(path, "*") > maxRobotsStars {
		return
	}
	g.rules = append(g.rules, robotsRule{path: escapedAlike(path), allow: allow})
}

func (g *robotsGroup) setDelay(value string) {
	seconds, err := strconv.ParseFloat(strings.Replace(value, ",", ".", 1), 64)
	if err != nil || !(seconds > 0) {
		return
	}
	g.delay = max(g.delay, time.Duration(min(seconds, maxCrawlDelay.Seconds())*float64(time.Second)))
}

// allowsPath says whether a path with its query may be asked for: the longest rule
// that fits decides, and of two of one length the one that allows.
func (r robotsRules) allowsPath(path string) bool {
	if r.closed {
		return false
	}
	path = escapedAlike(path)
	longest, allowed := -1, true
	for _, rule := range r.rules {
		if n := len(rule.path); n < longest || n == longest && !rule.allow || !robotsMatch(rule.path, path) {
			continue
		}
		longest, allowed = len(rule.path), rule.allow
	}
	return allowed
}

// robotsMatch says whether a path begins as a pattern has it: "*" stands for
// any letters, "$" at the end for the end.
func robotsMatch(pattern, path string) bool {
	pattern, ends := strings.CutSuffix(pattern, "$")
	parts := strings.Split(pattern, "*")
	rest, ok := strings.CutPrefix(path, parts[0])
	if !ok {
		return false
	}
	if len(parts) == 1 {
		return !ends || rest == ""
	}
	last := len(parts) - 1
	for _, part := range parts[1:last] {
		i := strings.Index(rest, part)
		if i < 0 {
			return false
		}
		rest = rest[i+len(part):]
	}
	if ends {
		return strings.HasSuffix(rest, parts[last])
	}
	return strings.Contains(rest, parts[last])
}

// escapedAlike spells a path in one way: letters that need no escape without,
// all others with one in capitals.
func escapedAlike(path string) string {
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		c := path[i]
		if c == '%' && i+2 < len(path) {
			if n, err := strconv.ParseUint(path[i+1:i+3], 16, 8); err == nil {
				i += 2
				if d := byte(n); d >= 'a' && d <= 'z' || d >= 'A' && d <= 'Z' || d >= '0' && d <= '9' || strings.IndexByte("-._~", d) >= 0 {
					b.WriteByte(d)
				} else {
					b.WriteString("%" + strings.ToUpper(path[i-1:i+1]))
				}
				continue
			}
		}
		if c >= 0x80 {
			b.WriteString(url.PathEscape(string([]byte{c})))
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}
