package pipeline

import (
	"keypull/pull"
	"keypull/pull/who"
)

// resolve has an ask answered in the context of its reader.
func (l *Pipeline) resolve(e *pull.Edition, a pull.Ask, r who.Reader) pull.Outcome {
	if l.shuns(a) {
		return l.Resolver.Shun(e, a, r, l.waited(a))
	}
	ctx, done := l.computing(a)
	defer done()
	return l.Resolver.Resolve(ctx, e, a, r, l.waited(a))
}
