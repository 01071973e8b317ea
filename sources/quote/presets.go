package quote

import (
	"cmp"
	"embed"
	"regexp"
	"strings"
	"sync"
	"time"

	"keypull/pull/outside"
	"keypull/sources"
)

// preset is what is known of a service: where it is asked, and where the values
// stand in its answers. Each is a file of presets; its name is the choice.
type preset struct {
	Title string `json:"title"`
	// Base is the service's own address, Path what stands behind it for a quote.
	Base string `json:"base"`
	Path string `json:"path"`

	Format        string   `json:"format"`
	Price         string   `json:"price"`
	Change        string   `json:"change"`
	ChangePercent string   `json:"change_percent"`
	Previous      string   `json:"previous"`
	High          string   `json:"high"`
	Low           string   `json:"low"`
	Currency      string   `json:"currency"`
	Name          string   `json:"name"`
	AsOf          string   `json:"as_of"`
	AsOfZone      string   `json:"as_of_zone"`
	Delay         string   `json:"delay"`
	Symbols       []Symbol `json:"symbols"`
	// Names are where the answers name what they are about, and Same the names of
	// currencies that the service calls otherwise than they are asked for.
	Names []naming          `json:"names"`
	Same  map[string]string `json:"same"`
	// Refusals are the answers in which the service says no with a status that
	// says nothing of it; the first that fits counts.
	Refusals []refusal `json:"refusals"`
}

// refusal is such an answer.
type refusal struct {
	// Has is a regular expression that the beginning of the answer fits, Status
	// what it means: 401 for a key that is none, 404 for a symbol that is none, 429
	// for too many requests, 503 for a service that rests.
	Has    *regexp.Regexp `json:"has"`
	Status int            `json:"status"`
}

// maxRefusal is how much of an answer is looked at for a refusal, in bytes.
const maxRefusal = 2000

// statusMeant returns the status that an answer stands for: that of the refusal which
// fits its body, else its own.
func statusMeant(refusals []refusal, r outside.Response) int {
	for _, no := range refusals {
		if no.Has.Match(r.Body[:min(len(r.Body), maxRefusal)]) {
			return no.Status
		}
	}
	return r.Status
}

//go:embed presets
var presetFiles embed.FS

var presets = sync.OnceValue(func() map[string]preset { return sources.Presets[preset](presetFiles) })

// withPreset returns the settings with what the preset knows in the place of what they
// do not say.
func (s *Settings) withPreset() Settings {
	w := *s
	p, ok := presets()[s.Preset]
	if !ok {
		return w
	}
	if !strings.Contains(w.URL, "{") {
		// Without a placeholder it is another address of the same service.
		base := cmp.Or(w.URL, p.Base)
		w.URL = strings.TrimRight(base, "/") + p.Path
	}
	w.Format, w.known = cmp.Or(p.Format, formatJSON), p.Names
	if w.Price == defaultPrice {
		w.Price = p.Price
	}
	for _, f := range []struct {
		own   *string
		known string
	}{
		{&w.Change, p.Change}, {&w.ChangePercent, p.ChangePercent}, {&w.Previous, p.Previous}, {&w.High, p.High}, {&w.Low, p.Low},
		{&w.Currency, p.Currency}, {&w.Named, p.Name}, {&w.AsOf, p.AsOf}, {&w.AsOfZone, p.AsOfZone},
	} {
		*f.own = cmp.Or(*f.own, f.known)
	}
	if delay, err := time.ParseDuration(p.Delay); err == nil && w.Delay == 0 {
		w.Delay = delay
	}
	if len(w.Symbols) == 0 && w.SymbolsFile == "" && w.SymbolsURL == "" {
		w.Symbols = p.Symbols
	}
	return w
}
