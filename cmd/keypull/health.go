package main

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// componentHealth tells how sources and channels have been doing, for those that are put
// back after they were changed or removed.
type componentHealth struct {
	cache    *pull.Cache
	channels *messengers.Channels
}

// channelHealth is a channel's health with the reason, which faces tell in
// their own language.
type channelHealth struct {
	messengers.Health
	Why words.Text `json:"why,omitzero"`
}

// Health implements undo.Health.
func (v componentHealth) Health(n catalogue.Resource, publisher, id string) json.RawMessage {
	var health any
	switch n {
	case catalogue.ResourceSource:
		h, ok := v.cache.HealthOf(publisher)[id]
		if !ok {
			return nil
		}
		health = h
	case catalogue.ResourceChannel:
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

// Recall implements undo.Health.
func (v componentHealth) Recall(n catalogue.Resource, publisher, id string, health json.RawMessage) {
	switch n {
	case catalogue.ResourceSource:
		var h pull.Health
		if json.Unmarshal(health, &h) == nil {
			v.cache.Recall(h)
		}
	case catalogue.ResourceChannel:
		var h channelHealth
		if c := v.channels.Find(publisher, id); c != nil && json.Unmarshal(health, &h) == nil {
			h.Health.Why = h.Why
			c.Recall(h.Health)
		}
	}
}

// healthEvery is how often it is written down how sources have been doing, beside
// the end of the process.
const healthEvery = 15 * time.Minute

// recallSources has sources be doing as they were when it was last written down.
func (s *Server) recallSources(ctx context.Context) {
	all, err := s.fared.Load(ctx)
	if err != nil {
		s.logger.Warn("how some sources have been doing cannot be read", "error", err)
	}
	for _, h := range all {
		if s.isOwnSource(h) {
			s.cache.Recall(h)
		}
	}
}

// keepSources writes down how sources have been doing, from time to time.
func (s *Server) keepSources(ctx context.Context) {
	next := time.NewTicker(healthEvery)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
			s.writeSources(ctx)
		}
	}
}

// writeSources writes it down for those that are there.
func (s *Server) writeSources(ctx context.Context) {
	all := slices.DeleteFunc(s.cache.Health(), func(h pull.Health) bool { return !s.isOwnSource(h) })
	if err := s.fared.Keep(ctx, all); err != nil {
		s.logger.Warn("how sources have been doing is not written down", "error", err)
	}
}

// isOwnSource reports whether a health is of a source that is there.
func (s *Server) isOwnSource(h pull.Health) bool {
	pub := s.room.Publisher(h.Publisher)
	if pub == nil {
		return false
	}
	_, there := pub.Source(h.Source)
	return there
}
