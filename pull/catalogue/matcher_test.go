package catalogue_test

import (
	"errors"
	"maps"
	"testing"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
)

func TestAMatcherNeedsASecureAddressAndASecret(t *testing.T) {
	const secret = "0123456789abcdef"
	for _, c := range []struct {
		name    string
		matcher map[string]any
		field   string
	}{
		{"nothing at all", nil, ""},
		{"all of it", map[string]any{"url": "https://example.org/match", "secret": secret, "deadline": "2s", "min_score": 100}, ""},
		{"an address that everybody can read", map[string]any{"url": "http://example.org/match", "secret": secret}, "matcher.url"},
		{"no secret", map[string]any{"url": "https://example.org/match"}, "matcher.secret"},
		{"a short secret", map[string]any{"url": "https://example.org/match", "secret": "short"}, "matcher.secret"},
		{"a secret without an address", map[string]any{"secret": secret}, "matcher.url"},
		{"a deadline that is too long", map[string]any{"url": "https://example.org/match", "secret": secret, "deadline": "2001ms"}, "matcher.deadline"},
		{"a score beyond 100", map[string]any{"url": "https://example.org/match", "secret": secret, "min_score": 101}, "matcher.min_score"},
		{"a name that is mistyped", map[string]any{"uri": "https://example.org/match"}, "matcher.uri"},
	} {
		t.Run(c.name, func(t *testing.T) {
			values := map[string]any{"id": "p", "name": "P", "languages": []any{"en"}}
			if c.matcher != nil {
				values["matcher"] = maps.Clone(c.matcher)
			}
			var p catalogue.Publisher
			p.Defaults()
			err := settings.Fill(&p, values)
			var problems settings.Problems
			switch {
			case c.field == "" && err != nil:
				t.Error(err)
			case c.field == "":
			case !errors.As(err, &problems) || len(problems) != 1 || problems[0].Field != c.field:
				t.Errorf("got %v, want a problem of %s", err, c.field)
			}
			if deadline := p.Matcher.Deadline; c.name == "all of it" && deadline != 2*time.Second {
				t.Errorf("the deadline is %v", deadline)
			}
		})
	}
}
