package recipe_test

import (
	"testing"

	"keypull/sources/recipe"
	"keypull/sources/sourcetest"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	sourcetest.Words(t, recipe.Kind)
}

func TestItsOwnComplaintsAreTranslated(t *testing.T) {
	sourcetest.Complaints(t, recipe.Kind, map[string]sourcetest.Complaint{
		"neither pages nor a folder": {Want: []string{"urls: Geben Sie genau eines davon an: urls, sitemap und folder."}},
	})
}
