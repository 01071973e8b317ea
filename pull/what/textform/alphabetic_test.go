package textform_test

import (
	"testing"

	"pgregory.net/rapid"

	"keypull/pull/what/textform"
)

func TestTheShortWayOfAlphabetsLeadsWhereTheLongOneDoes(t *testing.T) {
	letters := rapid.StringOf(rapid.Map(rapid.Int32Range(' ', 0x52f), func(i int32) rune { return i }))
	rapid.Check(t, func(t *rapid.T) {
		s := letters.Draw(t, "text")
		if short, long := textform.Compatible(s), textform.CompatibleSlowly(s); short != long {
			t.Fatalf("%q: %q, by the long way %q", s, short, long)
		}
		normal := textform.Normal(s)
		if short, long := textform.Fold(normal), textform.FoldSlowly(normal); short != long {
			t.Fatalf("%q: %q, by the long way %q", normal, short, long)
		}
	})
}
