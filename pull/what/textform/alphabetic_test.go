package textform_test

import (
	"testing"

	"pgregory.net/rapid"

	"keypull/pull/what/textform"
)

func TestTheShortWayOfAlphabetsLeadsWhereTheLongOneDoes(t *testing.T) {
	// Characters of one script stand together as those of others do.
	blocks := [][2]int32{
		{' ', 0x52f}, {0x530, 0x8ff}, {0x900, 0xe80}, {0xe00, 0x12ff}, {0x1e00, 0x2bff}, {0x2e80, 0x33ff},
		{0x4e00, 0x4eff}, {0xac00, 0xadff}, {0xf900, 0xffff}, {0x900, 0x97f}, {0x980, 0x9ff}, {0xb80, 0xbff},
		{0xd80, 0xdff}, {0xe00, 0xe5b}, {0x10000, 0x1ffff},
	}
	rapid.Check(t, func(t *rapid.T) {
		first, second := rapid.SampledFrom(blocks).Draw(t, "script"), rapid.SampledFrom(blocks).Draw(t, "another")
		letter := func(b [2]int32) *rapid.Generator[rune] {
			return rapid.Map(rapid.Int32Range(b[0], b[1]), func(i int32) rune { return i })
		}
		s := rapid.StringOfN(rapid.OneOf(letter(first), letter(first), letter(second)), 0, 24, -1).Draw(t, "text")
		if short, long := textform.Compatible(s), textform.CompatibleSlowly(s); short != long {
			t.Fatalf("%q: %q, by the long way %q", s, short, long)
		}
		normal := textform.Normal(s)
		if short, long := textform.Fold(normal), textform.FoldSlowly(normal); short != long {
			t.Fatalf("%q: %q, by the long way %q", normal, short, long)
		}
	})
}
