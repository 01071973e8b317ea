package stops_test

import (
	"testing"

	"keypull/pull"
	"keypull/sources/sourcetest"
	"keypull/sources/sourcetest/testdata/stops"
)

func TestStopsKeepThePromisesOfASource(t *testing.T) {
	stop := func(name, town string) any { return map[string]any{"name": name, "town": town, "lines": "4, 12"} }
	sourcetest.Run(t, sourcetest.Case{
		Kind: stops.Kind,
		Settings: func(string) map[string]any {
			return map[string]any{"stops": []any{stop("Main Street", "Springfield"), stop("Main Street", "Shelbyville"), stop("Harbour", "Springfield")}}
		},
		Query:   pull.Query{Argument: "harbour", Count: 1},
		Other:   "main street, shelbyville",
		Several: "main street",
		Bad: []sourcetest.Bad{
			{Name: "no stops", Settings: map[string]any{}, Field: "stops"},
			{Name: "a stop without a town", Settings: map[string]any{"stops": []any{map[string]any{"name": "Harbour", "lines": "4"}}}, Field: "stops[0].town"},
		},
	})
}
