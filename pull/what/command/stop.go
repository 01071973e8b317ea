package command

import (
	"strings"
	"sync"
	"unicode/utf8"

	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
)

// Bounds of the messages that are read as a wording of stop: words, and bytes
// of a message without spaces.
const (
	maxStopWords  = 16
	maxStopJoined = 120
)

// says is what a piece of a wording is, of several kinds at once.
type says uint8

const (
	saysCore says = 1 << iota
	saysNeeding
	saysLead
	saysTail
	saysObject
)

// manner is a wording made ready: what each of its pieces says.
type manner struct {
	tag    string
	pieces map[string]says
	// longest is the most words, or characters, of a piece.
	longest int
	joined  bool
}

// stopManners holds every wording. A word that no wording knows ends the
// reading of an ordinary message at once: words maps each to the set of the
// wordings that know it, one bit for each.
type stopManners struct {
	manners []manner
	words   map[string]uint64
	joined  []int
}

var stopReader = sync.OnceValue(func() *stopManners {
	s := &stopManners{words: map[string]uint64{}}
	for _, tag := range languages.Tags() {
		m := readManner(tag)
		if len(m.pieces) == 0 {
			continue
		}
		i := len(s.manners)
		s.manners = append(s.manners, m)
		if m.joined {
			s.joined = append(s.joined, i)
			continue
		}
		for piece := range m.pieces {
			for word := range strings.SplitSeq(piece, " ") {
				s.words[word] |= 1 << i
			}
		}
	}
	return s
})

// everywhere are the words of stop that readers of every language know.
var everywhere = [...]string{"stop", "unsubscribe"}

// readManner reads how one language says that it wants no more messages. A core
// says it alone, needing only beside one of the objects; leads stand before a
// core, tails behind it, objects on both sides.
func readManner(tag string) manner {
	m := manner{tag: tag, pieces: map[string]says{}}
	for section, line := range languages.Lines(tag, "stop.txt") {
		if len(m.pieces) == 0 {
			m.joined = strings.IndexFunc(line, isJoined) >= 0
			for _, word := range everywhere {
				m.add(word, saysCore)
			}
		}
		switch section {
		case "core":
			m.add(line, saysCore)
		case "needing":
			m.add(line, saysNeeding)
		case "leads", "tails", "objects":
			for word := range strings.FieldsSeq(line) {
				m.add(word, mannerWords[section])
			}
		}
	}
	return m
}

// mannerWords are the sections whose words stand many to a line.
var mannerWords = map[string]says{"leads": saysLead, "tails": saysTail, "objects": saysObject}

// add enters a phrase in its normal and its folded forms.
func (m *manner) add(text string, kind says) {
	normal := textform.Normal(text)
	if normal == "" {
		return
	}
	m.piece(normal, kind)
	for _, form := range textform.FoldsNormal(normal) {
		if kind > saysNeeding || utf8.RuneCountInString(form) >= minFolded || form == normal {
			m.piece(form, kind)
		}
	}
}

func (m *manner) piece(form string, kind says) {
	if m.joined {
		form = strings.ReplaceAll(form, " ", "")
		m.longest = max(m.longest, utf8.RuneCountInString(form))
	} else {
		m.longest = max(m.longest, strings.Count(form, " ")+1)
	}
	m.pieces[form] |= kind
}

// wordsStop reports whether a message is a wording of stop in one language:
// words that lead to it, the wish itself, and what it is about, and nothing
// else. "please stop sending me texts" is one, "bus stop" is not.
func wordsStop(normal string) bool { return stopWordings(normal) != 0 }

// stopWordings is the set of the wordings of stop that a message is one of, by
// their places in the reader.
func stopWordings(normal string) uint64 {
	if len(normal) > maxCommand || normal == "" {
		return 0
	}
	s := stopReader()
	if found := s.saying(normal); found != 0 {
		return found
	}
	if textform.IsASCII(normal) && !strings.Contains(normal, "'") || !strings.Contains(normal, " ") {
		return 0
	}
	for _, form := range textform.FoldsNormal(normal) {
		if form == normal {
			continue
		}
		if found := s.saying(form); found != 0 {
			return found
		}
	}
	return 0
}

