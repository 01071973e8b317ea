package page

import (
	"embed"
	"maps"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/places"
	"keypull/sources/shape"
)

// Kind is the plug-in.
var Kind = sources.Kind{
	Name:         "page",
	StaleIfError: 24 * time.Hour,
	Words:        own,
	Files:        files,
	New:          func() sources.Opener { return &Settings{} },
}

// Settings configure a page.
type Settings struct {
	URL              string            `name:"url" label:"Address" help:"The page; {argument} stands for what a reader writes, {language} for the reader's language." check:"required,url" example:"https://www.example.org/events" is:"address"`
	Item             string            `name:"item" label:"Item" help:"What each item is known by: “Try it” shows the page, where a click on a block fills it in (a CSS selector). Nothing here: what the page itself is about." check:"max=200" example:"article.teaser" is:"block"`
	Fields           map[string]string `name:"fields" label:"Fields" help:"What of an item is its title, summary, body, link, image, published or any fact: a CSS selector within the item, with @ and the name of an attribute where that is meant, [] for all that fit, + before it for the element behind the item, and ^ for the last one above it, as a heading that names the day." check:"max=60" example:"{ title = \"h2\", link = \"a@href\", price = \".price\" }" is:"spots" names:"title,summary,body,link,image,published,price,currency,author,start,end,place"`
	About            string            `name:"about" label:"About" help:"The field that names what was asked for, such as symbol, id or place: an answer about another one is an error. Not set: symbol, or id where a reader asks for one." check:"max=60" example:"place" more:"true"`
	Shape            string            `name:"shape" label:"Shape" help:"What the items are like; numbers, dates and replies follow it. A question is an item with its answer." choices:"article,recipe,quote,product,event,question"`
	sources.Access   `settings:"inline"`
	sources.Credited `settings:"inline"`
}

var _ settings.Checker = (*Settings)(nil)

// Check finds what no single field shows.
func (s *Settings) Check() settings.Problems {
	problems := s.Access.Check()
	if places.InHost(s.URL) {
		problems = append(problems, settings.Wrong("url", own.Text("place_in_host", nil)))
	}
	for _, name := range append(places.Unknown(s.URL), places.New(s.URL).Names()...) {
		if name != places.Argument && name != places.Language {
			problems = append(problems, settings.Wrong("url", own.Text("place_unknown", words.Args{"place": "{" + name + "}"})))
		}
	}
	if _, err := parseSelector(s.Item); err != nil && s.Item != "" {
		problems = append(problems, settings.Wrong("item", own.Text("no_selector", nil)))
	}
	for _, name := range slices.Sorted(maps.Keys(s.Fields)) {
		if _, err := parseField(name, s.Fields[name]); err != nil || strings.TrimSpace(name) == "" {
			problems = append(problems, settings.Wrong("fields", own.Text("no_field_selector", words.Args{"field": name})))
		}
	}
	return problems
}

// Open returns the source.
func (s *Settings) Open(env sources.Env) (pull.Source, error) {
	src := &source{
		languages: env.Languages,
		settings:  *s, client: env.Client, robots: sources.NewRobots(env), url: places.New(s.URL),
		made: shape.Options{Shape: s.Shape, Language: env.Languages[0], Zone: env.Zone, Untyped: true},
	}
	src.Maker = shape.New(src.made)
	var err error
	if s.Item != "" {
		if src.item, err = parseSelector(s.Item); err != nil {
			return nil, &pull.Error{Kind: pull.Invalid, Op: "open page", Field: "item", Hint: own.Text("no_selector", nil), Err: err}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Fields)) {
		f, err := parseField(name, s.Fields[name])
		if err != nil {
			return nil, &pull.Error{Kind: pull.Invalid, Op: "open page", Field: "fields", Hint: own.Text("no_field_selector", words.Args{"field": name}), Err: err}
		}
		src.fields = append(src.fields, f)
	}
	return src, nil
}

//go:embed words icon.svg
var files embed.FS

// own is what the kind says to editors. A test finds what is wrong with it.
var own = settings.Own(files, &Settings{})

var _ sources.Factual = (*Settings)(nil)

// Facts lists the facts of the items by the fields that are named; nil where
// none is, since items have what the page tells of itself then.
func (s *Settings) Facts() []string {
	if len(s.Fields) == 0 {
		return nil
	}
	return shape.Facts(s.Shape, slices.Sorted(maps.Keys(s.Fields)))
}
