package console

import (
	"context"
	"net/url"
	"strings"
	"sync/atomic"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/words"
)

// Bounds of a site that is tried before anybody has an account.
const (
	triedWords    = 3
	triedRequests = 200
)

// SiteTried is what a phone would be answered by a site.
type SiteTried struct {
	Address, Name string
	// Language is the one that the site is written in, else that of the caller.
	Language string
	Turns    []SiteTurn
}

// SiteTurn is a word of the site, and its answer as the first kind of messenger shows it.
type SiteTurn struct {
	Word    string
	Kind    string
	Answers []WireMessage
}

// TrySite finds out what a site could answer, and asks three of its words; none are told
// where nothing was found. It takes DiscoverTime and 200 requests at most, and keeps
// nothing. What is wrong with the address is told as settings.Problems of "address".
func (p Publishing) TrySite(ctx context.Context, address, language string) (SiteTried, error) {
	out := SiteTried{}
	r := &review{}
	if address = strings.TrimSpace(address); address == "" {
		r.addProblem("address", "required")
		return out, r.err()
	}
	ctx, cancel := context.WithTimeout(ctx, DiscoverTime)
	defer cancel()
	found, err := p.Trials.Discover(boundedRequests(ctx, triedRequests), address, "")
	if err != nil {
		reason, _ := errorForEditor(err, "")
		r.addDocProblem("address", "document.undiscovered", "reason", reason)
		return out, r.err()
	}
	pub := catalogue.Publisher{ID: "trial", Name: found.Site, Languages: []string{language}}
	pub.Defaults()
	if tag := found.Language; tag != "" && words.Base(tag) != words.Base(language) && settings.IsLanguage(tag) {
		pub.Languages = []string{words.Base(tag), language}
	}
	out.Address, out.Name, out.Language = found.Address, found.Site, pub.Languages[0]
	if u, err := url.Parse(found.Address); err == nil && out.Name == "" {
		out.Name = u.Host
	}
	out.Turns = p.askTried(ctx, found, pub)
	return out, nil
}

// boundedRequests returns a context that ends once so many requests were answered.
func boundedRequests(ctx context.Context, most int64) context.Context {
	ctx, enough := context.WithCancel(ctx)
	var sent atomic.Int64
	return outside.Record(ctx, func(outside.Exchange) {
		if sent.Add(1) >= most {
			enough()
		}
	})
}

// askTried asks words of what was found.
func (p Publishing) askTried(ctx context.Context, found Discovery, pub catalogue.Publisher) (turns []SiteTurn) {
	proposal := Proposed(ctx, found, pub)
	stage, _, err := proposal.stage(ctx, found, pub)
	if err != nil || stage == nil {
		return nil
	}
	defer func() { _ = stage.Close() }() // nothing of it lasts
	for _, word := range proposal.wordsToTry() {
		if len(turns) == triedWords || ctx.Err() != nil {
			break
		}
		if o := stage.Ask(ctx, word, pub.Languages[0]); o.Reply != nil && hasAnswered(o) {
			turns = append(turns, p.turnOf(word, *o.Reply))
		}
	}
	return turns
}

// hasAnswered reports whether an ask was answered, or asked back.
func hasAnswered(o pull.Resolved) bool {
	return o.Trace.Outcome == journal.Answered || o.Trace.Outcome == journal.Offered
}

// wordsToTry returns what the proposed keywords were asked by and answered: the word of
// each first, then those with something beside it, then in a sentence.
func (p SourceDiscovered) wordsToTry() (all []string) {
	seen := map[string]bool{}
	for _, n := range []int{0, 2, 1} {
		for _, t := range p.Tried {
			if n >= len(t.Asked) {
				continue
			}
			if folded := strings.ToLower(t.Asked[n].Text); !seen[folded] {
				seen[folded] = true
				all = append(all, t.Asked[n].Text)
			}
		}
	}
	return all
}

// turnOf shows a reply as the first kind of messenger that can be shown does.
func (p Publishing) turnOf(word string, reply pull.Reply) SiteTurn {
	for _, k := range p.Kinds.Messengers {
		if k.Preview != nil {
			return SiteTurn{Word: word, Kind: k.Name, Answers: previewOn(reply, k.Preview.Limits(), k.Preview, "").Messages}
		}
	}
	return SiteTurn{Word: word, Answers: []WireMessage{{Text: shownAnswer(&reply)}}}
}
