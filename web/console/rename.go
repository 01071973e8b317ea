package console

import (
	"slices"
	"strconv"

	"keypull/pull/catalogue"
)

// formerly is the field of things that had other ids before.
const formerly = "formerly"

// former returns the document with the ids that the thing had before: those that
// are given, else those of what it replaces, since who writes a thing need not know
// of them. It notes those that lead to another thing.
func (s collection[T, E]) former(r *review, pub *catalogue.Setup, id string, d Doc, was *T) Doc {
	if _, given := d[formerly]; !given && was != nil {
		before, err := s.doc(was)
		if ids, ok := before[formerly]; ok && err == nil {
			d = d.with(formerly, ids)
		}
	}
	ids, _ := d[formerly].([]any)
	for i, given := range ids {
		text, _ := given.(string)
		_, there := s.find(pub, text)
		now, moved := pub.Moved(s.noun, text)
		switch field := string(s.noun) + "." + formerly + "[" + strconv.Itoa(i) + "]"; {
		case text == "":
		case there, text == id, slices.Contains(ids[:i], given):
			r.wrong(field, "document.taken", "noun", nounOf(string(s.noun)), "got", text)
		case moved && now != id:
			r.wrong(field, "document.former", "got", text, "now", now)
		}
	}
	return d
}
