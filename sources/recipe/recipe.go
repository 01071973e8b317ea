package recipe

import (
	"context"
	"sync/atomic"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/sources"
	"keypull/sources/crawl"
)

const op = "fetch recipes"

// Facts of a recipe.
const (
	factIngredients = "ingredients"
	factGroups      = "ingredient_groups"
	factSteps       = "steps"
	factPrep        = "prep_minutes"
	factCook        = "cook_minutes"
	factTotal       = "total_minutes"
	factYield       = "yield"
	factCategory    = "category"
	factCuisine     = "cuisine"
	factDiet        = "diet"
	factKeywords    = "keywords"
	factRating      = "rating"
	factRatings     = "ratings"
	factNames       = "alternate_names"
	factCalories    = "calories"
	// Of a recipe that was asked for so many.
	factServings   = "servings"
	factScaledFrom = "scaled_from"
	factUnscaled   = "not_scaled"
)

type source struct {
	settings Settings
	env      sources.Env
	folder   string
	rosters  sources.OfItems[*roster]
	// told are the recipes of the snapshot that was read last, lists what is in them.
	told  atomic.Pointer[[]what.Item]
	lists sources.OfItems[ingredientWords]
	// named are the words that these are called by.
	named sources.OfItems[[]string]
	// memory is the index of the last snapshot that was searched.
	memory memoryIndex
}

var (
	_ pull.Speaker    = (*source)(nil)
	_ pull.Vocabulary = (*source)(nil)
	_ pull.Named      = (*source)(nil)
	_ pull.Wished     = (*source)(nil)
	_ pull.Closer     = (*source)(nil)
	_ pull.Local      = (*source)(nil)
)

// ReadsHere says whether the recipes lie in a folder of this machine.
func (s *source) ReadsHere() bool { return s.folder != "" }

// FoundByItself says that what it holds is found by its words.
func (*source) FoundByItself() bool { return true }

// SharesSnapshots says that publishers with the same settings may share them.
func (*source) SharesSnapshots() bool { return true }

// Key returns the same for every query: there is one snapshot.
func (*source) Key(pull.Query) (string, error) { return "book", nil }

// Fetch goes through the pages, conditionally where they are known. What
// there is no time for is left to the next fetch, which goes on where this one
// ended: the snapshot is good, and says how much of the site it holds. So it is
// after some hundred new pages, that no end of the process costs more than those.
func (s *source) Fetch(ctx context.Context, _ string, last *pull.Snapshot) (pull.Snapshot, error) {
	b := s.newCollector(last)
	asking, cancel := crawl.InTime(ctx, len(s.settings.URLs) <= 1)
	defer cancel()
	var err error
	if s.folder != "" {
		err = s.readFolder(asking, b)
	} else {
		var refs []crawl.Ref
		for _, url := range s.settings.URLs {
			refs = append(refs, crawl.Ref{URL: url})
		}
		b.List(0, crawl.Unique(refs))
		s.readPages(asking, b)
	}
	if err != nil {
		return pull.Snapshot{}, err
	}
	if err := ctx.Err(); err != nil || asking.Err() != nil && len(b.items) == 0 {
		return pull.Snapshot{}, &pull.Error{Kind: pull.Crowded, Op: op, Hint: own.Text("no_time", nil), Err: err}
	}
	return b.finishSnapshot(s.env.Clock())
}
