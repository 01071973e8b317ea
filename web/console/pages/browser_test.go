package pages_test

import (
	"testing"

	"keypull/web/console/pages/pagestest"
)

// browser is a window in front of the gallery.
type browser struct{ *pagestest.Browser }

func newBrowser(t *testing.T) *browser {
	t.Helper()
	return &browser{pagestest.New(t)}
}
