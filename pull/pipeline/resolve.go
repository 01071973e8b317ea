package pipeline

import (
	"keypull/pull"
	"keypull/pull/who"
)

// resolveAsk has an ask answered in the context of its reader.
func (l *Pipeline) resolveAsk(e *pull.Edition, a pull.Ask, r who.Reader) pull.Resolved {
	if l.suspects.shunsAsk(a) {
		return l.Resolver.Shun(e, a, r, l.waited(a))
	}
	ctx, done := l.suspects.computing(a)
	defer done()
	return l.Resolver.Resolve(ctx, e, a, r, l.waited(a))
}
