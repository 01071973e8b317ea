package compact

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Checksums lead to the place that a look at each text finds.
func TestATextIsFoundWhereItStood(t *testing.T) {
	t.Parallel()
	texts := rapid.SliceOfN(rapid.StringN(minSeen, 6, -1), 1, maxSeen)
	rapid.Check(t, func(t *rapid.T) {
		w, all := &writer{}, texts.Draw(t, "texts")
		for _, s := range all {
			if at := slices.Index(w.seen, s); w.placeOf(s, checksum(s)) != at {
				t.Fatalf("%q is found at %d, and stands at %d", s, w.placeOf(s, checksum(s)), at)
			}
			w.seen, w.sums = append(w.seen, s), append(w.sums, checksum(s))
		}
	})
}
