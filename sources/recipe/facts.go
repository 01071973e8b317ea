package recipe

import "keypull/sources"

var _ sources.Factual = (*Settings)(nil)

// Facts lists the facts of the items.
func (*Settings) Facts() []string {
	return []string{factIngredients, factSteps, factPrep, factCook, factTotal, factYield, factNames}
}
