package what_test

import (
	"strings"
	"testing"

	"keypull/pull/what"
)

func TestAnItemWithoutATitleIsHeadedByItsText(t *testing.T) {
	long := strings.Repeat("The bridge is closed. ", 9)
	for _, tt := range []struct {
		it   what.Item
		want string
	}{
		{what.Item{ID: "e63c", Title: "Bridge", Body: "Closed."}, "Bridge"},
		{what.Item{ID: "e63c", Body: "Open from\n\n9 to 17."}, "Open from 9 to 17."},
		{what.Item{ID: "e63c", Summary: long}, "The bridge is closed. The bridge is closed. The bridge is closed. …"},
		{what.Item{ID: "e63c", Body: strings.Repeat("橋", 90)}, strings.Repeat("橋", 79) + "…"},
		{what.Item{ID: "e63c", Link: "https://example.org/a"}, ""},
	} {
		if got := tt.it.Heading(); got != tt.want {
			t.Errorf("%+v is headed by %q, want %q", tt.it, got, tt.want)
		}
	}
}
