package corrections

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"keypull/web/console"
)

// ItemFind names an item, in one way.
type ItemFind struct {
	console.Of
	Link   string `json:"link,omitempty" query:"link" doc:"The item's link."`
	ID     string `json:"id,omitempty" query:"id" doc:"The item's id at its source."`
	Text   string `json:"text,omitempty" query:"text" doc:"A text that stands in the item; a short one has to be its title."`
	Source string `json:"source,omitempty" query:"source" doc:"Id of the source whose items alone are looked at; all of the publisher's where not given. With an id the source that it is of."`
}

// ItemsFound is what a withdrawal would be about.
type ItemsFound struct {
	Items    []Item   `json:"items" doc:"The items that are held now, at most 50. A withdrawal holds for what comes later too."`
	Keywords []string `json:"keywords" doc:"Ids of the keywords that their sources answer."`
}

// FindItems is "item.find".
var FindItems = console.Declare[ItemFind, ItemsFound](console.Declaration{
	Name: "item.find", Permission: console.Read, Method: http.MethodGet, Path: "/publishers/{publisher}/items",
	Summary: "Tell which items item.withdraw would be about, and change nothing.",
	Help:    "The items are named as item.withdraw names them, and found by the same rules.",
})

func (u Corrections) findItems(ctx context.Context, in ItemFind) (ItemsFound, error) {
	out := ItemsFound{Items: []Item{}, Keywords: []string{}}
	r, err := u.ruleNamed(ctx, ItemNamed{Of: in.Of, Link: in.Link, ID: in.ID, Text: in.Text, Source: in.Source}, false)
	if err != nil {
		return out, err
	}
	if r, err = u.Withdrawals.FindItems(ctx, in.Publisher, r); err != nil {
		return out, fmt.Errorf("find items: %w", err)
	}
	for _, f := range r.Found {
		out.Items = append(out.Items, Item(f))
	}
	pub := u.Catalogue.Publisher(in.Publisher)
	for i := range pub.Keywords {
		k := &pub.Keywords[i]
		if slices.ContainsFunc(out.Items, func(it Item) bool { return it.Source == k.Source }) {
			out.Keywords = append(out.Keywords, k.ID)
		}
	}
	return out, nil
}
