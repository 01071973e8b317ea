package feed_test

import (
	"testing"

	"keypull/sources/feed"
	"keypull/sources/sourcetest"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	sourcetest.Words(t, feed.Kind)
}
