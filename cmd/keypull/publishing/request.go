package publishing

import (
	"context"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/request"
	"keypull/web/console"
)

// HandOver hands a request of a reader to a source of a publisher, which may have another id by
// now, and returns what the source says of it.
func (n *Publishers) HandOver(ctx context.Context, publisher, source string, r *request.Request) (request.State, string, error) {
	ed := n.currentEdition(publisher)
	if ed == nil {
		return "", "", console.NoPublisher(publisher)
	}
	if pub := n.Publisher(publisher); pub != nil {
		source = pub.Now(catalogue.ResourceSource, source)
	}
	s, ok := ed.sources[source]
	taker, takes := s.Source.(pull.Taker)
	switch {
	case s.Problem != nil:
		return "", "", s.Problem
	case !ok || !takes || !taker.TakesRequests():
		return "", "", console.NoThing(catalogue.ResourceSource, source)
	}
	return taker.TakeRequest(ctx, r)
}
