package demo

import (
	"embed"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
)

//go:embed recipes/*.json
var recipeFiles embed.FS

// Recipe is one dish of the recipe site.
type Recipe struct {
	Slug     string `json:"slug"`
	Language string `json:"-"`
	Name     string `json:"name"`
	// Also are other names that the dish goes by.
	Also        []string `json:"also"`
	Description string   `json:"description"`
	Author      string   `json:"author"`
	Published   string   `json:"published"`
	Cuisine     string   `json:"cuisine"`
	Category    string   `json:"category"`
	Yield       string   `json:"yield"`
	// Prep, Cook and Rest are minutes of work, of heat and of waiting.
	Prep        int      `json:"prep"`
	Cook        int      `json:"cook"`
	Rest        int      `json:"rest"`
	Ingredients []string `json:"ingredients"`
	Steps       []string `json:"steps"`
	// Tint is the hue of the picture, in degrees.
	Tint int `json:"tint"`
}

// Total returns the minutes from the first touch to the table.
func (r Recipe) Total() int { return r.Prep + r.Cook + r.Rest }

// Day returns the day of publication at noon UTC.
func (r Recipe) Day() time.Time {
	day, _ := time.Parse(time.DateOnly, r.Published)
	return day.Add(12 * time.Hour)
}

// kitchen holds all recipes and their pictures.
type kitchen struct {
	recipes []Recipe
	bySlug  map[string]Recipe
	plates  *plates
}

func openKitchen() (*kitchen, error) {
	k := &kitchen{bySlug: map[string]Recipe{}, plates: newPlates()}
	for _, language := range languages {
		recipes, err := readRecipes(language)
		if err != nil {
			return nil, err
		}
		k.recipes = append(k.recipes, recipes...)
	}
	for _, r := range k.recipes {
		k.bySlug[r.Slug] = r
	}
	return k, nil
}

func readRecipes(language string) ([]Recipe, error) {
	raw, err := recipeFiles.ReadFile("recipes/" + language + ".json")
	if err != nil {
		return nil, fmt.Errorf("recipes: %w", err)
	}
	var recipes []Recipe
	if err := json.Unmarshal(raw, &recipes); err != nil {
		return nil, fmt.Errorf("recipes %s: %w", language, err)
	}
	for i := range recipes {
		recipes[i].Language = language
		if _, err := time.Parse(time.DateOnly, recipes[i].Published); err != nil {
			return nil, fmt.Errorf("recipe %s: published: %w", recipes[i].Slug, err)
		}
	}
	return recipes, nil
}

// newest returns the day of the latest recipe, when the collection changed.
func (k *kitchen) newest() time.Time {
	var latest time.Time
	for _, r := range k.recipes {
		if r.Day().After(latest) {
			latest = r.Day()
		}
	}
	return latest
}

// recipesIn returns the recipes of a language by name.
func (k *kitchen) recipesIn(language string) []Recipe {
	var some []Recipe
	for _, r := range k.recipes {
		if r.Language == language {
			some = append(some, r)
		}
	}
	slices.SortFunc(some, func(a, b Recipe) int { return strings.Compare(slugOf(a.Name), slugOf(b.Name)) })
	return some
}

// Recipes returns all recipes of the site.
func (w *World) Recipes() []Recipe { return slices.Clone(w.kitchen.recipes) }

type urlSet struct {
	XMLName xml.Name  `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []siteURL `xml:"url"`
}

type siteURL struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod"`
}

// serveSitemap answers /recipes/sitemap.xml.
func (w *World) serveSitemap(rw http.ResponseWriter, r *http.Request) {
	var set urlSet
	for _, recipe := range w.kitchen.recipes {
		set.URLs = append(set.URLs, siteURL{Loc: baseURL(r) + "/recipes/" + recipe.Slug, LastMod: recipe.Published})
	}
	raw, err := xml.MarshalIndent(set, "", " ")
	if err != nil {
		http.Error(rw, "The sitemap could not be written.", http.StatusInternalServerError)
		return
	}
	body := append([]byte(xml.Header), raw...)
	document{kind: "application/xml; charset=utf-8", body: body, changed: w.kitchen.newest()}.serveDocument(rw, r)
}

// serveRecipe answers the page of a recipe, and its picture at the same address with
// ".png" behind it.
func (w *World) serveRecipe(rw http.ResponseWriter, r *http.Request) {
	page := r.PathValue("page")
	name := strings.TrimSuffix(page, ".png")
	recipe, ok := w.kitchen.bySlug[name]
	if !ok {
		http.NotFound(rw, r)
		return
	}
	if path.Ext(page) == ".png" {
		w.servePlate(rw, r, recipe)
		return
	}
	w.servePage(rw, r, "recipe", recipe.Language, recipeView{Recipe: recipe, LD: recipe.linkedData(baseURL(r))})
}

func (w *World) servePlate(rw http.ResponseWriter, r *http.Request, recipe Recipe) {
	body, err := w.kitchen.plates.drawPNG(recipe)
	if err != nil {
		http.Error(rw, "The picture could not be drawn.", http.StatusInternalServerError)
		return
	}
	document{kind: "image/png", body: body, changed: recipe.Day()}.serveDocument(rw, r)
}

// serveRecipeIndex answers /recipes/.
func (w *World) serveRecipeIndex(rw http.ResponseWriter, r *http.Request) {
	var groups []recipeGroup
	for _, language := range languages {
		groups = append(groups, recipeGroup{Language: language, Recipes: w.kitchen.recipesIn(language)})
	}
	w.servePage(rw, r, "recipes", "en", groups)
}

type recipeGroup struct {
	Language string
	Recipes  []Recipe
}

// recipeView is what a recipe's page shows.
type recipeView struct {
	Recipe
	LD recipeLD
}

// Modified returns the day that the page last changed.
func (v recipeView) Modified() time.Time { return v.Day() }
