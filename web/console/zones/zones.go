// Package zones finds a time zone by what people call the place that they are
// in: a city, or a country in their own language.
package zones

import (
	"cmp"
	_ "embed" // zones.txt
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"keypull/pull/what/textform"
)

// Zone is one to choose: Label is its city with its country in somebody's
// language.
type Zone struct{ Name, Label string }

//go:embed zones.txt
var text string

// place is a zone of the list: zone.tab of the IANA database, with what else its
// city and other large ones of it are called.
type place struct {
	name, city, country string
	others              []string
}

var places = sync.OnceValue(func() []place {
	var all []place
	for line := range strings.Lines(text) {
		columns := append(strings.Split(strings.TrimSpace(line), "\t"), "", "")
		p := place{name: columns[0], country: columns[1]}
		p.city = strings.ReplaceAll(p.name[strings.LastIndexByte(p.name, '/')+1:], "_", " ")
		if columns[2] != "" {
			p.others = strings.Split(columns[2], "|")
		}
		all = append(all, p)
	}
	return all
})

// lists holds the zones by language.
var lists sync.Map

// List returns the zones to choose from, called in a language, by their cities.
func List(tag string) []Zone {
	if known, ok := lists.Load(tag); ok {
		if list, ok := known.([]Zone); ok {
			return list
		}
	}
	countries := namesIn(tag)
	all := []Zone{{Name: "UTC", Label: "UTC"}}
	for _, p := range places() {
		names := append([]string{p.city}, p.others...)
		all = append(all, Zone{Name: p.name, Label: strings.Join(names, ", ") + " – " + countries(p.country)})
	}
	slices.SortFunc(all, func(a, b Zone) int { return cmp.Compare(textform.Fold(a.Label), textform.Fold(b.Label)) })
	if slices.Contains(known, tag) {
		lists.Store(tag, all)
	}
	return all
}

// known bounds what is kept: the languages of the console.
var known = []string{"en", "de", "fr", "es"}

// namesIn names countries in a language.
func namesIn(tag string) func(country string) string {
	namer := display.Regions(language.Make(tag))
	if namer == nil {
		namer = display.Regions(language.English)
	}
	return func(country string) string {
		region, err := language.ParseRegion(country)
		if err != nil {
			return country
		}
		return cmp.Or(namer.Name(region), country)
	}
}

// Find returns the zone that is meant: by its name, by a city, or by a country
// that has but one, called in the language or in English, or false if there is
// none, or more than one.
func Find(typed, tag string) (name string, ok bool) {
	typed = strings.TrimSpace(typed)
	if typed == "" || typed == "Local" {
		return "", false
	}
	if _, err := time.LoadLocation(typed); err == nil {
		return typed, true
	}
	wanted := plainly(typed)
	if wanted == "utc" || wanted == "gmt" {
		return "UTC", true
	}
	countries, english := namesIn(tag), namesIn("en")
	var named []string
	for _, p := range places() {
		called := append([]string{p.name, p.city}, p.others...)
		if slices.ContainsFunc(called, func(text string) bool { return plainly(text) == wanted }) {
			return p.name, true
		}
		if plainly(countries(p.country)) == wanted || plainly(english(p.country)) == wanted {
			named = append(named, p.name)
		}
	}
	if len(named) == 1 || len(named) > 0 && one[named[0]] {
		return named[0], true
	}
	return "", false
}

// one are zones of countries where nearly everybody lives in it: the first of the
// list, an exclave behind it.
var one = map[string]bool{"Europe/Berlin": true, "Asia/Shanghai": true}

// zoneMarks part the words of a zone's name, or stand behind one that is cut.
var zoneMarks = strings.NewReplacer("_", " ", "-", " ", ".", "")

// plainly returns a name as people may type it.
func plainly(text string) string {
	return textform.Fold(zoneMarks.Replace(text))
}
