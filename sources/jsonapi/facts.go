package jsonapi

import (
	"maps"
	"slices"

	"keypull/sources"
	"keypull/sources/shape"
)

var _ sources.Factual = (*Settings)(nil)

// Facts lists the facts of the items by the fields that are named; nil where
// none is, since items have those that stand in the answer then.
func (s *Settings) Facts() []string {
	e, err := s.withPreset()
	if err != nil || len(e.Fields) == 0 {
		return nil
	}
	return shape.Facts(e.Shape, slices.Sorted(maps.Keys(e.Fields)))
}
