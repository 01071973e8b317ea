package moment

import (
	"slices"
	"time"
	"unicode/utf8"

	"keypull/pull/what/languages"
	"keypull/pull/what/textform"
)

// How much of a message is looked at: a longer one is a letter.
const (
	maxBytes = 400
	maxItems = 60
	// longestDay is how many words around a clock may say its day.
	longestDay = 7
)

// Moment is when a message says that something is to be done.
type Moment struct {
	// At is the moment, in the location of the time it was read at; zero where the
	// message only says that something is to come again and again.
	At time.Time
	// Rest is the message without the moment, as it was typed.
	Rest string
	// Recurs says that it asks for something that comes again and again.
	Recurs bool
	// Bare says that nothing but a clock stood there, without a day and without a word
	// that makes a time of it, as in "9:00".
	Bare bool
	// Vague says that it is a day with a part of it, without a clock, and that no verb asks to be
	// reminded: "news tomorrow evening".
	Vague bool
	// Noon says that its clock is a part of the day as well, and that no verb asks to be
	// reminded: "events tomorrow noon".
	Noon bool
	// Wait says that it is a time to wait, and that no verb asks to be reminded or sent something:
	// "news in 20 minutes".
	Wait bool
	// Sent says that a verb asks to be sent it: "send me the news tomorrow morning".
	Sent bool
	// Language is that of the words which say it, "" where Bare.
	Language string
}

// Read finds the moment that a message begins or ends with, or has in its middle where words
// say it or a day stands with a part of it, as a reader of these languages writes it, most preferred first; it is read in the
// language that explains the most of it. It takes a clock or a time to wait;
// a day is one only beside a clock, or where the message asks to be reminded. A clock
// that has passed is that of the next such day. Where now's location skips a time
// by its clock change, it is the next that exists, and of one that comes twice
// the first.
func Read(text string, now time.Time, preferred ...string) (Moment, bool) {
	return readWith(text, now, false, preferred)
}

// ReadDay is Read where a day counts also without a clock, in the preferred languages and English:
// "news in 3 days". It is Vague.
func ReadDay(text string, now time.Time, preferred ...string) (Moment, bool) {
	return readWith(text, now, true, preferred)
}

// readWith reads a message, days without a clock as well if they count.
func readWith(text string, now time.Time, days bool, preferred []string) (Moment, bool) {
	if len(text) > maxBytes || !utf8.ValidString(text) {
		return Moment{}, false
	}
	items := scanItems(text)
	if len(items) == 0 || len(items) > maxItems {
		return Moment{}, false
	}
	clues := lookForClues(items)
	if clues.wanted == 0 && !days {
		return Moment{}, false
	}
	var best Moment
	most := 0
	for _, tag := range orderOf(preferred) {
		l := lexicons().byTag[tag.name]
		if l == nil || clues.wanted&l.bit == 0 && (clues.wanted&anyLanguage == 0 && !days || !tag.own) {
			continue
		}
		r := reading{text: text, items: items, lexicon: l, days: days, own: tag.own || clues.own&l.bit != 0, now: now, preferred: preferred}
		if !tag.preferred {
			r.preferred = append([]string{tag.name}, preferred...)
		}
		if m, explained := r.readMoment(); explained > most {
			best, most = m, explained
		}
	}
	return best, most > 0
}

// tried is a language that a message is read in: own where even its short words count.
type tried struct {
	name           string
	own, preferred bool
}

// orderOf lists the languages to read in: the reader's, English, and the others.
func orderOf(preferred []string) []tried {
	var order []tried
	add := func(name string, own, preferred bool) {
		if !slices.ContainsFunc(order, func(t tried) bool { return t.name == name }) {
			order = append(order, tried{name, own, preferred})
		}
	}
	for _, p := range preferred {
		add(languages.Base(p), true, true)
	}
	add("en", true, false)
	for _, tag := range lexicons().tags {
		add(tag, false, false)
	}
	return order
}

