package feed

import "keypull/sources"

var _ sources.Factual = (*Settings)(nil)

// Facts lists the facts of the items.
func (*Settings) Facts() []string {
	return []string{factAuthor, factCategories, factPaywall, factCredit}
}
