package jsonapi

import (
	"cmp"
	"embed"
	"maps"
	"net/url"

	"regexp"
	"strings"
	"sync"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/sources"
)

// preset is what is known of a system: data, in presets/*.json.
type preset struct {
	// Path follows the address of a site, unless that leads into the API, which
	// is what Below stands in. Query is added where the address does not say it.
	Path   string            `json:"path"`
	Below  string            `json:"below"`
	Query  [][2]string       `json:"query"`
	Header map[string]string `json:"header"`
	Items  string            `json:"items"`
	Fields map[string]string `json:"fields"`
	Shape  string            `json:"shape"`
	Next   string            `json:"next"`
	// Naive is the zone of its times that name none.
	Naive string `json:"naive"`
	// Signed is the preset that takes its place where requests carry a proof.
	Signed string `json:"signed"`
	// KeyHeader is the header that the key is sent in; "" if it has a place in
	// the query.
	KeyHeader string `json:"key_header"`
	// Argument takes what a reader writes apart, by named groups. What it says is
	// private then, and each of Must has to fit.
	Argument string        `json:"argument"`
	Must     []requirement `json:"must"`
}

// requirement is what an item has to say: at one of the places what stands in another
// of the argument.
type requirement struct {
	At     []string `json:"at"`
	Equals string   `json:"equals"`
}

//go:embed presets/*.json
var presetFiles embed.FS

// presets are all of them, by name. A test finds what is wrong with them.
var presets = sync.OnceValue(func() map[string]preset { return sources.Presets[preset](presetFiles) })

// effective is a copy of settings with what their preset fills in.
type effective struct {
	Settings
	naive    string
	argument *regexp.Regexp
	must     []requirement
}

// withPreset fills in what the preset knows; what the settings say themselves
// counts.
func (s *Settings) withPreset() (effective, error) {
	e := effective{Settings: *s}
	if s.Preset == "" {
		return e, nil
	}
	p, ok := presets()[s.Preset]
	if !ok {
		return e, &pull.Error{Kind: pull.Invalid, Op: "open json", Field: "preset", Hint: words.Text{Key: "source.gone"}}
	}
	if p.Signed != "" && s.signed() {
		p = presets()[p.Signed]
	}
	e.URL = p.address(s.URL)
	e.Headers = map[string]string{}
	maps.Copy(e.Headers, p.Header)
	if p.KeyHeader != "" && s.Key != "" {
		e.Headers[p.KeyHeader] = "{key}"
	}
	maps.Copy(e.Headers, s.Headers)
	e.Items, e.Shape, e.Next = cmp.Or(e.Items, p.Items), cmp.Or(e.Shape, p.Shape), cmp.Or(e.Next, p.Next)
	e.Fields = maps.Clone(p.Fields)
	maps.Copy(e.Fields, s.Fields)
	e.naive, e.must = p.Naive, p.Must
	if p.Argument != "" {
		e.argument = regexp.MustCompile(p.Argument)
	}
	return e, nil
}

// signed reports whether requests carry a proof of who asks.
func (s *Settings) signed() bool {
	return s.Username != "" || s.Bearer != "" || len(s.Headers) > 0 || s.OAuth.TokenURL != ""
}

// address returns that of the API at a site.
func (p preset) address(site string) string {
	text, query, _ := strings.Cut(strings.SplitN(site, "#", 2)[0], "?")
	if !strings.Contains(text, p.Below) {
		text = strings.TrimSuffix(text, "/") + p.Path
	}
	var params []string
	if query != "" {
		params = append(params, query)
	}
	told, _ := url.ParseQuery(strings.ReplaceAll(query, ";", "&"))
	for _, q := range p.Query {
		if !told.Has(q[0]) {
			params = append(params, url.QueryEscape(q[0])+"="+q[1])
		}
	}
	if len(params) == 0 {
		return text
	}
	return text + "?" + strings.Join(params, "&")
}
