package catalogue

import (
	"maps"
	"slices"
	"sync"
)

// Linting is the linter of a publisher, made when somebody first asks it: one
// that nobody edits costs no memory. It is safe for concurrent use.
type Linting struct {
	mu sync.Mutex
	// latest is the publisher as it stands; linter is nil until it is asked for.
	latest *Setup
	linter *Linter
	// sources are what is known of them.
	sources map[string]About
	// tells says of a kind of channel whether it names workspaces; nil where that is not known.
	tells func(kind string) bool
}

// Tell says of which kinds the channels are that name workspaces.
func (l *Linting) Tell(tells func(kind string) bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.tells = tells; l.linter != nil {
		l.linter.Reach(l.latest.Publisher, tells)
	}
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
			l.linter.Settings(o.Publisher)
		case Channel, Source:
			l.linter.Reach(o.Publisher, l.tells)
		case nil:
			if c.Resource == ResourceKeyword {
				l.linter.Drop(c.ID)
			} else {
				l.linter.Reach(o.Publisher, l.tells)
			}
		}
	}
}

// Know takes over what is known of a source.
func (l *Linting) Know(source string, a About) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sources == nil {
		l.sources = map[string]About{}
	}
	l.sources[source] = a
	if l.linter != nil {
		l.linter.Know(source, a)
	}
}

func (l *Linting) made() *Linter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.linter == nil {
		l.linter = NewLinter(l.latest.Publisher)
		l.linter.Reach(l.latest.Publisher, l.tells)
		for source, a := range l.sources {
			l.linter.Know(source, a)
		}
	}
	return l.linter
}

// Check returns the findings of a keyword beside all others.
func (l *Linting) Check(k Keyword) []Finding {
	return append(l.made().Check(k), unfilledParts(&k, l.about(k.Source))...)
}

func (l *Linting) about(source string) About {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.sources[source]
}

// Findings returns the findings of every keyword that has some, by its id; the
// map must not be changed.
func (l *Linting) Findings() map[string][]Finding {
	all := l.made().Findings()
	l.mu.Lock()
	keywords, sources := l.latest.Keywords, maps.Clone(l.sources)
	l.mu.Unlock()
	copied := false
	for i := range keywords {
		k := &keywords[i]
		if len(k.Template)+len(k.Reply) == 0 {
			continue
		}
		// What a source brings changes all the time: it is looked at when somebody asks,
		// once for all its keywords.
		a := sources[k.Source]
		if filled := a.filledNames(); a.Filled != nil {
			a.Filled = func() []string { return filled }
			sources[k.Source] = a
		}
		if found := unfilledParts(k, a); len(found) > 0 {
			if !copied {
				all, copied = maps.Clone(all), true
			}
			all[k.ID] = append(slices.Clip(all[k.ID]), found...)
		}
	}
	return all
}

// Judge returns the findings that each of some changes of keywords would have
// beside all others and beside each other, in their order.
func (l *Linting) Judge(changes []Change) [][]Finding { return l.made().Judge(changes) }
