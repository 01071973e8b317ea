package feed

import (
	"slices"
	"strings"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/sources"
	"keypull/sources/places"
)

// maxArgument is how many bytes of it are sent upstream.
const maxArgument = 200

// spelt are the ways in which addresses carry the placeholder.
var spelt = strings.NewReplacer("%7Bargument%7D", sources.ArgumentPlace, "%7bargument%7d", sources.ArgumentPlace)

// address is where a feed is, with a place for an argument or without.
type address struct {
	whole string
	// plain is the address without it, searches whether there is a place.
	plain    string
	searches bool
}

func newAddress(text string) address {
	a := address{whole: spelt.Replace(text)}
	a.searches = strings.Contains(a.whole, sources.ArgumentPlace)
	a.plain = a.whole
	if a.searches {
		a.plain = withoutPlace(a.whole)
	}
	return a
}

// withoutPlace returns the address of all that a search goes through: without the
// parameters of the query and the parts of the path that the argument is in.
func withoutPlace(whole string) string {
	rest, fragment, _ := strings.Cut(whole, "#")
	path, query, asks := strings.Cut(rest, "?")
	parts := strings.Split(path, "/")
	for i := len(parts) - 1; i > 2; i-- {
		if !strings.Contains(parts[i], sources.ArgumentPlace) {
			continue
		}
		from := i
		if i > 3 && isSearchWord(parts[i-1]) {
			from--
		}
		parts = slices.Delete(parts, from, i+1)
	}
	path = strings.Join(parts, "/")
	if asks {
		kept := slices.DeleteFunc(strings.Split(query, "&"), func(pair string) bool { return strings.Contains(pair, sources.ArgumentPlace) })
		if len(kept) > 0 {
			path += "?" + strings.Join(kept, "&")
		}
	}
	if fragment != "" {
		path += "#" + fragment
	}
	return path
}

func isSearchWord(part string) bool {
	switch strings.ToLower(part) {
	case "search", "suche", "recherche", "buscar", "find", "query", "s", "q":
		return true
	}
	return false
}

// urlFor returns the address for an argument, escaped for where it stands.
func (a address) urlFor(argument string) string {
	if argument == "" || !a.searches {
		return a.plain
	}
	at, err := places.Of(a.whole, places.Argument).Address(map[string]string{places.Argument: argument})
	if err != nil {
		return a.plain
	}
	return at
}

// inHost says whether the place is where nobody's words may decide which host
// is asked.
func (a address) inHost() bool { return a.searches && places.InHost(a.whole) }

// Check finds what no single field shows.
func (s *Settings) Check() settings.Problems {
	problems := s.Access.Check()
	if newAddress(s.URL).inHost() {
		problems = append(problems, settings.Wrong("url", own.Text("misplaced_argument", nil)))
	}
	return problems
}

const (
	// plainKey is that of the whole feed, searchKey begins those of searches.
	plainKey  = "feed"
	searchKey = "feed?"
)

// keyFor names the snapshot of a text that is searched for upstream.
func keyFor(text string) (string, error) {
	text = strings.ToLower(sources.Line(text))
	if sources.NewSearch(text).Empty() {
		return plainKey, nil
	}
	if len(text) > maxArgument || !utf8.ValidString(text) {
		return "", &pull.Error{Kind: pull.Invalid, Op: op, Hint: own.Text("long_argument", nil)}
	}
	return searchKey + text, nil
}
