package journal

import (
	"cmp"
	"slices"
	"time"
)

// Thumbs is how often readers thought well of answers of a keyword, and how often not.
type Thumbs struct {
	Name string    `json:"name"`
	Up   int       `json:"up"`
	Down int       `json:"down"`
	Last time.Time `json:"last"`
}

// addThumb counts what a reader thinks of an answer.
func (b *book) addThumb(t *Trace, q quarter) {
	switch {
	case t.Rated == "":
	case t.Thumb > 0:
		b.up.addName(t.Rated, q, t.At)
	case t.Thumb < 0:
		b.down.addName(t.Rated, q, t.At)
	}
}

// topThumbs returns the keywords of which readers said most often what they think.
func topThumbs(up, down []Count) []Thumbs {
	all := []Thumbs{}
	at := func(c Count) *Thumbs {
		i := slices.IndexFunc(all, func(t Thumbs) bool { return t.Name == c.Name })
		if i < 0 {
			i, all = len(all), append(all, Thumbs{Name: c.Name})
		}
		if c.Last.After(all[i].Last) {
			all[i].Last = c.Last
		}
		return &all[i]
	}
	for _, c := range up {
		at(c).Up = c.Asks
	}
	for _, c := range down {
		at(c).Down = c.Asks
	}
	slices.SortFunc(all, func(a, b Thumbs) int {
		return cmp.Or(cmp.Compare(b.Up+b.Down, a.Up+a.Down), b.Last.Compare(a.Last), cmp.Compare(a.Name, b.Name))
	})
	return slices.Clip(all[:min(topKeywords, len(all))])
}
