package what_test

import (
	"testing"

	"keypull/pull/what"
)

// TestAReasonIsNoPartOfAWish says why something is asked for, behind it.
func TestAReasonIsNoPartOfAWish(t *testing.T) {
	ix := what.NewIndex([]what.Keyword{
		{ID: "recipe", Argument: what.ArgumentRequired, Phrases: map[string][]string{
			"en": {"recipe"}, "fr": {"recette"}, "de": {"rezept"}, "es": {"receta"}, "it": {"ricetta"}, "pt": {"receita"}, "nl": {"recept"}, "pl": {"przepis"}, "ru": {"рецепт"}, "tr": {"tarif"}, "sv": {"recept"}, "id": {"resep"},
		}},
		{ID: "news", Argument: what.ArgumentOptional, Phrases: map[string][]string{"en": {"news"}, "de": {"nachrichten"}}},
	}, what.Options{})
	for _, tt := range []struct{ language, text, keyword, argument string }{
		{"fr", "la recette de la quiche parce que ma belle-mère vient dimanche", "recipe", "quiche"},
		{"fr", "recette de la quiche puisque nous serons six", "recipe", "quiche"},
		{"de", "Rezept mit Linsen weil meine Oma kommt", "recipe", "Linsen"},
		{"de", "Rezept für Knödel da ich Gäste habe", "recipe", "Knödel"},
		{"en", "recipe for scones because my kids are hungry", "recipe", "scones"},
		{"en", "recipe for scones since my oven works again", "recipe", "scones"},
		{"en", "recipe for scones as we have guests tomorrow", "recipe", "scones"},
		{"es", "receta de gazpacho porque viene mi suegra", "recipe", "gazpacho"},
		{"it", "ricetta del pesto perché ho ospiti", "recipe", "pesto"},
		{"pt", "receita de moqueca porque a minha sogra vem", "recipe", "moqueca"},
		{"nl", "recept voor hutspot omdat oma komt eten", "recipe", "hutspot"},
		{"pl", "przepis na bigos bo teściowa przyjeżdża", "recipe", "bigos"},
		{"ru", "рецепт окрошки потому что жарко на улице", "recipe", "окрошки"},
		{"sv", "recept på kroppkakor eftersom mormor kommer hit", "recipe", "kroppkakor"},
		{"id", "resep rendang karena mertua datang", "recipe", "rendang"},
		{"en", "news since friday", "news", "friday"},
		{"en", "i read no news because it makes me sad", "", ""},
		{"de", "keine nachrichten weil sie mich traurig machen", "", ""},
	} {
		runs(t, ix, tt.text, tt.keyword, tt.argument, tt.language)
	}
}
