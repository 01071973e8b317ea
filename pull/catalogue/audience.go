package catalogue

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"keypull/pull/when"
)

// What an audience is told by, in the order in which it is said.
const (
	ByLanguage   = "language"
	ByChannel    = "channel"
	ByGroup      = "group"
	ByWorkspace  = "workspace"
	ByCode       = "code"
	BySubscriber = "subscriber"
	ByHours      = "hours"
)

// AudienceNames returns what an audience may be told by.
func AudienceNames() []string {
	return []string{ByLanguage, ByChannel, ByGroup, ByWorkspace, ByCode, BySubscriber, ByHours}
}

// Bounds of what an audience lists under one name.
const (
	mostOfAudience = 50
	longOfAudience = 200
	longTeaser     = 1000
)

// The rules of audiences.
const (
	keyAudienceUnknown  = "audience_unknown"
	keyAudienceNobody   = "audience_nobody"
	keyAudienceMost     = "audience_most"
	keyAudienceLong     = "audience_long"
	keyAudienceLanguage = "audience_language"
	keyAudienceChannel  = "audience_channel"
	keyAudienceSource   = "audience_source"
	keyAudienceNoCodes  = "audience_no_codes"
	keyAudienceUntold   = "audience_untold"
	keyAudienceHours    = "audience_hours"
	keyAudienceBriefing = "audience_briefing"
	keyAudienceTeaser   = "audience_teaser"

	keyAudienceWorkspace = "audience_workspace"
	keyAudienceNoTeaser  = "audience_no_teaser"
	keyAudienceNoUnsure  = "audience_no_unsure"
)

// SameAudience reports whether two keywords are for the same readers, as their settings
// say it.
func SameAudience(a, b *Keyword) bool {
	return maps.EqualFunc(a.Audience, b.Audience, func(x, y []string) bool {
		return slices.Equal(slices.Sorted(slices.Values(x)), slices.Sorted(slices.Values(y)))
	})
}

// reach is what of a publisher an audience may name.
type reach struct {
	languages         []string
	channels, sources []string
	about             func(source string) About
	// lines are the channels; tells says of a kind whether it names workspaces, and is nil where
	// that is not known.
	lines []Channel
	tells func(kind string) bool
}

// reachOf returns what audiences of a publisher may name.
func reachOf(p *Publisher) reach {
	var r reach
	r.languages, r.lines = slices.Clone(p.Languages), p.Channels
	for i := range p.Channels {
		r.channels = append(r.channels, p.Channels[i].ID)
	}
	for i := range p.Sources {
		r.sources = append(append(r.sources, p.Sources[i].ID), p.Sources[i].Formerly...)
	}
	return r
}

// CheckAudience finds what is wrong with the audience of a publisher's keyword: with an
// error among it the keyword answers nobody, wherever it comes from.
func CheckAudience(k *Keyword, p *Publisher) []Finding { return reachOf(p).checkAudience(k) }

func (r reach) checkAudience(k *Keyword) (all []Finding) {
	add := func(s Severity, path, key string, args ...string) {
		all = append(all, newFinding(s, path, CodeAudience, key, args...))
	}
	for _, name := range slices.Sorted(maps.Keys(k.Audience)) {
		path, list := "audience."+name, k.Audience[name]
		switch {
		case !slices.Contains(AudienceNames(), name):
			add(Error, path, keyAudienceUnknown, "got", name, "known", strings.Join(AudienceNames(), ", "))
			continue
		case len(list) == 0:
			add(Error, path, keyAudienceNobody)
		case len(list) > mostOfAudience:
			add(Error, path, keyAudienceMost)
		}
		for i, one := range list[:min(len(list), mostOfAudience)] {
			if key, known := r.wrongIn(name, one); key != "" {
				add(Error, path+indexPath(i), key, "got", one, "known", strings.Join(known, ", "))
			}
		}
	}
	for _, language := range slices.Sorted(maps.Keys(k.Teaser)) {
		if utf8.RuneCountInString(k.Teaser[language]) > longTeaser {
			add(Error, strings.TrimSuffix("teaser."+language, "."), keyAudienceTeaser)
		}
	}
	if len(k.Teaser) > 0 && len(k.Audience[ByCode])+len(k.Audience[BySubscriber]) == 0 {
		add(Warning, "teaser", keyAudienceNoTeaser)
	}
	if k.Unsure != "" && len(k.Audience[BySubscriber]) == 0 {
		add(Warning, "unsure", keyAudienceNoUnsure)
	}
	if len(k.Audience) > 0 && k.Briefing {
		add(Warning, "briefing", keyAudienceBriefing)
	}
	return all
}

// checkWorkspace finds that a keyword is for members of a workspace that no channel of theirs can
// tell.
func (r reach) checkWorkspace(k *Keyword) []Finding {
	of := k.Audience
	if r.tells == nil || len(of[ByWorkspace]) == 0 || slices.ContainsFunc(r.lines, func(c Channel) bool {
		return r.tells(c.Kind) && (len(of[ByChannel]) == 0 || slices.Contains(of[ByChannel], c.ID))
	}) {
		return nil
	}
	return []Finding{newFinding(Warning, "audience."+ByWorkspace, CodeAudience, keyAudienceWorkspace)}
}

// wrongIn returns the sentence about what one entry of an audience cannot be, and what
// it could; "" where it can.
func (r reach) wrongIn(name, one string) (key string, known []string) {
	if utf8.RuneCountInString(one) > longOfAudience {
		return keyAudienceLong, nil
	}
	if strings.TrimSpace(one) == "" {
		return keyAudienceNobody, nil
	}
	switch name {
	case ByLanguage:
		if !slices.ContainsFunc(r.languages, func(own string) bool { return strings.EqualFold(own, one) || strings.EqualFold(base(own), one) }) {
			return keyAudienceLanguage, r.languages
		}
	case ByChannel:
		if !slices.Contains(r.channels, one) {
			return keyAudienceChannel, r.channels
		}
	case ByHours:
		if _, err := when.ParseHours([]string{one}); err != nil {
			return keyAudienceHours, nil
		}
	case ByCode, BySubscriber:
		if !slices.Contains(r.sources, one) {
			return keyAudienceSource, r.sources
		}
		if r.about == nil {
			return "", nil
		}
		switch a := r.about(one); {
		case !a.Opened:
		case name == ByCode && !a.Codes:
			return keyAudienceNoCodes, nil
		case name == BySubscriber && !a.OfReader:
			return keyAudienceUntold, nil
		}
	}
	return "", nil
}
