package demo

import (
	"cmp"
	"encoding/json"
	"hash/fnv"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// skies are what the weather may be, by language.
var skies = map[string][]string{
	"en": {"clear", "fair", "cloudy", "light rain", "windy"},
	"fr": {"ciel clair", "quelques nuages", "couvert", "pluie fine", "vent soutenu"},
	"de": {"klar", "heiter", "bewölkt", "leichter Regen", "windig"},
}

// weatherPhrases are the words that call the weather.
var weatherPhrases = map[string][]string{"en": {"weather", "forecast"}, "fr": {"météo", "temps"}, "de": {"wetter"}}

// maxPlace bounds the name of a place, in characters.
const maxPlace = 60

// serveWeather answers /weather?place=Lyon&language=fr, and of Basel where no place is named: made up of the name of the place
// and the hour, the same for everybody.
func (w *World) serveWeather(rw http.ResponseWriter, r *http.Request) {
	place := cmp.Or(strings.TrimSpace(r.URL.Query().Get("place")), "Basel")
	names, ok := skies[r.URL.Query().Get("language")]
	if utf8.RuneCountInString(place) > maxPlace || !ok {
		http.NotFound(rw, r)
		return
	}
	first, size := utf8.DecodeRuneInString(place)
	place = string(unicode.ToUpper(first)) + place[size:]
	now := w.clock().UTC()
	h := fnv.New32a()
	_, _ = h.Write([]byte(strings.ToLower(place) + now.Format(time.DateOnly)))
	n := h.Sum32()
	degrees := int(n%24) - 2 + now.Hour()%12/3
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	// The reader has gone where this can't be written.
	_ = json.NewEncoder(rw).Encode(map[string]any{"place": place, "degrees": degrees, "sky": names[int(n/24)%len(names)], "time": now.Format(time.RFC3339)})
}

// weather writes the source that is asked for a place, and its keyword.
func (t *toml) weather(worldURL string) {
	t.line(`  [[publisher.source]]
  id = "weather"
  title = "The weather"
  kind = "json"
  max_age = "5m"
  stale_if_error = "1h"
  deadline = "2s"
  [publisher.source.settings]
  url = %q
  fields = { title = "place", degrees = "degrees", sky = "sky" }

  [[publisher.keyword]]
  id = "weather"
  source = "weather"
  phrases = { en = %s, fr = %s, de = %s }
  argument = "required"
  slot = "place"            # "my city Lyon", and the word alone is enough
  template = "{{ item.title }}: {{ item.degrees }} °C, {{ item.sky }}"
`, worldURL+"/weather?place={argument}&language={language}", usualWeather("en"), usualWeather("fr"), usualWeather("de"))
}

func usualWeather(language string) string {
	return tomlList(withUsual(weatherPhrases[language], "asked.weather", language))
}
