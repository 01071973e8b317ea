package eval

import (
	"cmp"
	"math"
	"slices"

	"keypull/pull/what"
)

// calibration is how far each tier is to be trusted. It is known of answers
// that name their tier alone.
type calibration struct {
	Tiers []tierRuns `json:"tiers"`
	// Offers counts the answers that offer, OfferShare which share of them
	// holds what is meant.
	Offers     int     `json:"offers"`
	OfferShare float64 `json:"offer_share"`
	// Error is the expected calibration error: how far the share of right runs
	// lies from what its tier promises, on average over all runs.
	Error float64 `json:"expected_error"`
	// Bands tell how often what was found in a sentence was meant, by how certain
	// that was: the reliability diagram. Certainty is how far the two lie apart in
	// the bands of what was run, on average.
	Bands     []band  `json:"bands,omitempty"`
	Certainty float64 `json:"certainty_error,omitempty"`
}

// band are the answers and offers of which the certainty lies between two figures.
type band struct {
	From  float64 `json:"from"`
	To    float64 `json:"to"`
	Found int     `json:"found"`
	// Certainty is their mean, Share how many of them were meant.
	Certainty float64 `json:"certainty"`
	Share     float64 `json:"share"`
}

// bandEdges part the certainties.
func bandEdges() []float64 {
	return []float64{0.25, 0.4, 0.55, 0.7, 0.8, 0.84, 0.88, 0.9, 0.92, 0.94, 0.96, 0.98, 1.001}
}

// certaintyError is the expected calibration error of what was run: how far certainty and
// truth lie apart in ten bands of as many runs.
func certaintyError(queries []query, answers []*prediction) float64 {
	const bands = 10
	type run struct {
		certainty float64
		right     bool
	}
	var runs []run
	for i, p := range answers {
		if p == nil || p.Explanation == nil || p.Certainty == 0 || p.Type != "run" {
			continue
		}
		v, _ := judgePrediction(&queries[i].Expect, p)
		runs = append(runs, run{p.Certainty, v == verdictRight || v == verdictWrongArg})
	}
	slices.SortStableFunc(runs, func(a, b run) int { return cmp.Compare(a.certainty, b.certainty) })
	off := 0.0
	for i := range bands {
		sum := 0.0
		for _, r := range runs[i*len(runs)/bands : (i+1)*len(runs)/bands] {
			if sum += r.certainty; r.right {
				sum--
			}
		}
		off += math.Abs(sum)
	}
	return roundFigure(off / float64(max(1, len(runs))))
}

// banded counts what was found in sentences, by its certainty.
func banded(queries []query, answers []*prediction) (all []band) {
	edges := bandEdges()
	for i := 1; i < len(edges); i++ {
		b := band{From: edges[i-1], To: min(1, edges[i])}
		sum, meant := 0.0, rate{}
		for n, p := range answers {
			if p == nil || p.Explanation == nil || p.Certainty < edges[i-1] || p.Certainty >= edges[i] || p.Type == "none" {
				continue
			}
			v, reached := judgePrediction(&queries[n].Expect, p)
			sum += p.Certainty
			meant.countCase(reached > 0 || v == verdictRight)
		}
		if b.Found = int(meant.all); b.Found > 0 {
			b.Certainty, b.Share = roundFigure(sum/meant.all), roundFigure(meant.shareOf())
			all = append(all, b)
		}
	}
	return all
}

// tierRuns is what became of the runs and commands of a tier.
type tierRuns struct {
	Tier  what.Tier `json:"tier"`
	Runs  int       `json:"runs"`
	Right int       `json:"right"`
	Share float64   `json:"share"`
	// Promise is the share that is meant to be right.
	Promise float64 `json:"promise"`
}

// tierPromises says what share of a tier's runs is meant to be right. The
// further a message is from its phrase, the less is promised; a keyword that
// would promise less than nine of ten is offered instead.
func tierPromises() []tierRuns {
	return []tierRuns{
		{Tier: what.TierCommand, Promise: 0.99}, {Tier: what.TierExact, Promise: 0.99}, {Tier: what.TierFolded, Promise: 0.98},
		{Tier: what.TierVocabulary, Promise: 0.98}, {Tier: what.TierFiller, Promise: 0.97}, {Tier: what.TierOrder, Promise: 0.97},
		{Tier: what.TierArgument, Promise: 0.95}, {Tier: what.TierStem, Promise: 0.95}, {Tier: what.TierTyping, Promise: 0.95},
		{Tier: what.TierScript, Promise: 0.95}, {Tier: what.TierPart, Promise: 0.9},
	}
}

// countCalibration counts runs by tier, and offers; nil if no answer names a tier.
func countCalibration(queries []query, answers []*prediction) *calibration {
	tiers := tierPromises()
	var offers rate
	for i, p := range answers {
		if p == nil || p.Explanation == nil || p.Tier == "" {
			continue
		}
		v, reached := judgePrediction(&queries[i].Expect, p)
		if p.Type == "offer" {
			offers.countCase(reached > 0 || v == verdictRight)
			continue
		}
		for t := range tiers {
			if string(tiers[t].Tier) != p.Tier || p.Type == "none" {
				continue
			}
			tiers[t].Runs++
			if v == verdictRight {
				tiers[t].Right++
			}
		}
	}
	c := &calibration{Offers: int(offers.all), OfferShare: offers.shareOf(), Bands: banded(queries, answers), Certainty: certaintyError(queries, answers)}
	runs, off := 0, 0.0
	for _, t := range tiers {
		if t.Runs == 0 {
			continue
		}
		share := float64(t.Right) / float64(t.Runs)
		t.Share = roundFigure(share)
		c.Tiers = append(c.Tiers, t)
		runs += t.Runs
		off += math.Abs(share-t.Promise) * float64(t.Runs)
	}
	if runs == 0 && c.Offers == 0 {
		return nil
	}
	c.Error = roundFigure(off / float64(max(1, runs)))
	return c
}
