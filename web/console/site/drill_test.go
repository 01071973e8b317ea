package site_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestASourcesPageShowsWhatReadersWouldBeToldIfItWereDown(t *testing.T) {
	r := newRig(t)
	viewer := r.as("lecker viewer")
	viewer.get(room+"sources/news").wants(t, 200, `href="`+room+`sources/news/drill"`, "Pretend that it is down")
	page := viewer.get(room+"sources/news/drill").wants(t, 200, "After a minute", "After an hour", "After a day", "news as of before 1m0s", "news as of before 1h0m0s",
		"news is not there after 24h0m0s", "Last good answer", "Nothing to tell", "Web chat")
	if strings.Contains(page.body, "sap as of") {
		t.Error("a keyword of another source was asked")
	}
	viewer.get(room+"sources/none/drill").wants(t, http.StatusNotFound)
}
