package catalogue

import (
	"strings"

	"keypull/pull/what/command"
)

// checkReserved says whether a phrase is a command, and tells so.
func (c *checker) checkReserved(u *use, path string) bool {
	said, ok := c.commandOf(u)
	switch {
	case !ok:
	case said == command.Stop:
		c.addFinding(Error, path, CodeReserved, keyStops, "phrase", u.phrase)
	default:
		c.addFinding(Warning, path, CodeReserved, keyCommand, "phrase", u.phrase, "command", string(said))
	}
	return ok
}

// beside tells what a phrase has to do with another keyword's.
func (c *checker) beside(s Severity, path, code string, u, other *use) {
	c.addFindingOfBoth(s, path, code, code, [2]*Keyword{&u.entry.keyword, &other.entry.keyword},
		"phrase", u.phrase, "other_phrase", other.phrase, "language", other.language)
}

// addFindingOfBoth tells of a keyword and another: by their ids, and by their names for
// people. Where both are called the same, the other's id is told beside.
func (c *checker) addFindingOfBoth(s Severity, path, code, key string, both [2]*Keyword, args ...string) {
	own, other := both[0].Name(c.languages), both[1].Name(c.languages)
	if strings.EqualFold(showInvisible(own), showInvisible(other)) && other != both[1].ID {
		other += " (" + both[1].ID + ")"
	}
	if both[0].ID == "" {
		own = ""
	}
	c.addFinding(s, path, code, key, append(args, "keyword", both[0].ID, "other", both[1].ID, "keyword_name", own, "other_name", other)...)
}

// checkShared reports the first other keyword that is called by the same phrase: an
// error in one language, a doubt across languages or but for accents.
func (c *checker) checkShared(u *use, path string) {
	switch same, alike := c.others.sharedUses(u); {
	case same != nil:
		c.beside(Error, path, CodeDuplicate, u, same)
	case alike != nil:
		c.beside(Warning, path, CodeShadowed, u, alike)
	}
}

// checkTypoNeighbour warns of the first other keyword with a phrase in the same
// language that a single typing error turns into this one.
func (c *checker) checkTypoNeighbour(u *use, path string) {
	if other := c.others.typoNeighbour(u); other != nil {
		c.beside(Warning, path, CodeNeighbour, u, other)
	}
}

// checkStemmed warns of the first other keyword with a phrase in the same language
// that is this one in another inflection or order. One that is a neighbour too
// has been told.
func (c *checker) checkStemmed(u *use, path string) {
	if other := c.others.stemmedUse(u); other != nil {
		c.beside(Warning, path, CodeSameStem, u, other)
	}
}
