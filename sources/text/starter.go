package text

import (
	"maps"
	"slices"
	"strconv"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
)

var _ settings.Starting = (*Settings)(nil)

// starterSets are what most outlets of a sort are asked, the most asked first. Their
// words stand in starters.json of each language.
var starterSets = []struct {
	name    string
	entries []string
}{
	{"office", []string{"subscription", "delivery_stop", "missing_paper", "invoice", "advertisement", "obituary", "contact", "opening_hours"}},
	{"market", []string{"prices", "vegetables", "grain", "livestock", "market_days", "where", "stalls"}},
	{"museum", []string{"opening_hours", "admission", "exhibitions", "tours", "booking", "arrival", "access", "cafe", "contact"}},
	{"townhall", []string{"opening_hours", "appointment", "identity_card", "moving", "waste", "damage", "registry", "lost_property", "contact"}},
}

// starterRequests are those of their entries that take something down: its kind, and what the
// answers to the questions are.
var starterRequests = map[string][]string{
	"office.delivery_stop": {catalogue.Order, "date", "date", "text"},
	"office.missing_paper": {catalogue.Incident, "date", "text"},
	"office.advertisement": {catalogue.Order, "text", "date", "text"},
	"market.stalls":        {catalogue.Order, "date", "text", "text"},
	"museum.booking":       {catalogue.Order, "date", "number", "text"},
	"townhall.damage":      {catalogue.Incident, "text", "place"},
}

// StarterSets lists what newspapers, markets, museums and town halls are asked.
func (*Settings) StarterSets() []settings.StarterSet {
	all := make([]settings.StarterSet, len(starterSets))
	for i, of := range starterSets {
		key := "starter." + of.name + "."
		all[i] = settings.StarterSet{Name: of.name, Title: own.Text(key+"title", nil), Help: own.Text(key+"help", nil)}
		for _, name := range of.entries {
			e := settings.Starter{Name: name, Phrase: own.Text(key+name+".phrase", nil)}
			if asked := starterRequests[of.name+"."+name]; asked == nil {
				e.Text = own.Text(key+name+".text", nil)
			} else {
				e.Request = asked[0]
				for n, slot := range asked[1:] {
					e.Questions = append(e.Questions, settings.StarterQuestion{Slot: slot, Text: own.Text(key+name+".ask"+strconv.Itoa(n+1), nil)})
				}
			}
			all[i].Entries = append(all[i].Entries, e)
		}
	}
	return all
}

// Answering returns the settings of a source with one answer.
func (*Settings) Answering(texts map[string]string) map[string]any {
	var answers []any
	for _, language := range slices.Sorted(maps.Keys(texts)) {
		answer := map[string]any{"text": texts[language]}
		if len(texts) > 1 {
			answer["language"] = language
		}
		answers = append(answers, answer)
	}
	return map[string]any{"answers": answers}
}
