package eval

import (
	"math"

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

// calibrate counts runs by tier, and offers; nil where no answer names a tier.
func calibrate(queries []query, answers []*prediction) *calibration {
	tiers := tierPromises()
	var offers rate
	for i, p := range answers {
		if p == nil || p.Explanation == nil || p.Tier == "" {
			continue
		}
		v, reached := judge(&queries[i].Expect, p)
		if p.Type == "offer" {
			offers.hit(reached > 0 || v == verdictRight)
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
	c := &calibration{Offers: int(offers.all), OfferShare: offers.share()}
	runs, off := 0, 0.0
	for _, t := range tiers {
		if t.Runs == 0 {
			continue
		}
		share := float64(t.Right) / float64(t.Runs)
		t.Share = round(share)
		c.Tiers = append(c.Tiers, t)
		runs += t.Runs
		off += math.Abs(share-t.Promise) * float64(t.Runs)
	}
	if runs == 0 && c.Offers == 0 {
		return nil
	}
	c.Error = round(off / float64(max(1, runs)))
	return c
}
