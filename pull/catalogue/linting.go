package catalogue

import (
	"sync"

	"keypull/pull/what"
)

// Linting is the linter of a publisher, made when somebody first asks it: one
// that nobody edits costs no memory. It is safe for concurrent use.
type Linting struct {
	mu sync.Mutex
	// latest is the publisher as it stands; linter is nil until it is asked for.
	latest *Setup
	linter *Linter
	// terms are the vocabularies of the sources, named those whose entries are
	// asked for by name.
	terms map[string][]what.Term
	named map[string]bool
	lacks map[string]Lacks
}

// Follow takes over the publisher that changes made. Changes are told in their
// order.
func (l *Linting) Follow(o *Setup, changes ...Change) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.latest = o
	if l.linter == nil {
		return
	}
	for _, c := range changes {
		switch v := c.Value.(type) {
		case Keyword:
			l.linter.Put(v)
		case Publisher:
			l.linter.Settings(v)
		case nil:
			if c.Noun == NounKeyword {
				l.linter.Drop(c.ID)
			}
		}
	}
}

// ByName takes over that the entries of a source are asked for by name.
func (l *Linting) ByName(source string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.named == nil {
		l.named = map[string]bool{}
	}
	l.named[source] = true
	if l.linter != nil {
		l.linter.ByName(source)
	}
}

// Lacks takes over what a source does not do by itself.
func (l *Linting) Lacks(source string, lacks Lacks) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lacks == nil {
		l.lacks = map[string]Lacks{}
	}
	l.lacks[source] = lacks
	if l.linter != nil {
		l.linter.Lacks(source, lacks)
	}
}

// Vocabulary takes over what a source is known to answer.
func (l *Linting) Vocabulary(source string, terms []what.Term) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.terms == nil {
		l.terms = map[string][]what.Term{}
	}
	l.terms[source] = terms
	if l.linter != nil {
		l.linter.Vocabulary(source, terms)
	}
}

func (l *Linting) made() *Linter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.linter == nil {
		l.linter = NewLinter(l.latest.Publisher)
		for source := range l.named {
			l.linter.ByName(source)
		}
		for source, lacks := range l.lacks {
			l.linter.Lacks(source, lacks)
		}
		for source, terms := range l.terms {
			l.linter.Vocabulary(source, terms)
		}
	}
	return l.linter
}

// Check returns the findings of a keyword beside all others.
func (l *Linting) Check(k Keyword) []Finding { return l.made().Check(k) }

// Findings returns the findings of every keyword that has some, by its id; the
// map must not be changed.
func (l *Linting) Findings() map[string][]Finding { return l.made().Findings() }

// Judge returns the findings that each of some changes of keywords would have
// beside all others and beside each other, in their order.
func (l *Linting) Judge(changes []Change) [][]Finding { return l.made().Judge(changes) }
