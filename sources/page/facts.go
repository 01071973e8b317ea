package page

import (
	"maps"
	"slices"

	"keypull/sources"
	"keypull/sources/shape"
)

var _ sources.Factual = (*Settings)(nil)

// Facts lists the facts of the items by the fields that are named; nil where
// none is, since items have what the page tells of itself then.
func (s *Settings) Facts() []string {
	if len(s.Fields) == 0 {
		return nil
	}
	return shape.Facts(s.Shape, slices.Sorted(maps.Keys(s.Fields)))
}
