package jsonapi

import (
	"cmp"
	"maps"
	"math"
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
	lists := listsIn(document.Exact, nil)
	if len(lists) == 0 {
		return ofRecord(f, document.Exact, document, d)
	}
	var all []sources.Found
	for _, l := range lists[:min(len(lists), mostLists)] {
		all = append(all, shownBy(l.proposed(f, len(lists) > 1), document, d))
	}
	if len(lists) > 1 {
		f.Part = true
		all = append(all, ofRecord(f, besideLists(document.Exact), document, d)...)
	}
	return all
}

// list is one of objects in a document, and where it stands.
type list struct {
	at      []string
	entries []any
}

// proposed returns the source of a list; several says that its document holds others, from which
// its own name tells it.
func (l list) proposed(f sources.Found, several bool) sources.Found {
	f.Settings = maps.Clone(f.Settings)
	if len(l.at) > 0 {
		f.Settings["items"] = strings.Join(l.at, ".")
	}
	if word := l.name(); several && word != "" {
		f.Phrase, f.Title, f.Part = words.Verbatim(word), word, true
	}
	fields := fieldsOf(l.entries)
	kind := likely(fields)
	if kind != shape.Article {
		addOthers(fields, l.entries)
	}
	if fields["title"] == nil {
		f.Open = append(f.Open, "fields")
	}
	if len(fields) > 0 {
		f.Settings["fields"] = fields
	}
	if kind != "" {
		f.Settings["shape"] = kind
		if asked := map[string]string{shape.Product: "asked.products", shape.Quote: "asked.quote"}[kind]; asked != "" {
			f.Needs, f.Told, f.Count = true, true, entriesTold
			if !several || l.name() == "" {
				word := l.name()
				if f.Phrase.Key == words.Verbatim("").Key {
					word = cmp.Or(word, f.Phrase.In("en"))
				}
				if word != "" {
					f.Also = append(f.Also, word)
				}
				f.Phrase = words.Text{Key: asked}
			}
		}
	}
	return f
}

// Limits of what is proposed: how many lists of a document, how few values of a record tell
// of something, how many are told, and how deep lists and values lie.
const (
	mostLists    = 6
	fewestValues = 2
	mostValues   = 12
	mostText     = 200
	longestCode  = 4 // as of countries and shares
	entriesTold  = 5 // of a list of prices, where none is asked for
	deepestList  = 5
	deepestValue = 3
)

