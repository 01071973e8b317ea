package demo

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

//go:embed help/*.json
var helpFiles embed.FS

// Answer is one standing text, as a text source answers it.
type Answer struct {
	// ID names the question in every language: hours, subscribe, contact,
	// privacy, about.
	ID       string `json:"id"`
	Language string `json:"-"`
	// Phrases are the words that call it.
	Phrases []string `json:"phrases"`
	Title   string   `json:"title"`
	Text    string   `json:"text"`
}

// Slug returns the last part of the answer's own page, below /help/.
func (a Answer) Slug() string { return a.ID + "-" + a.Language }

// Answers returns the standing texts in all languages.
func Answers() ([]Answer, error) {
	var all []Answer
	for _, language := range languages {
		raw, err := helpFiles.ReadFile("help/" + language + ".json")
		if err != nil {
			return nil, fmt.Errorf("help: %w", err)
		}
		var answers []Answer
		if err := json.Unmarshal(raw, &answers); err != nil {
			return nil, fmt.Errorf("help %s: %w", language, err)
		}
		for i := range answers {
			answers[i].Language = language
		}
		all = append(all, answers...)
	}
	return all, nil
}

func helpPages() (map[string]Answer, error) {
	answers, err := Answers()
	if err != nil {
		return nil, err
	}
	pages := map[string]Answer{}
	for _, a := range answers {
		pages[a.Slug()] = a
	}
	return pages, nil
}

// spokenLanguage returns the language of the pages that a browser prefers.
func spokenLanguage(accepted string) string {
	for part := range strings.SplitSeq(accepted, ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		tag, _, _ = strings.Cut(tag, "-")
		if tag = strings.ToLower(tag); slices.Contains(languages, tag) {
			return tag
		}
	}
	return languages[0]
}

// serveAnswer answers /help/hours-en and the like.
func (w *World) serveAnswer(rw http.ResponseWriter, r *http.Request) {
	page := r.PathValue("page")
	if w.help[page+"-"+languages[0]].ID != "" {
		// Readers of several languages are given one address.
		page += "-" + spokenLanguage(r.Header.Get("Accept-Language"))
	}
	a, ok := w.help[page]
	if !ok {
		http.NotFound(rw, r)
		return
	}
	w.servePage(rw, r, "answer", a.Language, a)
}