// found is a moment within a message: its items, and what they say.
type found struct {
	from, to int
	clock    clock
	day      day
	// recurs says that it comes again, timed that there is a clock or a time to wait, within
	// that words stand on both sides, vague that only a day and its part are named.
	recurs, timed, within, vague bool
}

// reading reads a message in one language.
type reading struct {
	text      string
	items     []item
	lexicon   *lexicon
	own, days bool
	now       time.Time
	preferred []string
	// from and to bound what is read, without the words around it that ask to
	// be reminded.
	from, to int
	asks     wish
}

// readMoment returns the moment and how many items say it, 0 where there is none.
func (r *reading) readMoment() (m Moment, explained int) {
	r.from, r.to = 0, len(r.items)
	r.takeFrame()
	if r.asks != reminding {
		if moved, ok := r.inFront(); ok {
			*r = moved
		}
	}
	best, ok := r.findMoment()
	if !ok && r.asks == watching && r.from < r.to {
		best, ok = found{from: r.to, to: r.to}, true
	}
	if !ok {
		return Moment{}, 0
	}
	if best.timed && !best.recurs {
		r.takeRecurring(&best)
	}
	r.takeFrameBeside(&best)
	if r.asks == watching && best.timed && !best.recurs {
		r.asks = reminding // of what is then, once
	}
	best.recurs = best.recurs || r.asks == watching
	if best.recurs && !best.timed && (best.day.named || best.day.part != 0) {
		best.clock, best.timed = clock{hour: best.day.part.usual(), strength: certain, said: true}, true
	}
	m = Moment{Rest: r.rest(best), Recurs: best.recurs}
	m.Sent = r.asks == sending
	if best.timed {
		m.At, m.Vague = best.moment(r.now), best.vague && r.asks != reminding
		m.Noon = best.clock.noon && r.asks != reminding
		m.Wait = best.clock.wait > 0 && r.asks != reminding && r.asks != sending
		m.Bare = best.clock.wait == 0 && !best.clock.said && !best.day.named && best.day.part == 0
	}
	if !m.Bare {
		m.Language = r.lexicon.tag
	}
	return m, r.from + best.to - best.from + len(r.items) - r.to
}

// findMoment finds the moment between from and to.
func (r *reading) findMoment() (best found, ok bool) {
	best, ok = r.timed()
	if !ok {
		best, ok = r.recurring()
	}
	if !ok && r.asks != watching {
		best, ok = r.dayAlone()
	}
	return best, ok && isApart(r.items, best.from) && isApart(r.items, best.to)
}

// timed finds the longest moment with a clock, or a time to wait, that the message begins
// or ends with.
func (r *reading) timed() (best found, ok bool) {
	for p := r.from; p < r.to; p++ {
		c, end, isClock := r.waitAt(p)
		if !isClock {
			c, end, isClock = r.clockAt(p)
		}
		if !isClock {
			continue
		}
		f, fits := r.around(p, end)
		f.clock, f.timed, f.within = c, true, !fits
		if !r.isSure(&f) {
			continue
		}
		if !ok || f.isBetter(&best) {
			best, ok = f, true
		}
	}
	return best, ok
}

// isBetter reports whether a moment is to be taken rather than another: at an end of the
// message, and the longer one.
func (f *found) isBetter(o *found) bool {
	if f.within != o.within {
		return o.within
	}
	return f.to-f.from > o.to-o.from
}

// isSure reports whether what may be a clock is one. In the middle of a message it takes
// words that say so.
func (r *reading) isSure(f *found) bool {
	switch {
	case f.within && !f.day.named && !(f.clock.said && slices.ContainsFunc(r.items[f.from:f.to], func(k item) bool { return k.digits > 0 })):
		return false
	case f.clock.wait != 0:
		return !f.day.named
	case f.clock.strength == certain:
		return true
	case f.clock.strength == likely:
		return f.day.named || f.day.part != 0 || r.asks == reminding
	}
	return r.asks == reminding && f.day.named
}

