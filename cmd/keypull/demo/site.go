package demo

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"time"
)

//go:embed site
var siteFiles embed.FS

// siteName is what the publisher calls itself.
const siteName = "The Daily Pull"

// opened stands for the day on which pages without a date of their own were
// written.
var opened = time.Date(2026, time.January, 5, 8, 0, 0, 0, time.UTC)

// site is the publisher's look: templates, style sheet and a few words.
type site struct {
	pages map[string]*template.Template
	css   []byte
}

// siteWords are the words of the pages, by language.
var siteWords = map[string]map[string]string{
	"en": {
		"feed": "Headlines of an invented outlet", "ingredients": "Ingredients", "method": "Method",
		"minutes": "min", "prep": "Preparation", "cook": "Cooking", "rest": "Resting", "yield": "Makes", "by": "By",
		"news": "Latest headlines", "recipes": "Recipes", "all": "All recipes", "home": "Front page",
		"invented": "This report is invented: The Daily Pull is the demonstration outlet of keypull.",
		"foot":     "An invented outlet on your own computer. Nothing here comes from the internet.",
	},
	"fr": {
		"feed": "Les titres d’un journal inventé", "ingredients": "Ingrédients", "method": "Préparation",
		"minutes": "min", "prep": "Préparation", "cook": "Cuisson", "rest": "Repos", "yield": "Quantité", "by": "Par",
		"news": "Derniers titres", "recipes": "Recettes", "all": "Toutes les recettes", "home": "Accueil",
		"invented": "Cet article est inventé : The Daily Pull est le journal de démonstration de keypull.",
		"foot":     "Un journal inventé, sur votre propre ordinateur. Rien ici ne vient d’internet.",
	},
	"de": {
		"feed": "Schlagzeilen einer erfundenen Zeitung", "ingredients": "Zutaten", "method": "Zubereitung",
		"minutes": "Min.", "prep": "Vorbereitung", "cook": "Garzeit", "rest": "Ruhezeit", "yield": "Menge", "by": "Von",
		"news": "Neueste Meldungen", "recipes": "Rezepte", "all": "Alle Rezepte", "home": "Startseite",
		"invented": "Diese Meldung ist erfunden: The Daily Pull ist die Vorführ-Zeitung von keypull.",
		"foot":     "Eine erfundene Zeitung auf Ihrem eigenen Rechner. Nichts hier kommt aus dem Internet.",
	},
}

func openSite() (*site, error) {
	css, err := siteFiles.ReadFile("site/style.css")
	if err != nil {
		return nil, fmt.Errorf("site: %w", err)
	}
	s := &site{pages: map[string]*template.Template{}, css: css}
	for _, name := range []string{"front", "story", "recipe", "recipes", "answer"} {
		page, err := template.ParseFS(siteFiles, "site/layout.html", "site/"+name+".html")
		if err != nil {
			return nil, fmt.Errorf("site: %w", err)
		}
		s.pages[name] = page
	}
	return s, nil
}

func (s *site) wordOf(language, key string) string { return siteWords[language][key] }

// view is what every page's template is given.
type view struct {
	Site     string
	Language string
	Words    map[string]string
	It       any
}

// dated is a page that knows when it last changed.
type dated interface{ Modified() time.Time }

// Modified returns the moment of publication.
func (s Story) Modified() time.Time { return s.Published }

// servePage renders a template and serves it conditionally.
func (w *World) servePage(rw http.ResponseWriter, r *http.Request, name, language string, it any) {
	var b bytes.Buffer
	v := view{Site: siteName, Language: language, Words: siteWords[language], It: it}
	if err := w.site.pages[name].ExecuteTemplate(&b, "layout.html", v); err != nil {
		http.Error(rw, "The page could not be written.", http.StatusInternalServerError)
		return
	}
	changed := opened
	if d, ok := it.(dated); ok {
		changed = d.Modified()
	}
	rw.Header().Set("Content-Security-Policy", "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'")
	document{kind: "text/html; charset=utf-8", body: b.Bytes(), changed: changed}.serveDocument(rw, r)
}

// frontView is what the front page shows.
type frontView struct {
	Stories []Story
	Recipes []Recipe
}

// Modified returns the moment of the newest headline.
func (f frontView) Modified() time.Time { return f.Stories[0].Published }

func (w *World) serveFront(rw http.ResponseWriter, r *http.Request) {
	w.servePage(rw, r, "front", "en", frontView{Stories: w.Headlines("en", 12), Recipes: w.kitchen.recipesIn("en")})
}

func (w *World) serveStyle(rw http.ResponseWriter, r *http.Request) {
	document{kind: "text/css; charset=utf-8", body: w.site.css, changed: opened}.serveDocument(rw, r)
}
