package catalogue

import (
	"strings"

	"keypull/pull/what/command"
)

// reserved says whether a phrase is a command, and tells so.
func (c *checker) reserved(u *use, path string) bool {
	said, ok := c.command(u)
	switch {
	case !ok:
	case said == command.Stop:
		c.add(Error, path, CodeReserved, keyStops, "phrase", u.phrase)
	default:
		c.add(Warning, path, CodeReserved, keyCommand, "phrase", u.phrase, "command", string(said))
	}
	return ok
}

// beside tells what a phrase has to do with another keyword's.
func (c *checker) beside(s Severity, path, code string, u, other *use) {
	c.between(s, path, code, code, [2]*Keyword{&u.entry.keyword, &other.entry.keyword},
		"phrase", u.phrase, "other_phrase", other.phrase, "language", other.language)
}

// between tells of a keyword and another: by their ids, and by their names for
// people. Where both are called the same, the other's id is told beside.
func (c *checker) between(s Severity, path, code, key string, both [2]*Keyword, args ...string) {
	own, other := both[0].Name(c.languages), both[1].Name(c.languages)
	if strings.EqualFold(visible(own), visible(other)) && other != both[1].ID {
		other += " (" + both[1].ID + ")"
	}
	if both[0].ID == "" {
		own = ""
	}
	c.add(s, path, code, key, append(args, "keyword", both[0].ID, "other", both[1].ID, "keyword_name", own, "other_name", other)...)
}

// shared reports the first other keyword that is called by the same phrase: an
// error in one language, a doubt across languages or but for accents.
func (c *checker) shared(u *use, path string) {
	switch same, alike := c.others.sharing(u); {
	case same != nil:
		c.beside(Error, path, CodeDuplicate, u, same)
	case alike != nil:
		c.beside(Warning, path, CodeShadowed, u, alike)
	}
}

// neighbour warns of the first other keyword with a phrase in the same
// language that a single typing error turns into this one.
func (c *checker) neighbour(u *use, path string) {
	if other := c.others.neighbour(u); other != nil {
		c.beside(Warning, path, CodeNeighbour, u, other)
	}
}

// stemmed warns of the first other keyword with a phrase in the same language
// that is this one in another inflection or order. One that is a neighbour too
// has been told.
func (c *checker) stemmed(u *use, path string) {
	if other := c.others.stemmed(u); other != nil {
		c.beside(Warning, path, CodeSameStem, u, other)
	}
}