// recurring finds words that say that something comes again.
func (r *reading) recurring() (best found, ok bool) {
	for p := r.from; p < r.to; p++ {
		n := r.recursAt(p, r.to)
		if n == 0 {
			continue
		}
		f, fits := r.around(p, p+n)
		r.takeRepeated(&f.day, p, p+n)
		if f.recurs = true; fits && (!ok || f.to-f.from > best.to-best.from) {
			best, ok = f, true
		}
	}
	return best, ok
}

// takeRecurring takes the words that say that it comes again off the other end of a message than
// that with its moment: "every weekday the news at 8".
func (r *reading) takeRecurring(f *found) {
	if n := r.recursAt(r.from, f.from); n > 0 && r.from+n < f.from {
		r.takeRepeated(&f.day, r.from, r.from+n)
		r.from += n
	}
	for n := min(r.lexicon.longest+1, r.to-f.to-1); n > 0; n-- {
		if r.recursAt(r.to-n, r.to) == n {
			r.takeRepeated(&f.day, r.to-n, r.to)
			r.to -= n
			break
		}
	}
	f.recurs = f.day.recurs
}

// dayAlone finds a day without a clock, with a part of it unless somebody is to be reminded, or days
// count by themselves; in the middle of a message with a part of it alone.
func (r *reading) dayAlone() (found, bool) {
	for n := min(longestDay, r.to-r.from); n > 0; n-- {
		for _, from := range []int{r.from, r.to - n} {
			if d, ok := r.dayBetween(from, from+n); ok && d.named && (d.part != 0 || r.days || r.asks == reminding) {
				return vagueDay(found{from: from, to: from + n, day: d}), true
			}
		}
	}
	for p := r.from + 1; p < r.to; p++ {
		s, n := r.at(p, r.to, amPart|pmPart|nightPart)
		if n == 0 {
			continue
		}
		if f, fits := r.around(p, p+n); !fits && f.day.named {
			f.within, f.day.part = true, partOf(s.roles)
			return vagueDay(f), true
		}
	}
	return found{}, false
}

// vagueDay is a day as a moment: at the usual time of its part.
func vagueDay(f found) found {
	f.vague, f.timed = true, true
	f.clock = clock{hour: f.day.part.usual(), strength: certain, said: true}
	return f
}

// around adds to a clock the words around it that say its day. It fits where the message
// begins or ends with it.
func (r *reading) around(from, to int) (found, bool) {
	f := found{from: from, to: to}
	for a := max(r.from, from-longestDay); a < from; a++ {
		if d, ok := r.dayBetween(a, from); ok {
			f.from, f.day = a, d
			break
		}
	}
	for b := min(r.to, to+longestDay); b > to; b-- {
		d, ok := r.dayBetween(to, b)
		if !ok || d.named && f.day.named {
			continue
		}
		f.to = b
		f.day = f.day.with(d)
		break
	}
	f.recurs = f.day.recurs
	return f, f.from == r.from || f.to == r.to
}

// rest returns the message without the moment and the words around it.
func (r *reading) rest(f found) string {
	from, to := r.from, r.to
	switch {
	case r.asks == reminding && r.isThis(from, f.from) && r.isThis(f.to, to):
		return ""
	case f.within:
		before := textform.Trim(r.text[r.items[from].start:r.items[f.from-1].end])
		return before + " " + textform.Trim(r.text[r.items[f.to].start:r.items[to-1].end])
	case f.from == r.from:
		from = f.to
		if f, ok := r.frameBetween(from, len(r.items)); ok {
			from, to, r.asks = from+len(f.before), len(r.items)-len(f.behind), max(r.asks, f.asks)
		}
	default:
		to = f.from
	}
	if r.asks == reminding {
		for n := r.longest(from, to, remindLink); n > 0; n = r.longest(from, to, remindLink) {
			from += n
		}
	}
	if from >= to || r.asks == reminding && r.isThis(from, to) {
		return ""
	}
	return textform.Trim(r.text[r.items[from].start:r.items[to-1].end])
}

// isThis reports whether items, of which there may be none, only stand for what was answered last:
// "of that".
func (r *reading) isThis(from, to int) bool {
	for from < to {
		n := r.longest(from, to, remindLink|remindThis)
		if n == 0 {
			return false
		}
		from += n
	}
	return true
}
