package catalogue_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"keypull/pull/catalogue"
	"keypull/pull/when"
)

// FuzzCheckAudience: whatever an audience is, it is judged, each finding names what it is about, and
// what has no error names only what the publisher has.
func FuzzCheckAudience(f *testing.F) {
	for _, seed := range []string{
		`{"language":["en","de-AT"]}`, `{"channel":["web"],"hours":["mon-fri 09:00-17:00"]}`, `{"code":["club"],"subscriber":["register"]}`, `{"hours":["25:00"]}`, `{}`, `{"nobody":[""]}`,
		`{"group":["C7"],"workspace":["T1"]}`, `{"language":[],"channel":["` + strings.Repeat("x", 300) + `"]}`, `{"code":["fax"],"hours":[" "]}`, "{\"group\":[\"\\u0000\"]}",
	} {
		f.Add(seed, "Ask at the gate.")
	}
	p := &catalogue.Publisher{ID: "p", Languages: []string{"en", "de"}, Sources: []catalogue.Source{{ID: "club"}, {ID: "register", Formerly: []string{"book"}}}, Channels: []catalogue.Channel{{ID: "web"}}}
	f.Fuzz(func(t *testing.T, written, teaser string) {
		k := &catalogue.Keyword{ID: "k", Source: "club", Teaser: catalogue.Localised{"en": teaser}}
		if json.Unmarshal([]byte(written), &k.Audience) != nil {
			return
		}
		wrong := false
		for _, found := range catalogue.CheckAudience(k, p) {
			wrong = wrong || found.Severity == catalogue.Error
			if !strings.HasPrefix(found.Path, "audience.") && !strings.HasPrefix(found.Path, "teaser") || found.Message == "" {
				t.Errorf("%+v", found)
			}
		}
		if wrong {
			return
		}
		for name, list := range k.Audience {
			if !slices.Contains(catalogue.AudienceNames(), name) || len(list) == 0 {
				t.Errorf("%q with %q is let pass", name, list)
			}
		}
		if _, err := when.ParseHours(k.Audience[catalogue.ByHours]); err != nil {
			t.Errorf("%q: %v", k.Audience[catalogue.ByHours], err)
		}
	})
}
