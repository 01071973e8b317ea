package catalogue

import (
	"net/url"
	"strings"
	"time"

	"keypull/pull/outside"
	"keypull/pull/settings"
	"keypull/pull/words"
)

// What holds where a matcher says nothing of its own.
const (
	MatcherDeadline = 800 * time.Millisecond
	MatcherMinScore = 60
)

// Matcher is the publisher's own endpoint that is asked what a message meant
// which no keyword is near to. It is off where URL is empty, and counts for
// publishers of the configuration file alone.
type Matcher struct {
	URL      string          `name:"url" label:"Address" help:"The https address of the publisher's own matcher, which may name keywords to offer where a message is not understood. Not set: nobody is asked." check:"url,max=500" example:"https://understand.example.org/match" more:"true" local:"true"`
	Secret   settings.Secret `name:"secret" label:"Secret" help:"What requests are signed with; the endpoint knows it too." check:"min=16,max=200" more:"true" local:"true"`
	Deadline time.Duration   `name:"deadline" label:"Deadline" help:"How long a reader waits for it at most; 800ms where not set." example:"800ms" check:"min=50ms,max=2s" more:"true" local:"true"`
	MinScore int             `name:"min_score" label:"Least score" help:"From which score on a keyword is offered, in percent; 60 where not set." example:"60" check:"min=1,max=100" more:"true" local:"true"`
}

// Check finds what no single field shows.
func (m *Matcher) Check() settings.Problems {
	switch {
	case m.URL == "" && m.Secret != "":
		return settings.Problems{settings.Wrong("url", words.Text{Key: "catalogue.matcher_no_url"})}
	case m.URL == "":
		return nil
	}
	var problems settings.Problems
	if !strings.HasPrefix(strings.ToLower(m.URL), "https://") && !onThisMachine(m.URL) {
		problems = append(problems, settings.Wrong("url", words.Text{Key: "catalogue.matcher_insecure"}))
	}
	if m.Secret == "" {
		problems = append(problems, settings.Wrong("secret", words.Text{Key: "catalogue.matcher_no_secret"}))
	}
	return problems
}

// onThisMachine reports whether an address is one of this machine, to which
// nothing has to be sent in secret.
func onThisMachine(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "http" && outside.OnThisMachine(u.Hostname())
}
