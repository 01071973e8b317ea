// Package recipe is the source kind for recipes: schema.org Recipe as JSON-LD
// on web pages or in files. All pages together are one snapshot: one key, each
// page asked for conditionally, and a page that fails keeps the recipe that it
// had. A recipe is asked for by its name.
package recipe
