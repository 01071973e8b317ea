package moment

import "slices"

// takeFrame takes the words off a message that ask for something: to be sent it, to be reminded
// of it, to be told whenever it changes.
// Who uses those of a language means its short words, too.
func (r *reading) takeFrame() {
	front := r.from
	for n := r.longest(front, r.to, filler); n > 0; n = r.longest(front, r.to, filler) {
		front += n
	}
	for _, from := range []int{r.from, front} {
		f, ok := r.frameBetween(from, r.to)
		if !ok {
			continue
		}
		if len(f.before) > 0 {
			r.from = from + len(f.before)
		}
		r.to -= len(f.behind)
		r.asks, r.own = f.asks, true
		return
	}
}

// takeFrameBeside takes such words off what stands beside a moment: "gửi tin tức cho tôi mỗi sáng".
func (r *reading) takeFrameBeside(m *found) {
	from, to := r.from, m.from
	if m.from == r.from {
		from, to = m.to, r.to
	} else if m.to != r.to {
		return
	}
	f, ok := r.frameBetween(from, to)
	if !ok || r.asks != noWish || len(f.before)+len(f.behind) == to-from {
		return
	}
	r.asks = f.asks
	if m.from == r.from {
		m.to += len(f.before)
		r.to -= len(f.behind)
		return
	}
	r.from += len(f.before)
	m.from -= len(f.behind)
}

// frameBetween returns the longest frame around what stands between two places.
func (r *reading) frameBetween(from, to int) (longest frame, ok bool) {
	for _, f := range r.lexicon.frames {
		before, behind := len(f.before), len(f.behind)
		if before+behind <= len(longest.before)+len(longest.behind) || before+behind > to-from {
			continue
		}
		if isApart(r.items, from+before) && isApart(r.items, to-behind) && r.saysWords(from, f.before) && r.saysWords(to-behind, f.behind) {
			longest, ok = f, true
		}
	}
	return longest, ok
}

// inFront returns the reading with the words that ask to be reminded, or to be sent something, in
// front, where a moment stands before them, or nothing behind them: "tomorrow at 9 remind me of the news".
func (r *reading) inFront() (moved reading, ok bool) {
	for _, f := range r.lexicon.frames {
		n := len(f.before)
		if f.asks == watching || len(f.behind) > 0 {
			continue
		}
		for at := 1; at+n <= len(r.items); at++ {
			if !isApart(r.items, at) || !isApart(r.items, at+n) || !r.saysWords(at, f.before) {
				continue
			}
			moved = *r
			moved.items = slices.Concat(r.items[at:at+n], r.items[:at], r.items[at+n:])
			moved.from, moved.to, moved.asks, moved.own = n, len(moved.items), f.asks, true
			if m, found := moved.findMoment(); found && (f.asks == reminding || !m.recurs) && (m.from == n && m.to >= n+at || at+n == len(r.items)) {
				return moved, true
			}
		}
	}
	return moved, false
}

// saysWords reports whether the items at a place are those words.
func (r *reading) saysWords(at int, words []string) bool {
	if at < 0 || at+len(words) > len(r.items) {
		return false
	}
	for i, word := range words {
		if r.items[at+i].word != word {
			return false
		}
	}
	return true
}
