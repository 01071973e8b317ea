// Package jsonapi is the source kind "json": whatever answers in JSON over
// HTTP. The address, headers and body may have places for what a reader writes
// and for facts that a reader permits, each escaped by where it stands. JSON
// paths say where the items are, and what of each is its title, price or date;
// numbers keep their digits. Presets know the documented shapes of widespread
// systems.
package jsonapi

import (
	"embed"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/jsonpath"
	"keypull/sources/places"
	"keypull/sources/shape"
)

// Kind is the plug-in.
var Kind = sources.Kind{
	Name:         "json",
	StaleIfError: time.Hour,
	Words:        own,
	Files:        files,
	New:          func() sources.Opener { return &Settings{Pages: defaultPages} },
}

// Settings configure where items come from, and where in an answer they stand.
type Settings struct {
	URL              string            `name:"url" label:"Address" help:"What is asked. {argument} stands for what a reader writes, {language} for the reader's language, reader.city in braces for what a reader has said of himself; with a preset, the address of the site." check:"required,url" example:"https://api.example.org/search?q={argument}" is:"address"`
	Preset           string            `name:"preset" label:"Preset" help:"A system whose answers are known: paths and places need not be given." choices:"wordpress,drupal,ghost,shopify,woocommerce,shopify-order,woocommerce-order"`
	Items            string            `name:"items" label:"Items" help:"Where the items stand: a JSON path, or names with points between them. Nothing here: the answer itself, a list or one item." check:"max=500" example:"data.items" is:"spot"`
	Fields           map[string]string `name:"fields" label:"Fields" help:"What of an item is its title, summary, body, link, image, published, id or any fact: a path within the item, or a text with paths in braces. Nothing here: by the names that stand there." check:"max=60" example:"{ title = \"name\", price = \"offers.0.price\", link = \"/p/{slug}\" }" is:"spots" names:"title,summary,body,link,image,published,price,currency,author,start,end,place"`
	About            string            `name:"about" label:"About" help:"The field that names what was asked for, such as symbol, id or place: an answer about another one is an error. Not set: symbol, or id where a reader asks for one." check:"max=60" example:"place" more:"true"`
	Shape            string            `name:"shape" label:"Shape" help:"What the items are like; numbers, dates and replies follow it." choices:"article,recipe,quote,product,event"`
	Method           string            `name:"method" label:"Method" help:"How it is asked; nothing here: POST where there is a body, else GET." choices:"GET,POST" more:"true"`
	Body             string            `name:"body" label:"Body" help:"What is sent with POST, with the same places as the address." check:"max=8000" example:"{ \"query\": \"{argument}\" }" is:"script" more:"true"`
	Next             string            `name:"next" label:"Next page" help:"Where the next page is told: a path to an address, a cursor or a page number, which goes to {next} in the address or body; or “header” for a Link header, or “number” where pages are only counted." check:"max=500" example:"meta.next_cursor" is:"spot" more:"true"`
	Pages            int               `name:"pages" label:"Pages" help:"How many pages are read at most where readers ask for more." check:"min=1,max=50" more:"true"`
	Key              settings.Secret   `name:"key" label:"Key" help:"A key that the address or body wants in the place of {key}." check:"max=1000" example:"a-long-random-word" more:"true"`
	OAuth            OAuth             `name:"oauth" label:"OAuth 2" help:"Where the service wants tokens that are asked for: by client credentials, or by a refresh token." more:"true"`
	sources.Access   `settings:"inline"`
	sources.Credited `settings:"inline"`
}

// OAuth is where tokens come from.
type OAuth struct {
	TokenURL     string          `name:"token_url" label:"Token address" help:"Where tokens are asked for." check:"url" example:"https://login.example.org/oauth/token"`
	ClientID     string          `name:"client_id" label:"Client" help:"Who asks." check:"max=500" example:"newsroom"`
	ClientSecret settings.Secret `name:"client_secret" label:"Client secret" help:"The secret of who asks." check:"max=2000" example:"a-long-random-word"`
	RefreshToken settings.Secret `name:"refresh_token" label:"Refresh token" help:"What new tokens are asked for by. One that replaces it is kept sealed." check:"max=8000" example:"a-long-random-word"`
	Scope        string          `name:"scope" label:"Scope" help:"What is asked for, as the service calls it." check:"max=1000" example:"orders:read"`
}

