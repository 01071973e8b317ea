package quote

import (
	"keypull/pull"
	"keypull/sources"
)

var (
	_ sources.Factual = (*Settings)(nil)
	_ pull.Timed      = (*source)(nil)
)

// Facts lists the facts of the items.
func (*Settings) Facts() []string {
	return []string{
		factPrice, factChange, factUnit, factPercent, factPrevious, factHigh, factLow, factCurrency, factOf, factSymbol, factName,
		factDelay, factMarket, factClosed, factOpens, factAmount, factValue,
	}
}

// TimeOfFact returns true: the time of a price is that of the trade. Where a service
// does not tell it, that of the answer takes its place.
func (*source) TimeOfFact() bool { return true }
