package who

import "slices"

// maxLapsed is how many orders that could not be brought a reader is told of.
const maxLapsed = 5

// Lapse returns r with an order that could not be brought.
func (r Reader) Lapse(l Later) Reader {
	if len(r.Lapsed) < maxLapsed && !slices.ContainsFunc(r.Lapsed, func(o Later) bool { return o.Entry == l.Entry }) {
		r.Lapsed = append(slices.Clip(r.Lapsed), l)
	}
	return r
}
