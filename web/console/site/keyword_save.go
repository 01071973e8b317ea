package site

import (
	"errors"
	"net/http"
	"strings"

	"keypull/pull/catalogue"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// postedKeyword is the form that was sent.
func (r keywordPages) postedKeyword() (*form, keywordView, error) {
	d, err := r.keywordForm()
	if err != nil {
		return nil, keywordView{}, err
	}
	values, add, asked := pages.Edited(r.PostForm)
	r.PostForm = values
	k := keywordView{shown: shown{values: d.typedKeyword(values), add: add}, version: r.posted("version")}
	if id := r.posted("stored"); id != "" {
		d.id = id
		e, err := r.getKeyword(id)
		if err != nil {
			return nil, k, err
		}
		k.entry = &e
	}
	if asked {
		return d, k, errAsked
	}
	return d, k, nil
}

func (r keywordPages) createKeyword() error {
	d, k, err := r.postedKeyword()
	if errors.Is(err, errAsked) {
		return r.showKeyword(http.StatusOK, d, k)
	}
	if err != nil {
		return err
	}
	e, err := do[console.KeywordCreate, console.KeywordEntry](r.request, "keyword.create",
		console.KeywordCreate{Of: r.of(), Keyword: d.keywordDoc(r.PostForm)})
	if err != nil {
		return r.refuseKeyword(d, k, err)
	}
	return r.leave(r.pageOf(keywordSection, textOf(e.Keyword, "id")), "keyword_saved")
}

func (r keywordPages) updateKeyword() error {
	id := r.id("keyword")
	r.PostForm.Set("stored", id)
	d, k, err := r.postedKeyword()
	if errors.Is(err, errAsked) {
		return r.showKeyword(http.StatusOK, d, k)
	}
	if err != nil {
		return err
	}
	in := console.KeywordUpdate{Of: r.of(), ID: id, Keyword: d.keywordDoc(r.PostForm)}
	in.Version = r.posted("version")
	_, err = do[console.KeywordUpdate, console.KeywordEntry](r.request, "keyword.update", in)
	var stale *console.Stale
	if errors.As(err, &stale) {
		now, _ := stale.Current.(console.KeywordEntry)
		return sourcePages{r.request}.showStale(staleView{
			d: d, section: keywordSection, title: r.t("nav.keywords"), id: id, doc: now.Keyword, standing: now.Standing,
			mine: replyPart{r.request}.readableReply(in.Keyword), theirs: replyPart{r.request}.readableReply(now.Keyword),
		})
	}
	if err != nil {
		return r.refuseKeyword(d, k, err)
	}
	return r.leave(r.pageOf(keywordSection, id), "keyword_saved")
}

// refuseKeyword shows the form again with what is wrong at its fields.
func (r keywordPages) refuseKeyword(d *form, k keywordView, err error) error {
	problems, ok := r.problems(err, string(catalogue.NounKeyword))
	if !ok {
		return err
	}
	k.problems = problems
	return r.showKeyword(http.StatusUnprocessableEntity, d, k)
}

func (r keywordPages) askDeleteKeyword() error {
	if err := r.toWrite(); err != nil {
		return err
	}
	return r.showDeleteKeyword(http.StatusOK, "")
}

func (r keywordPages) showDeleteKeyword(status int, refusal string) error {
	id := r.id("keyword")
	e, err := r.getKeyword(id)
	if err != nil {
		return err
	}
	var words []string
	for _, chips := range r.keywordRow(e, r.publisherZone()).Phrases {
		words = append(words, chips.Phrases...)
	}
	body := deletePage{Back: r.pageOf(keywordSection, id), Text: refusal, Confirm: pages.Confirm{
		Title: r.t("keyword.delete_title", "id", id), Text: r.t("keyword.delete_text"), Action: r.pageOf(keywordSection, id, "delete"),
		Yes: r.t("keyword.delete"), Cancel: r.pageOf(keywordSection, id), CSRF: r.session.CSRF, Danger: true,
		Hidden: []pages.Hidden{{Name: "version", Value: e.Version}},
		Facts:  []pages.Fact{{Label: r.t("keyword.phrases"), Value: strings.Join(words, ", ")}, {Label: r.t("keyword.source"), Value: textOf(e.Keyword, "source")}},
	}}
	return r.showAs(status, "page_keyword_delete", pages.Page{Title: body.Confirm.Title, Body: body, Crumbs: r.crumbs(keywordSection, r.t("nav.keywords"), id)})
}

func (r keywordPages) deleteKeyword() error {
	in := console.KeywordDelete{Of: r.of(), ID: r.id("keyword")}
	in.Version = r.posted("version")
	_, err := do[console.KeywordDelete, console.None](r.request, "keyword.delete", in)
	if err == nil {
		return r.leave(r.at(keywordSection), "keyword_deleted")
	}
	if status, key := statusOf(err); key == "conflict" {
		return r.showDeleteKeyword(status, sourcePages{r.request}.conflict(err))
	}
	return err
}
