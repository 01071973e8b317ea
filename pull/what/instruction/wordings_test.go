package instruction_test

import (
	_ "embed"
	"slices"
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
		got := slices.DeleteFunc(read(said, language), func(in instruction.Instruction) bool { return !strings.Contains(remembering, " "+string(in.Kind)+" ") })
		right := len(got) > 0 && string(got[0].Kind) == strings.TrimPrefix(kind, "?") && strings.EqualFold(inGaps(got[0]), gap)
		switch {
		case kind[0] == '?' && right:
			t.Errorf("%s: %q is understood now", language, said)
		case kind == "-" && len(got) > 0, kind[0] != '?' && kind != "-" && !right:
			t.Errorf("%s: %q is read as %+v", language, said, got)
		}
	}
}

// remembering are the kinds of what is to be remembered or forgotten.
const remembering = " prefer city zone language short long plain unprefer forget-city forget-language forget-zone forget-length forget-plain "

// inGaps returns what stands in the gaps of what is to be remembered.
func inGaps(in instruction.Instruction) string {
	name, value := in.Gaps[instruction.Name], in.Gaps[instruction.Value]
	if name != "" && value != "" {
		return name + "=" + value
	}
	return name + value
}
