package site_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// A form that is too large is refused by the limit that rules where it is posted.
func TestAFormThatIsTooLargeNamesItsLimit(t *testing.T) {
	_, ann, _ := atWork(t)
	for path, c := range map[string]struct {
		size int
		want string
	}{
		"/console/me":                         {7 << 20, "larger than 6 MiB"},
		room + "conversations/aaaaaaaa/reply": {12 << 20, "larger than 11 MiB"},
	} {
		ann.send(http.MethodPost, path, url.Values{"text": {strings.Repeat("x", c.size)}}).wants(t, http.StatusUnprocessableEntity, c.want)
	}
}
