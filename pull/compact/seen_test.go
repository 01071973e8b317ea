package compact

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Hashes lead to the place that a look at each text finds, and a text that is new is found from
// then on, while there is room.
func TestATextIsFoundWhereItStood(t *testing.T) {
	t.Parallel()
	texts := rapid.SliceOfN(rapid.StringN(minSeen, 6, -1), 1, 2*maxSeen)
	rapid.Check(t, func(t *rapid.T) {
		w, seen := &writer{}, []string(nil)
		for _, s := range texts.Draw(t, "texts") {
			want := slices.Index(seen, s)
			if at := w.placeOf(s, hashOf(s)); at != want {
				t.Fatalf("%q is found at %d, and stands at %d", s, at, want)
			}
			if want < 0 && len(seen) < maxSeen {
				seen = append(seen, s)
			}
		}
	})
}
