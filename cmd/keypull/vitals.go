package main

import (
	"encoding/json"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// vitals tells how sources and channels have been doing, for those that are put
// back after they were changed or removed.
type vitals struct {
	cache    *pull.Cache
	channels *messengers.Channels
}

// channelHealth is a channel's health with the reason, which faces tell in
// their own language.
type channelHealth struct {
	messengers.Health
	Why words.Text `json:"why,omitzero"`
}

// Health implements undo.Vitals.
func (v vitals) Health(n catalogue.Noun, publisher, id string) json.RawMessage {
	var health any
	switch n {
	case catalogue.NounSource:
		h, ok := v.cache.HealthOf(publisher)[id]
		if !ok {
			return nil
		}
		health = h
	case catalogue.NounChannel:
		c := v.channels.Find(publisher, id)
		if c == nil {
			return nil
		}
		h := c.Health()
		health = channelHealth{h, h.Why}
	default:
		return nil
	}
	// What healths are made of always has a form in JSON.
	b, _ := json.Marshal(health)
	return b
}

// Recall implements undo.Vitals.
func (v vitals) Recall(n catalogue.Noun, publisher, id string, health json.RawMessage) {
	switch n {
	case catalogue.NounSource:
		var h pull.Health
		if json.Unmarshal(health, &h) == nil {
			v.cache.Recall(h)
		}
	case catalogue.NounChannel:
		var h channelHealth
		if c := v.channels.Find(publisher, id); c != nil && json.Unmarshal(health, &h) == nil {
			h.Health.Why = h.Why
			c.Recall(h.Health)
		}
	}
}
