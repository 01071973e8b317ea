package command

import (
	"strings"

	"keypull/pull/what/textform"
)

// TellsDanger reports whether a clause of a message, a normal form, says beyond doubt that somebody
// may die, or wants to, whatever stands around it.
func TellsDanger(clause string) bool {
	found := knownPaid().findLines(textform.FoldNormal(strings.ReplaceAll(clause, "'", " ")), false)
	return found.by[saysDanger] != 0
}
