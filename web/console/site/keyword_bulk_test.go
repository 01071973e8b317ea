package site_test

import (
	"net/http"
	"net/url"
	"testing"
)

func TestTickedKeywordsAreChangedAndDeletedAtOnce(t *testing.T) {
	r, ann, _ := atWork(t)
	ann.get(room+"keywords").wants(t, 200, `name="id" value="news"`, `name="all"`)
	csrf := ann.changed(room + "keywords/new").Get("_csrf")
	form := url.Values{"_csrf": {csrf}, "id": {"news"}}
	ann.submit(room+"keywords/change", form).wants(t, 200, `name="set.autocorrect"`, `name="set.source"`)
	form.Set("carry", "1")
	form.Set("set.count", "on")
	form.Set("count", "99")
	ann.submit(room+"keywords/change", form).wants(t, http.StatusUnprocessableEntity, "Write 10 or less")
	form.Set("count", "3")
	form.Set("autocorrect", "off")
	ann.submit(room+"keywords/change", form).leads(t, room+"keywords?done=keyword_changed_many")
	if k := r.keywordOf("news"); k.Count != 3 || k.Autocorrect != "" {
		t.Errorf("what was not ticked was changed, or what was was not: %+v", k)
	}
	all := url.Values{"_csrf": {csrf}, "all": {"1"}}
	ann.submit(room+"keywords/drop", all).wants(t, 200, "Delete 2 keywords?")
	all.Set("carry", "1")
	ann.submit(room+"keywords/drop", all).leads(t, room+"keywords?done=keyword_deleted_many")
	if n := len(r.Publisher("lecker").Keywords); n != 0 {
		t.Errorf("%d are left", n)
	}
}

func TestARenamedKeywordsPagesLeadOn(t *testing.T) {
	_, ann, _ := atWork(t)
	ann.get(room+"keywords/news").wants(t, 200, `href="`+room+`keywords/news/rename"`)
	ann.get(room+"keywords/news/rename").wants(t, 200, `value="news"`)
	form := url.Values{"_csrf": {ann.changed(room + "keywords/new").Get("_csrf")}, "version": {"*"}, "to": {"Not so"}}
	ann.submit(room+"keywords/news/rename", form).wants(t, http.StatusUnprocessableEntity, `aria-invalid="true"`)
	form.Set("to", "latest")
	ann.submit(room+"keywords/news/rename", form).leads(t, room+"keywords/latest?done=renamed")
	w := ann.get(room + "keywords/news/delete?x=1")
	if w.status != http.StatusPermanentRedirect || w.header.Get("Location") != room+"keywords/latest/delete?x=1" {
		t.Errorf("%d to %s", w.status, w.header.Get("Location"))
	}
}

func TestATableIsLookedAtAndImported(t *testing.T) {
	r, ann, _ := atWork(t)
	ann.get(room+"keywords/export").wants(t, 200, "id,source,phrases.en")
	form := url.Values{"_csrf": {ann.changed(room + "keywords/new").Get("_csrf")}, "csv": {"id\tsource\tphrases.en\ntram\tnews\ttram | tramway\nbad\tnwes\tbad\n"}}
	ann.submit(room+"keywords/import", form).wants(t, 200, "1 would be added", "Line 3, column source", "1 line is wrong.", `value="right"`)
	form.Set("do", "right")
	ann.submit(room+"keywords/import", form).leads(t, room+"keywords?done=keyword_imported")
	if k := r.keywordOf("tram"); len(k.Phrases["en"]) != 2 {
		t.Errorf("%+v", k)
	}
}