// ofRecord takes an answer that is one object with values of its own, but no quote: the
// weather of a place, the level of a river, what a dish costs. What was asked for in the address and is named
// in the answer is what readers write.
func ofRecord(f sources.Found, of any, document jsonpath.Document, d sources.Document) []sources.Found {
	object, _ := of.(map[string]any)
	fields, values := map[string]any{}, 0
	texts := map[string]string{}
	called := map[string]int{} // how many values are called so
	var read func(object map[string]any, at string, depth int, each func(name, at string, value any))
	read = func(object map[string]any, at string, depth int, each func(name, at string, value any)) {
		for _, name := range slices.Sorted(maps.Keys(object)) {
			if !isStep(name) {
				continue
			}
			if inner, nested := object[name].(map[string]any); nested && depth < deepestValue {
				read(inner, at+name+".", depth+1, each)
			} else if text := shape.Text(object[name]); !nested && text != "" && len(text) <= mostText {
				each(name, at, object[name])
			}
		}
	}
	read(object, "", 1, func(name, _ string, _ any) { called[shape.PlainName(name)]++ })
	read(object, "", 1, func(name, at string, value any) {
		plain := shape.PlainName(name)
		if called[plain] > 1 { // told by what it is a part of
			plain = shape.PlainName(at + name)
		}
		if fields[plain] != nil || len(fields) == mostValues {
			return
		}
		fields[plain] = at + name
		if text, isText := value.(string); isText {
			texts[plain] = text
		} else {
			values++
		}
	})
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

// included is what JSON:API calls what belongs to the entries of a document.
const included = "included"

// envelopes are names that say nothing of what they hold.
var envelopes = []string{"json", "index", "items", "list", "data", "search", "posts", "feed", "latest", "current", included, "results", "result", "records", "entries", "rows", "response", "objects", "values"}

// wordOf returns what the last part of an address's path says in a word, or "".
func wordOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	word, _, _ := strings.Cut(parts[len(parts)-1], ".")
	const fewest, most = 4, 24
	if n := len(word); n < fewest || n > most || strings.ContainsFunc(word, func(r rune) bool { return r != '-' && !unicode.IsLetter(r) }) || slices.Contains(envelopes, word) {
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

// listsIn returns the lists of objects that a value holds, the longest first; of what its entries
// hold none. Beside a longer one a list of one entry counts for
// nothing, nor one that is called by a day or a number.
func listsIn(v any, at []string) (all []list) {
	switch v := v.(type) {
	case []any:
		if len(v) > 0 && !slices.ContainsFunc(v[:min(len(v), 3)], func(entry any) bool { _, ok := entry.(map[string]any); return !ok }) {
			return []list{{at, v}}
		}
	case map[string]any:
		if len(at) == deepestList {
			return nil
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if !isStep(name) || name == included && v["data"] != nil {
				continue
			}
			all = append(all, listsIn(v[name], append(at[:len(at):len(at)], name))...)
		}
	}
	slices.SortStableFunc(all, func(a, b list) int { return cmp.Compare(len(b.entries), len(a.entries)) })
	if len(all) > 1 {
		longest := len(all[0].entries)
		all = append(all[:1:1], slices.DeleteFunc(slices.Clone(all[1:]), func(l list) bool { return len(l.entries) == 1 && longest > 1 || !l.isNamed() })...)
	}
	return all
}

// isNamed reports whether the name of a list is none of many that stand for each other, as days and numbers do.
func (l list) isNamed() bool {
	return !slices.ContainsFunc(l.at, func(step string) bool { return strings.ContainsFunc(step[:1], unicode.IsDigit) })
}

// name returns what a list is called where it stands, "" where that says nothing.
func (l list) name() string {
	for _, step := range slices.Backward(l.at) {
		if plain := shape.PlainName(step); !slices.Contains(envelopes, plain) {
			return strings.ReplaceAll(plain, "_", " ")
		}
	}
	return ""
}

// isStep reports whether a name is a step of a path as it is.
func isStep(name string) bool { return name != "" && !strings.ContainsAny(name, ".$[]*?@{}") }

// besideLists returns the objects of a document with several lists that hold values of their own, without those
// that tell of the answer itself.
func besideLists(v any) any {
	object, _ := v.(map[string]any)
	rest := map[string]any{}
	for name, member := range object {
		inner, ok := member.(map[string]any)
		if ok && len(listsIn(inner, nil)) == 0 && !slices.Contains([]string{"meta", "metadata", "info", "links", "_links", "page", "pages", "paging", "pagination", "query", "request", "status", "error", "stats"}, strings.ToLower(name)) {
			rest[name] = inner
		}
	}
	return rest
}

// usual are the names that values have which are parts of an item, the surest
// first.
var usual = []struct {
	field string
	names []string
}{
	{"id", []string{"id", "guid", "uuid", "sku"}},
	{"title", []string{"title", "headline", "name", "titel", "titre", "titulo", "nom", "nombre", "nome", "naam", "namn", "navn", "nazwa", "bezeichnung"}},
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
				return !taken[name] && shape.PlainName(name) == wanted && shape.Text(object[name]) != "" && isStep(name)
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

// addOthers adds the values that have no usual name, by their own: where no title is called one, that is the text
// which is another one in each entry and mostly without digits: the shortest, a code last. Without a title there is nothing to add.
func addOthers(fields map[string]any, entries []any) {
	first, _ := entries[0].(map[string]any)
	taken := slices.Collect(maps.Values(fields))
	var others []string
	for _, name := range slices.Sorted(maps.Keys(first)) {
		text := shape.Text(first[name])
		_, nested := first[name].(map[string]any)
		plain := shape.PlainName(name)
		if !isStep(name) || nested || text == "" || len(text) > mostText || strings.Contains(text, "://") || slices.Contains(taken, any(name)) || fields[plain] != nil || plain == "slug" || strings.HasSuffix(plain, "_id") {
			continue
		}
		others = append(others, name)
	}
	if fields["title"] == nil && len(entries) > 1 {
		length := func(name string) (n int) {
			told, figures := map[string]bool{}, 0
			for _, e := range entries {
				object, _ := e.(map[string]any)
				text, _ := object[name].(string)
				if told[text] || !strings.ContainsFunc(text, unicode.IsLetter) {
					return math.MaxInt
				}
				if strings.ContainsFunc(text, unicode.IsDigit) {
					figures++
				}
				told[text] = true
				n += len(text)
				if len(text) <= longestCode && !strings.ContainsFunc(text, unicode.IsLower) {
					n += mostText
				}
			}
			if figures*2 > len(entries) {
				return math.MaxInt
			}
			return n
		}
		if title := slices.MinFunc(append(others, ""), func(a, b string) int { return cmp.Compare(length(a), length(b)) }); title != "" && length(title) < math.MaxInt {
			fields["title"] = title
			others = slices.DeleteFunc(others, func(name string) bool { return name == title })
		}
	}
	for _, name := range others {
		if fields["title"] != nil && len(fields) < mostValues {
			fields[shape.PlainName(name)] = name
		}
	}
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
