package jsonapi

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"keypull/pull/settings"
	"keypull/pull/what/textform"
	"keypull/pull/words"
	"keypull/sources"
	"keypull/sources/jsonpath"
	"keypull/sources/places"
	"keypull/sources/shape"
)

var (
	_ sources.Discoverer = (*Settings)(nil)
	_ sources.Placed     = (*Settings)(nil)
)

// Discover takes what answers in JSON with a list of objects, and pages of
// systems whose API is known.
func (*Settings) Discover(d sources.Document) []sources.Found {
	if d.IsPage() {
		return systems(d)
	}
	if len(d.Body) > maxBytes || !d.IsJSON() {
		return nil
	}
	document, err := jsonpath.Decode(op, d.Body, sources.Encoded{Type: d.Type}, false)
	if err != nil {
		return nil
	}
	f := sources.Found{Title: d.Host(), Form: "JSON", Phrase: words.Text{Key: "asked.news"}, Settings: map[string]any{}}
	at, argument := searched(d)
	f.Settings["url"] = at
	f.Needs, f.Argument = argument != "", argument
	if name, site := presetOf(d.Address); name != "" {
		f.Settings = map[string]any{"url": site, "preset": name}
		f.Needs, f.Argument = false, ""
		return []sources.Found{shownBy(f, document, d)}
	}
	if word := wordOf(d.Address); word != "" {
		f.Phrase = words.Verbatim(word)
	}
	items, list := longest(document.Exact, nil, 0)
	if len(list) == 0 {
		return ofRecord(f, document, d)
	}
	if len(items) > 0 {
		f.Settings["items"] = strings.Join(items, ".")
	}
	fields := fieldsOf(list)
	if len(fields) == 0 || fields["title"] == nil {
		f.Open = append(f.Open, "fields")
	}
	if len(fields) > 0 {
		f.Settings["fields"] = fields
	}
	if kind := likely(fields); kind != "" {
		f.Settings["shape"] = kind
		if kind == shape.Product {
			f.Phrase = words.Text{Key: "asked.products"}
		}
	}
	return []sources.Found{shownBy(f, document, d)}
}

// Limits of a record: how few values tell of something, and how many are told.
const (
	fewestValues = 2
	mostValues   = 12
	deepestValue = 3
)

// ofRecord takes an answer that is one object with values of its own, but no quote: the
// weather of a place, the level of a river, what a dish costs. What was asked for in the address and is named
// in the answer is what readers write.
func ofRecord(f sources.Found, document jsonpath.Document, d sources.Document) []sources.Found {
	object, _ := document.Exact.(map[string]any)
	fields, values := map[string]any{}, 0
	texts := map[string]string{}
	var read func(object map[string]any, at string, depth int)
	read = func(object map[string]any, at string, depth int) {
		for _, name := range slices.Sorted(maps.Keys(object)) {
			if strings.ContainsAny(name, ".$[]*?@{}") || len(fields) == mostValues {
				continue
			}
			text := shape.Text(object[name])
			inner, nested := object[name].(map[string]any)
			switch {
			case nested && depth < deepestValue:
				read(inner, at+name+".", depth+1)
			case nested || text == "" || len(text) > 200 || fields[shape.PlainName(name)] != nil:
			default:
				fields[shape.PlainName(name)] = at + name
				if _, isText := object[name].(string); isText {
					texts[shape.PlainName(name)] = text
				} else {
					values++
				}
			}
		}
	}
	read(object, "", 1)
	if values == 0 || len(fields) < fewestValues || likely(fieldsOf([]any{object})) == shape.Quote || texts["error"] != "" || texts["message"] != "" && len(fields) == fewestValues {
		return nil
	}
	title := ""
	for _, name := range slices.Concat([]string{"title", "name", "headline", "product", "item", "city", "place", "location", "station"}, slices.Sorted(maps.Keys(texts))) {
		if text := texts[name]; title == "" && name != "currency" && strings.ContainsFunc(text, unicode.IsLetter) && !strings.Contains(text, "://") {
			title = name
		}
	}
	if title != "" {
		at, value := places.Put(d.Address, places.Argument, func(param, value string) int {
			if param != "" && textform.Fold(value) == textform.Fold(texts[title]) {
				return 1
			}
			return 0
		})
		if value != "" {
			f.Settings["url"], f.Argument, f.Needs = at, value, true
		}
		fields["title"] = fields[title]
		if title != "title" {
			delete(fields, title)
		}
	}
	f.Settings["fields"] = fields
	if fields["currency"] != nil && (fields["price"] != nil || fields["amount"] != nil) {
		f.Settings["shape"] = shape.Product
	}
	return []sources.Found{shownBy(f, document, d)}
}

