package life

import (
	"keypull/pull"
	"keypull/pull/who"
)

// resolve has an ask answered in the context of its reader.
func (l *Life) resolve(e *pull.Edition, a pull.Ask, r who.Reader) pull.Outcome {
	return l.Resolver.Resolve(l.working, e, a, r, l.waited(a))
}