const (
	defaultPages = 5
	headerNext   = "header"
)

var _ settings.Checker = (*Settings)(nil)

// Check finds what no single field shows.
func (s *Settings) Check() settings.Problems {
	problems := append(s.Access.Check(), s.checkPlaces()...)
	if s.Method == "GET" && s.Body != "" {
		problems = append(problems, settings.Wrong("body", own.Text("body_with_get", nil)))
	}
	for _, p := range []struct{ field, path string }{{"items", s.Items}, {"next", s.Next}} {
		if _, err := jsonpath.Parse(p.path); err != nil {
			problems = append(problems, settings.Wrong(p.field, words.Said(err)))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Fields)) {
		switch _, err := parseExpression(s.Fields[name]); {
		case strings.TrimSpace(name) == "" || errors.Is(err, errEmpty):
			problems = append(problems, settings.Wrong("fields", own.Text("no_field_path", words.Args{"field": name})))
		case err != nil:
			problems = append(problems, settings.Wrong("fields", words.Text{Key: "fetch.because", Args: words.Args{"what": name, "reason": words.Said(err)}}))
		}
	}
	return append(problems, s.OAuth.check()...)
}

// checkPlaces finds places where none may be, and such as nobody fills.
func (s *Settings) checkPlaces() settings.Problems {
	var problems settings.Problems
	address := places.New(s.URL)
	if places.InHost(s.URL) {
		problems = append(problems, settings.Wrong("url", own.Text("place_in_host", nil)))
	}
	for _, name := range places.Unknown(s.URL) {
		problems = append(problems, settings.Wrong("url", own.Text("place_unknown", words.Args{"place": "{" + name + "}"})))
	}
	body := places.New(s.Body)
	if s.Key != "" && s.Preset == "" && !address.Has(places.Key) && !body.Has(places.Key) && !s.headersHave(places.Key) {
		problems = append(problems, settings.Wrong("key", own.Text("key_unused", nil)))
	}
	for name, value := range s.Headers {
		if !httpguts.ValidHeaderFieldValue(value) {
			problems = append(problems, settings.Wrong("headers", own.Text("header_lines", words.Args{"name": name})))
		}
	}
	return problems
}

func (s *Settings) headersHave(place string) bool {
	for _, value := range s.Headers {
		if places.New(value).Has(place) {
			return true
		}
	}
	return false
}

func (o OAuth) check() settings.Problems {
	var problems settings.Problems
	switch {
	case o == OAuth{}:
	case o.TokenURL == "":
		problems = append(problems, settings.Wrong("oauth.token_url", own.Text("oauth_no_url", nil)))
	case o.RefreshToken == "" && (o.ClientID == "" || o.ClientSecret == ""):
		problems = append(problems, settings.Wrong("oauth.client_id", own.Text("oauth_no_client", nil)))
	}
	return problems
}

// Open returns the source.
func (s *Settings) Open(env sources.Env) (pull.Source, error) {
	e, err := s.withPreset()
	if err != nil {
		return nil, err
	}
	src, err := newSource(e, env)
	if err != nil {
		return nil, err
	}
	if len(src.wants) > 0 {
		return &personal{src}, nil
	}
	return src, nil
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

var _ sources.Factual = (*Settings)(nil)

// Facts lists the facts of the items by the fields that are named; nil where
// none is, since items have those that stand in the answer then.
func (s *Settings) Facts() []string {
	e, err := s.withPreset()
	if err != nil || len(e.Fields) == 0 {
		return nil
	}
	return shape.Facts(e.Shape, slices.Sorted(maps.Keys(e.Fields)))
}