// wordOf returns what the last part of an address's path says in a word, or "".
func wordOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	word, _, _ := strings.Cut(parts[len(parts)-1], ".")
	const fewest, most = 4, 24
	if n := len(word); n < fewest || n > most || strings.ContainsFunc(word, func(r rune) bool { return r != '-' && !unicode.IsLetter(r) }) || slices.Contains([]string{"json", "index", "items", "list", "data", "search", "posts", "feed", "latest", "current"}, word) {
		return ""
	}
	return strings.ReplaceAll(strings.ToLower(word), "-", " ")
}

// shownBy fills in what readers would get.
func shownBy(f sources.Found, d jsonpath.Document, at sources.Document) sources.Found {
	s := &Settings{Pages: 1}
	if settings.Fill(s, f.Settings) != nil {
		return f
	}
	e, err := s.withPreset()
	if err != nil {
		return f
	}
	src, err := newSource(e, sources.Env{Languages: []string{"en"}})
	if err != nil {
		return f
	}
	records, err := src.readRecords(d)
	if err != nil {
		return f
	}
	for _, it := range src.From(at.URL).Make(records, at.Fetched, nil).Items {
		f.Shows = append(f.Shows, it.Title)
	}
	return f
}

// presetOf recognises the address of an API, and the site that it is of.
func presetOf(address string) (name, site string) {
	for _, known := range []struct{ mark, name string }{
		{"/wp-json/wp/v2/posts", "wordpress"}, {"/ghost/api/content/posts", "ghost"}, {"/wp-json/wc/store/", "woocommerce"}, {"/jsonapi/node/", "drupal"},
	} {
		head, rest, found := strings.Cut(address, known.mark)
		if !found {
			continue
		}
		if known.name == "drupal" {
			return known.name, head + known.mark + strings.SplitN(rest, "?", 2)[0]
		}
		return known.name, head
	}
	return "", ""
}

// longest finds the list of objects that holds the most: where it stands, and
// its entries.
func longest(v any, at []string, depth int) ([]string, []any) {
	const most = 5
	switch v := v.(type) {
	case []any:
		if len(v) > 0 && !slices.ContainsFunc(v[:min(len(v), 3)], func(entry any) bool { _, ok := entry.(map[string]any); return !ok }) {
			return at, v
		}
	case map[string]any:
		if depth == most {
			return nil, nil
		}
		var best []string
		var list []any
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if strings.ContainsAny(name, ".$[]*?@") {
				continue
			}
			where, found := longest(v[name], append(at[:len(at):len(at)], name), depth+1)
			if len(found) > len(list) {
				best, list = where, found
			}
		}
		return best, list
	}
	return nil, nil
}

// usual are the names that values have which are parts of an item, the surest
// first.
var usual = []struct {
	field string
	names []string
}{
	{"id", []string{"id", "guid", "uuid", "sku"}},
	{"title", []string{"title", "headline", "name", "titel", "titre", "titulo"}},
	{"summary", []string{"summary", "description", "excerpt", "teaser", "abstract"}},
	{"link", []string{"link", "url", "permalink", "href", "web_url"}},
	{"image", []string{"image", "image_url", "picture", "thumbnail", "photo"}},
	{"published", []string{"published", "published_at", "date_published", "pub_date", "created_at", "date"}},
	{"price", []string{"price", "amount", "preis", "prix"}},
	{"currency", []string{"currency", "currency_code"}},
	{"start", []string{"start", "start_date", "starts_at", "start_time", "begin"}},
	{"place", []string{"place", "location", "venue"}},
	{"symbol", []string{"symbol", "ticker"}},
}

