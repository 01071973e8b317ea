package instruction_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"keypull/pull/what/instruction"
)

// Messages that were written before the wordings were: of those that nobody read while these
// were written most are understood, too.
func TestStrangersAreUnderstood(t *testing.T) {
	t.Parallel()
	lines, err := os.ReadFile("testdata/kept.txt")
	if err != nil {
		t.Fatal(err)
	}
	said, understood := map[string]int{}, map[string]int{}
	for line := range strings.Lines(string(lines)) {
		fields := strings.SplitN(strings.TrimSpace(line), " ", 4)
		if len(fields) < 4 || strings.HasPrefix(line, "#") {
			continue
		}
		half := fields[1]
		said[half]++
		got := read(fields[3], fields[0])
		if slices.ContainsFunc(got, func(in instruction.Instruction) bool { return string(in.Kind) == fields[2] }) {
			understood[half]++
		} else {
			t.Logf("%s %q is read as %+v, not %q", half, fields[3], got, fields[2])
		}
	}
	for half, least := range map[string]float64{"read": 0.9, "held": 0.85} {
		share := float64(understood[half]) / float64(said[half])
		t.Logf("%s: %d of %d", half, understood[half], said[half])
		if share < least {
			t.Errorf("of those %s %.2f are understood", half, share)
		}
	}
}
