package catalogue

import (
	"maps"
	"sync"
)

// atOnce is how many keywords Findings looks at before it lets others in: a
// fraction of a millisecond's work.
const atOnce = 64

// Linter is Check for a publisher that is being edited: it knows the findings
// of one keyword at once, and looks again only at what a change concerns. What
// two keywords share it tells at both. It may be used by many at a time.
//
// Keywords that are handed in must not be changed any more.
type Linter struct {
	mu       sync.RWMutex
	rules    rules
	entries  map[string]*entry
	register *register
	// pending waits to be looked at; it may name what is gone since.
	pending []*entry
	found   map[string][]Finding
	// all is what Findings last returned; nil once it is out of date.
	all map[string][]Finding
}

// NewLinter returns the linter of a publisher as it stands. Of keywords with
// one id the last counts.
func NewLinter(p Publisher) *Linter {
	l := &Linter{
		rules: rulesOf(p), entries: make(map[string]*entry, len(p.Keywords)),
		register: newRegister(p.Keywords), found: map[string][]Finding{},
	}
	for _, k := range p.Keywords {
		if twin := l.entries[k.ID]; twin != nil {
			l.register.dropEntry(twin)
		}
		e := newEntry(k, 0)
		l.entries[k.ID] = e
		l.register.putEntry(e)
		l.doubt(e)
	}
	return l
}

// Put adds a keyword, or replaces the one with its id.
func (l *Linter) Put(k Keyword) {
	e := newEntry(k, 0)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.put(e)
}

func (l *Linter) put(e *entry) {
	l.drop(e.keyword.ID)
	l.entries[e.keyword.ID] = e
	l.register.putEntry(e)
	l.register.walkRelatives(e, l.doubt)
	l.doubt(e)
}

// Drop removes a keyword; one that is not there is no mistake.
func (l *Linter) Drop(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.drop(id)
}

func (l *Linter) drop(id string) {
	e := l.entries[id]
	if e == nil {
		return
	}
	l.register.dropEntry(e)
	delete(l.entries, id)
	delete(l.found, id)
	l.all = nil
	l.register.walkRelatives(e, l.doubt)
}

// Settings takes over what keywords are held against of the publisher itself:
// its languages and the words of its commands. Its keywords are left aside.
func (l *Linter) Settings(p Publisher) {
	l.mu.Lock()
	defer l.mu.Unlock()
	tells := l.rules.tells
	l.rules = rulesOf(p)
	l.rules.tells = tells
	for _, v := range l.register.terms.sources {
		v.findCommands(l.rules)
	}
	for _, e := range l.entries {
		l.doubt(e)
	}
}

// Reach takes over what audiences of keywords may name: the publisher's channels and
// sources. tells says of a kind of channel whether it names workspaces; it may be nil.
func (l *Linter) Reach(p Publisher, tells func(kind string) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rules.reach = reachOf(&p)
	l.rules.tells = tells
	for _, e := range l.entries {
		if len(e.keyword.Audience) > 0 || e.keyword.Request.Hook != "" {
			l.doubt(e)
		}
	}
}

// Know takes over what is known of a source, given by its id, in place of what was
// known of it before. The names of its terms must not be changed any more.
func (l *Linter) Know(source string, a About) {
	l.mu.Lock()
	defer l.mu.Unlock()
	v := l.register.terms.vocabularyOf(source)
	l.doubtNamed(v)
	l.register.setAbout(source, a, l.rules)
	l.doubtNamed(v)
}

// doubtNamed has everything looked at again that a vocabulary is met by.
func (l *Linter) doubtNamed(v *vocabulary) {
	for u := range v.taken {
		l.doubt(u.entry)
	}
	for _, e := range l.entries {
		if e.keyword.Source == v.source {
			l.doubt(e)
		}
	}
}

// doubt has the findings of a keyword made anew.
func (l *Linter) doubt(e *entry) {
	l.all = nil
	if !e.pending {
		e.pending = true
		l.pending = append(l.pending, e)
	}
}

// Check returns the findings of a keyword beside all others; what is there
// under its id is no other. It need not have been Put.
func (l *Linter) Check(k Keyword) []Finding {
	e := newEntry(k, 0)
	l.mu.RLock()
	defer l.mu.RUnlock()
	return findingsOf(e, l.register, l.rules)
}

// Judge returns the findings that each of some changes of keywords would have
// beside all others and beside each other, in their order; what removes has none.
// Nothing is changed, and nobody sees the register while it is.
func (l *Linter) Judge(changes []Change) [][]Finding {
	made := make([]*entry, len(changes))
	for i, c := range changes {
		if k, ok := c.Value.(Keyword); ok {
			made[i] = newEntry(k, 0)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range changes {
		if was := l.entries[c.ID]; was != nil {
			l.register.dropEntry(was)
		}
	}
	for _, e := range made {
		if e != nil {
			l.register.putEntry(e)
		}
	}
	found := make([][]Finding, len(changes))
	for i, e := range made {
		if e != nil {
			found[i] = findingsOf(e, l.register, l.rules)
		}
	}
	for _, e := range made {
		if e != nil {
			l.register.dropEntry(e)
		}
	}
	for _, c := range changes {
		if was := l.entries[c.ID]; was != nil {
			l.register.putEntry(was)
		}
	}
	return found
}

// Findings returns the findings of every keyword that has some, by its id. The
// first call looks at every keyword, later ones at what has changed; Put and
// Check go on meanwhile. The map is shared and must not be changed.
func (l *Linter) Findings() map[string][]Finding {
	for {
		if all := l.advance(); all != nil {
			return all
		}
	}
}

// advance looks at some of what is pending, and returns all findings once
// nothing is.
func (l *Linter) advance() map[string][]Finding {
	l.mu.Lock()
	defer l.mu.Unlock()
	for range min(atOnce, len(l.pending)) {
		last := len(l.pending) - 1
		e := l.pending[last]
		l.pending[last] = nil
		l.pending = l.pending[:last]
		e.pending = false
		id := e.keyword.ID
		if l.entries[id] != e {
			continue
		}
		if found := findingsOf(e, l.register, l.rules); len(found) > 0 {
			l.found[id] = found
		} else {
			delete(l.found, id)
		}
	}
	if len(l.pending) > 0 {
		return nil
	}
	if l.all == nil {
		l.all = maps.Clone(l.found)
	}
	return l.all
}