// saying is the set of the wordings that read a form.
func (s *stopManners) saying(form string) (found uint64) {
	if len(form) <= maxStopJoined && strings.IndexFunc(form, isJoined) >= 0 {
		return s.joinedSaying(form)
	}
	if !strings.Contains(form, " ") {
		return 0
	}
	set := ^uint64(0)
	var bounds [maxStopWords + 1]int
	count := 0
	for start := 0; start < len(form); count++ {
		end := start + max(0, strings.IndexByte(form[start:]+" ", ' '))
		if set &= s.words[form[start:end]]; set == 0 || count == maxStopWords {
			return 0
		}
		bounds[count], start = start, end+1
	}
	bounds[count] = len(form) + 1
	for i := range s.manners {
		if set&(1<<i) != 0 && s.manners[i].reads(form, bounds[:count+1]) {
			found |= 1 << i
		}
	}
	return found
}

// reads goes through a message from left to right and takes the longest piece
// at each place. Every piece ends one character before the next one begins.
func (m *manner) reads(form string, bounds []int) bool {
	var said says
	last := len(bounds) - 1
	for at := 0; at < last; {
		next := 0
		for to := min(last, at+m.longest); to > at; to-- {
			if kind := m.pieces[form[bounds[at]:bounds[to]-1]]; said.allows(kind) {
				said |= kind.behind(said)
				next = to
				break
			}
		}
		if next == 0 {
			return false
		}
		at = next
	}
	return said.stop()
}

// allows reports whether a piece may stand behind what was said: a tail never
// begins a message.
func (s says) allows(kind says) bool {
	if s&(saysCore|saysNeeding) == 0 {
		return kind&^saysTail != 0
	}
	return kind != 0
}

// behind is what a piece of several kinds counts as behind what was said: a
// word that may be a tail says nothing more.
func (s says) behind(said says) says {
	if said&(saysCore|saysNeeding) != 0 && s&(saysLead|saysTail) != 0 {
		return s &^ (saysCore | saysNeeding)
	}
	return s
}

// stop reports whether the wish is complete.
func (s says) stop() bool {
	return s&saysCore != 0 || s&saysNeeding != 0 && s&saysObject != 0
}

// isJoined covers the scripts whose wordings are joined.
func isJoined(r rune) bool { return textform.IsSpaceless(r) || 0xac00 <= r && r <= 0xd7a3 }

// joinedSaying reads a message of a script whose words stand together.
func (s *stopManners) joinedSaying(form string) (found uint64) {
	var buf [maxStopJoined + 1]int
	form = strings.ReplaceAll(form, " ", "")
	bounds := buf[:0]
	for i := range form {
		bounds = append(bounds, i)
	}
	bounds = append(bounds, len(form))
	for _, i := range s.joined {
		if s.manners[i].readsJoined(form, bounds) {
			found |= 1 << i
		}
	}
	return found
}

// readsJoined tries every way to cut the message into pieces, since the longest
// one may take a character of the next. reached keeps the set of what can have
// been said up to each place, one bit for each.
func (m *manner) readsJoined(form string, bounds []int) bool {
	var reached [maxStopJoined + 1]uint32
	last := len(bounds) - 1
	reached[0] = 1
	for at := range last {
		if reached[at] == 0 {
			continue
		}
		for to := at + 1; to <= min(last, at+m.longest); to++ {
			if kind := m.pieces[form[bounds[at]:bounds[to]]]; kind != 0 {
				reached[to] |= kind.after(reached[at])
			}
		}
	}
	return saysStop(reached[last])
}

// after is the set of what can have been said behind a piece.
func (s says) after(before uint32) uint32 {
	set := uint32(0)
	for said := range says(32) {
		if before&(1<<said) != 0 && said.allows(s) {
			set |= 1 << (said | s.behind(said))
		}
	}
	return set
}

func saysStop(set uint32) bool {
	for said := range says(32) {
		if set&(1<<said) != 0 && said.stop() {
			return true
		}
	}
	return false
}
