package site_test

import (
	"net/url"
	"strings"
	"testing"

	"keypull/pull/people"
)

// TestAFilterIsSavedUnderANameByWhoChose saves what the list of keywords and the figures
// show, applies and removes it.
func TestAFilterIsSavedUnderANameByWhoChose(t *testing.T) {
	r, ann, _ := atWork(t)
	ann.get(room+"keywords").wants(t, 200).lacks(t, "Save this filter", "Saved filters")
	for _, tt := range []struct{ page, chosen string }{
		{"keywords", "q=news&state=open"}, {"figures", "by=channel&days=7"},
	} {
		ann.get(room+tt.page+"?"+tt.chosen).wants(t, 200, "Save this filter", `name="query" value="`+strings.ReplaceAll(tt.chosen, "&", "&amp;")+`"`)
		ann.post(room+"filters", "page", tt.page, "query", tt.chosen, "name", " The morning’s ").leads(t, room+tt.page+"?"+tt.chosen+"&done=filter_saved")
		ann.get(room+tt.page).wants(t, 200, "Saved filters", "The morning’s").lacks(t, "Remove this filter")
	}
	ann.get(room+"keywords?state=open&q=news&cursor=").wants(t, 200, `aria-current="true"`, "Remove this filter").lacks(t, "Save this filter")
	r.person("bob@example.org", "lecker owner")

	// The same name again stands for the new choice.
	ann.post(room+"filters", "page", "keywords", "query", "group=sport", "name", "The morning’s")
	page := ann.get(room+"keywords?group=sport").wants(t, 200, "Remove this filter").lacks(t, "q=news&amp;state=open")
	_, rest, _ := strings.Cut(page.body, room+"filters/")
	id, _, _ := strings.Cut(rest, "/")
	ann.post(room+"filters/"+id+"/remove").leads(t, room+"keywords?group=sport&done=removed")
	ann.get(room+"keywords").wants(t, 200).lacks(t, "The morning’s")
	ann.get(room+"figures").wants(t, 200, "The morning’s")
	ann.post(room+"filters/"+id+"/remove").wants(t, 404, "not there any more")

	for _, bad := range []url.Values{
		{"page": {"keywords"}, "query": {"q=a"}, "name": {""}},
		{"page": {"keywords"}, "query": {"q=" + strings.Repeat("a", people.MaxFilterQuery)}, "name": {"long"}},
		{"page": {"keywords"}, "query": {"q=a\r\nSet-Cookie: a=b"}, "name": {"lines"}},
	} {
		ann.submit(room+"filters", bad).wants(t, 422)
	}
	ann.get(room+"keywords").wants(t, 200).lacks(t, "Saved filters")
}
