package eval

import (
	"keypull/pull/what"
	"keypull/pull/what/command"
)

// prediction is one line of the answer.
type prediction struct {
	Text string   `json:"q"`
	Type string   `json:"type"`
	ID   string   `json:"id,omitempty"`
	IDs  []string `json:"ids,omitempty"`
	Arg  string   `json:"arg,omitempty"`
	*Explanation
}

// Explanation says how an answer was found. It is exported so that encoding/json
// can fill it in where an answer has one.
type Explanation struct {
	Tier   string `json:"tier"`
	Reason string `json:"reason"`
	// Phrase is the spelling in the catalogue that was recognised; of an offer
	// it is the first one's.
	Phrase string `json:"phrase"`
	// Runners are the keywords that came near and are not offered.
	Runners   []string `json:"runners"`
	Core      string   `json:"core"`
	Unknown   string   `json:"unknown"`
	Probes    int      `json:"probes"`
	Corrected bool     `json:"corrected"`
	// Certainty is how sure it was where words stood around what was found, Terms
	// what spoke for and against it.
	Certainty float64            `json:"certainty,omitempty"`
	Terms     map[string]float64 `json:"terms,omitempty"`
}

func newPrediction(text string, m what.Match) prediction {
	p := prediction{Text: text, Type: string(m.Decision)}
	switch m.Decision {
	case what.Run:
		p.ID, p.Arg = m.Candidates[0].Keyword, m.Candidates[0].Argument
	case what.Offer:
		p.IDs = keywordsOf(m.Candidates)
	case what.Reserved:
		if p.ID = string(m.Command); m.Command == command.Paid {
			// The outlet's word for it and STOP are offered.
			p.Type, p.ID, p.IDs = string(what.Offer), "", append(keywordsOf(m.Candidates), string(command.Stop))
		}
	case what.None:
	}
	return p
}

func explainMatch(m what.Match) *Explanation {
	e := &Explanation{
		Tier: string(m.Tier), Reason: string(m.Reason), Runners: keywordsOf(m.Runners),
		Core: m.Core, Unknown: m.Unknown, Probes: m.Probes, Corrected: m.Corrected,
	}
	m.Certainty.Reasons(func(name string, weight float64) {
		if e.Terms == nil {
			e.Certainty, e.Terms = m.Certainty.Value, map[string]float64{}
		}
		e.Terms[name] = weight
	})
	if len(m.Candidates) > 0 {
		e.Phrase = m.Candidates[0].Phrase
	}
	return e
}

// keywordsOf lists the ids of candidates, never nil.
func keywordsOf(all []what.Candidate) []string {
	ids := make([]string, len(all))
	for i, c := range all {
		ids[i] = c.Keyword
	}
	return ids
}
