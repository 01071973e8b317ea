package httpjson

import "strings"

// line is one of a screen; joined says that it stays with the one above.
type line struct {
	text   string
	joined bool
}

// pages lays lines on screens: cut between lines, words where one is too long,
// and a stamp never without what it is of. The last ends in closing, each other
// in more.
func (p *Partner) pages(raw []string, more, closing string) []string {
	of, most := p.profile.Screens, p.most()
	if whole := joinedLines(p.lines(raw, func(string) bool { return true })); whole != "" && fits(of.Goes+whole+closing, most) {
		return []string{whole + closing}
	}
	lines := p.lines(raw, func(s string) bool { return fits(of.Goes+s+more, most) })
	var pages []string
	for len(lines) > 0 {
		if whole := joinedLines(lines); fits(of.Goes+whole+closing, most) {
			return append(pages, whole+closing)
		}
		n := 1
		for n < len(lines) && fits(of.Goes+joinedLines(lines[:n+1])+more, most) {
			n++
		}
		for n > 1 && lines[n].joined {
			n--
		}
		pages = append(pages, joinedLines(lines[:n])+more)
		lines = lines[n:]
	}
	return pages
}

// most is how much one screen holds.
func (p *Partner) most() int {
	const largest = 182
	if n := p.settings.Limits.Text; n > 0 {
		return min(n, largest)
	}
	return p.profile.Screens.Most
}

func fits(s string, most int) bool {
	n, room := length(s, most)
	return n <= room
}

func joinedLines(lines []line) string {
	texts := make([]string, len(lines))
	for i, l := range lines {
		texts[i] = l.text
	}
	return strings.Join(texts, "\n")
}

// lines folds lines and wraps those that no screen has room for.
func (p *Partner) lines(raw []string, hold func(string) bool) (all []line) {
	slanted := false
	for _, one := range raw {
		begins := strings.Contains(one, "\x0e")
		joined := slanted || begins
		slanted = (slanted || begins) && strings.LastIndex(one, "\x0f") <= strings.LastIndex(one, "\x0e")
		text := strings.TrimSpace(plainScreen(one))
		if text == "" {
			continue
		}
		for _, piece := range wrapped(text, hold) {
			all = append(all, line{text: piece, joined: joined && len(all) > 0})
			joined = false
		}
	}
	return all
}

// wrapped cuts a text between words, and where a word is too long within it.
func wrapped(text string, hold func(string) bool) (all []string) {
	now := ""
	for word := range strings.FieldsSeq(text) {
		for !hold(word) {
			cut := 0
			for i := range word {
				if i > 0 && !hold(word[:i]) {
					break
				}
				cut = i
			}
			if now != "" {
				all, now = append(all, now), ""
			}
			if cut == 0 {
				return all
			}
			all, word = append(all, word[:cut]), word[cut:]
		}
		next := strings.TrimSpace(now + " " + word)
		if !hold(next) {
			all, next = append(all, now), word
		}
		now = next
	}
	if now != "" {
		all = append(all, now)
	}
	return all
}
