package main

import (
	"context"
	"slices"

	"keypull/pull"
	"keypull/web"
	"keypull/web/messengers"
)

// visibilityOf returns what the holder of a token may see of the installation's insides:
// everything for one of the installation, its own part for a publisher's. What
// is no token of ours shows nothing, whatever the reason.
func (s *Server) visibilityOf(ctx context.Context, token, address string) web.Visibility {
	p, err := s.gate.Bearer(ctx, token, address)
	if err != nil {
		return web.Visibility{}
	}
	if p.Admin {
		return web.Visibility{All: true}
	}
	for publisher := range p.Roles {
		return web.Visibility{Publisher: publisher}
	}
	return web.Visibility{}
}

// readyToAll is all that strangers learn.
type readyToAll struct {
	Ready bool `json:"ready"`
}

// readyOf is what a publisher's token shows: its own part.
type readyOf struct {
	Ready    bool                `json:"ready"`
	Version  string              `json:"version"`
	Sources  []sourceHealth      `json:"sources"`
	Channels []messengers.Health `json:"channels"`
	Failing  []failing           `json:"failing,omitempty"`
}

// sourceHealth is how a source has been doing, said in English and with the
// cause of what is wrong.
type sourceHealth struct {
	pull.Health

	Error    string   `json:"error,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
}

func publicHealth(all []pull.Health) []sourceHealth {
	told := make([]sourceHealth, len(all))
	for i, h := range all {
		told[i] = sourceHealth{Health: h}
		switch {
		case h.Err != nil:
			told[i].Error = h.Err.Error()
		case !h.Error.IsZero():
			// It is of a process before, which knew the cause.
			told[i].Error = h.Error.String()
		}
		for _, w := range h.Warnings {
			told[i].Warnings = append(told[i].Warnings, w.String())
		}
	}
	return told
}

// seenBy leaves of the readiness what may be seen.
func (r readiness) seenBy(s web.Visibility) any {
	switch {
	case s.All:
		return r
	case s.Blind():
		return readyToAll{r.Ready}
	}
	return readyOf{
		Ready: r.Ready, Version: r.Version, Failing: r.Failing,
		Sources:  slices.DeleteFunc(slices.Clone(r.Sources), func(h sourceHealth) bool { return !s.Sees(h.Publisher) }),
		Channels: slices.DeleteFunc(slices.Clone(r.Channels), func(h messengers.Health) bool { return !s.Sees(h.Publisher) }),
	}
}