// fieldsOf proposes fields by the names that stand in the first entries.
func fieldsOf(list []any) map[string]any {
	fields := map[string]any{}
	object, _ := list[0].(map[string]any)
	taken := map[string]bool{}
	names := slices.Sorted(maps.Keys(object))
	for _, u := range usual {
		for _, wanted := range u.names {
			i := slices.IndexFunc(names, func(name string) bool {
				return !taken[name] && shape.PlainName(name) == wanted && shape.Text(object[name]) != "" && !strings.ContainsAny(name, ".$[]*?@{}")
			})
			if i < 0 || fields[u.field] != nil {
				continue
			}
			taken[names[i]] = true
			fields[u.field] = pathTo(object[names[i]], names[i])
		}
	}
	return fields
}

// pathTo leads to the text of a member that is an object.
func pathTo(v any, name string) string {
	if object, ok := v.(map[string]any); ok {
		for _, inner := range []string{"rendered", "name", "value", "text", "url", "src"} {
			if _, ok := object[inner].(string); ok {
				return name + "." + inner
			}
		}
	}
	return name
}

// likely returns the shape that the fields speak for.
func likely(fields map[string]any) string {
	switch {
	case fields["start"] != nil && fields["price"] == nil:
		return shape.Event
	case fields["symbol"] != nil && fields["price"] != nil:
		return shape.Quote
	case fields["price"] != nil:
		return shape.Product
	case fields["title"] != nil && fields["link"] != nil && fields["published"] != nil:
		return shape.Article
	}
	return ""
}

// searchNames are what the parameter of a search is called.
var searchNames = []string{"q", "query", "search", "s", "term", "keyword", "keywords"}

// searched puts the place of the argument into the address of a search, and
// returns what stood there.
func searched(d sources.Document) (address, argument string) {
	return places.Put(d.Address, places.Argument, func(param, _ string) int {
		if slices.Contains(searchNames, strings.ToLower(param)) {
			return 1
		}
		return 0
	})
}

var ghostKey = regexp.MustCompile(`(?i)data-key=["']([0-9a-f]{20,40})["']`)

// systems recognises the system that made a page.
func systems(d sources.Document) []sources.Found {
	u, err := url.Parse(d.URL)
	if err != nil || u.Host == "" {
		return nil
	}
	site := u.Scheme + "://" + u.Host
	head := sources.ReadHead(d)
	for _, link := range head.Links {
		if !strings.Contains(link.Rel, "api.w.org") || !strings.Contains(link.URL, "/wp-json") {
			continue
		}
		if at := sameHostURL(d.URL, strings.TrimSuffix(link.URL, "/")+"/wp/v2/posts?per_page=3"); at != "" {
			return []sources.Found{{At: at, Title: u.Hostname()}}
		}
	}
	switch generator := strings.ToLower(head.Generator); {
	case strings.HasPrefix(generator, "drupal"):
		return []sources.Found{{At: site + "/jsonapi/node/article?page[limit]=3", Title: u.Hostname()}}
	case !strings.HasPrefix(generator, "ghost"):
		return nil
	}
	found := sources.Found{Title: u.Hostname(), Form: "JSON", Phrase: words.Text{Key: "asked.news"}, Settings: map[string]any{"url": site, "preset": "ghost"}}
	if key := ghostKey.FindSubmatch(d.Body); key != nil {
		found.Settings["key"] = string(key[1])
	} else {
		found.Open = []string{"key"}
	}
	return []sources.Found{found}
}
