package demo

import "fmt"

// recipeLD is a recipe in the words of schema.org/Recipe, as pages carry it in
// JSON-LD.
type recipeLD struct {
	Context       string   `json:"@context"`
	Type          string   `json:"@type"`
	Name          string   `json:"name"`
	AlternateName []string `json:"alternateName,omitempty"`
	URL           string   `json:"url"`
	Image         []string `json:"image"`
	Description   string   `json:"description"`
	InLanguage    string   `json:"inLanguage"`
	Author        personLD `json:"author"`
	DatePublished string   `json:"datePublished"`
	PrepTime      string   `json:"prepTime"`
	CookTime      string   `json:"cookTime"`
	TotalTime     string   `json:"totalTime"`
	Yield         string   `json:"recipeYield"`
	Category      string   `json:"recipeCategory"`
	Cuisine       string   `json:"recipeCuisine"`
	Ingredients   []string `json:"recipeIngredient"`
	Instructions  []stepLD `json:"recipeInstructions"`
}

type personLD struct {
	Type string `json:"@type"`
	Name string `json:"name"`
}

type stepLD struct {
	Type string `json:"@type"`
	Text string `json:"text"`
}

// linkedData describes the recipe as found below base.
func (r Recipe) linkedData(base string) recipeLD {
	url := base + "/recipes/" + r.Slug
	steps := make([]stepLD, 0, len(r.Steps))
	for _, text := range r.Steps {
		steps = append(steps, stepLD{Type: "HowToStep", Text: text})
	}
	return recipeLD{
		Context:       "https://schema.org",
		Type:          "Recipe",
		Name:          r.Name,
		AlternateName: r.Also,
		URL:           url,
		Image:         []string{url + ".png"},
		Description:   r.Description,
		InLanguage:    r.Language,
		Author:        personLD{Type: "Person", Name: r.Author},
		DatePublished: r.Published,
		PrepTime:      isoMinutes(r.Prep),
		CookTime:      isoMinutes(r.Cook),
		TotalTime:     isoMinutes(r.Total()),
		Yield:         r.Yield,
		Category:      r.Category,
		Cuisine:       r.Cuisine,
		Ingredients:   r.Ingredients,
		Instructions:  steps,
	}
}

// isoMinutes writes a duration as ISO 8601 has it: PT1H30M.
func isoMinutes(minutes int) string {
	hours, rest := minutes/60, minutes%60
	switch {
	case hours == 0:
		return fmt.Sprintf("PT%dM", rest)
	case rest == 0:
		return fmt.Sprintf("PT%dH", hours)
	}
	return fmt.Sprintf("PT%dH%dM", hours, rest)
}
