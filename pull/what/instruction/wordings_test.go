package instruction_test

import (
	_ "embed"
	"strings"
	"testing"

	"keypull/pull/what/instruction"
)

//go:embed testdata/wordings.txt
var wordings string

// TestReadersHaveThingsRememberedInTheirLanguages reads what readers text. A message in which
// a - stands for the kind orders nothing: it tells, asks or is a saying.
func TestReadersHaveThingsRememberedInTheirLanguages(t *testing.T) {
	t.Parallel()
	language := ""
	for line := range strings.Lines(wordings) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if line[0] == '[' {
			language = strings.Trim(line, "[]")
			continue
		}
		fields := strings.Split(line, "|")
		kind, gap, said := fields[0], fields[1], fields[2]
		got, ok := read(said, language)
		switch is := inGaps(got); {
		case kind[0] == '?':
			if ok && kind[1:] == string(got.Kind) && strings.EqualFold(is, gap) {
				t.Errorf("%s: %q is understood now", language, said)
			}
		case kind == "-":
			if ok {
				t.Errorf("%s: %q is read as %+v", language, said, got)
			}
		case !ok || string(got.Kind) != kind || !strings.EqualFold(is, gap):
			t.Errorf("%s: %q is read as %s of %q, %v", language, said, got.Kind, is, ok)
		}
	}
}

// inGaps returns what stands in the gaps of what is to be remembered.
func inGaps(in instruction.Instruction) string {
	name, value := in.Gaps[instruction.Name], in.Gaps[instruction.Value]
	if name != "" && value != "" {
		return name + "=" + value
	}
	return name + value
}
