package feed

import (
	"bytes"

	"keypull/pull"
)

// maxList is how many members a list within an item may have.
const maxList = 100

// reduceJSON cuts a JSON document, in its own place, to what is read of it: no
// white space, no list of more members than an item has or a snapshot takes,
// no text beyond all measure. What is not JSON stays so.
func reduceJSON(text []byte) (reduced []byte, cut, deep bool) {
	r := jsonReducer{text: text, out: text[:0]}
	for r.at < len(r.text) {
		r.step()
		if len(r.open) > maxDepth {
			return nil, false, true
		}
	}
	return r.out, r.cut, false
}

// jsonReducer is in the midst of a document.
type jsonReducer struct {
	text, out []byte
	at        int
	// open are the lists and objects around, each with its members so far.
	open []nest
	cut  bool
}

type nest struct {
	list    bool
	members int
	// full is where the output ended when no further member found room.
	full int
}

func (r *jsonReducer) step() {
	c := r.text[r.at]
	switch c {
	case ' ', '\t', '\r', '\n':
		r.at++
		return
	case '"':
		r.quote()
		return
	case '[', '{':
		r.open = append(r.open, nest{list: c == '[', full: -1})
	case ']', '}':
		r.end()
	case ',':
		r.next()
	}
	r.out = append(r.out, c)
	r.at++
}

// next counts a member; from one too many on, what is written is dropped when
// its list ends.
func (r *jsonReducer) next() {
	if len(r.open) == 0 {
		return
	}
	top := &r.open[len(r.open)-1]
	limit := maxList
	if len(r.open) == 2 {
		limit = pull.MaxSnapshotItems
	}
	if top.members++; top.members >= limit && top.full < 0 {
		top.full = len(r.out)
	}
}

func (r *jsonReducer) end() {
	if len(r.open) == 0 {
		return
	}
	top := r.open[len(r.open)-1]
	r.open = r.open[:len(r.open)-1]
	if top.full >= 0 {
		r.out, r.cut = r.out[:top.full], r.cut || len(r.open) == 1
	}
}

// quote copies a text, cut where it is too long.
func (r *jsonReducer) quote() {
	rest := r.text[r.at+1:]
	end := 0
	for end < len(rest) && rest[end] != '"' {
		if rest[end] == '\\' {
			end++
		}
		end++
	}
	end = min(end, len(rest))
	value := rest[:end]
	r.at += 1 + min(end+1, len(rest))
	r.out = append(r.out, '"')
	if len(value) > maxText {
		value = bytes.TrimRight(value[:maxText-16], "\\u0123456789abcdefABCDEF")
		for len(value) > 0 && value[len(value)-1] >= 0x80 {
			value = value[:len(value)-1]
		}
		r.out = append(append(r.out, value...), "…"...)
	} else {
		r.out = append(r.out, value...)
	}
	r.out = append(r.out, '"')
}
