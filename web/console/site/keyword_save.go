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
func (v *visit) postedKeyword() (*draft, keywordView, error) {
	d, err := v.keywordDraft()
	if err != nil {
		return nil, keywordView{}, err
	}
	values, add, asked := pages.Edited(v.r.PostForm)
	v.r.PostForm = values
	k := keywordView{shown: shown{values: d.typedKeyword(values), add: add}, version: v.posted("version")}
	if id := v.posted("stored"); id != "" {
		d.id = id
		e, err := v.getKeyword(id)
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

func (v *visit) createKeyword() error {
	d, k, err := v.postedKeyword()
	if errors.Is(err, errAsked) {
		return v.showKeyword(http.StatusOK, d, k)
	}
	if err != nil {
		return err
	}
	e, err := do[console.KeywordCreate, console.KeywordEntry](v, "keyword.create",
		console.KeywordCreate{Of: v.of(), Keyword: d.keywordDoc(v.r.PostForm)})
	if err != nil {
		return v.refuseKeyword(d, k, err)
	}
	return v.leave(v.thing(keywordRoom, textOf(e.Keyword, "id")), "keyword_saved")
}

func (v *visit) updateKeyword() error {
	id := v.id("keyword")
	v.r.PostForm.Set("stored", id)
	d, k, err := v.postedKeyword()
	if errors.Is(err, errAsked) {
		return v.showKeyword(http.StatusOK, d, k)
	}
	if err != nil {
		return err
	}
	in := console.KeywordUpdate{Of: v.of(), ID: id, Keyword: d.keywordDoc(v.r.PostForm)}
	in.Version = v.posted("version")
	_, err = do[console.KeywordUpdate, console.KeywordEntry](v, "keyword.update", in)
	var stale *console.Stale
	if errors.As(err, &stale) {
		now, _ := stale.Current.(console.KeywordEntry)
		return v.showStale(staleView{
			d: d, room: keywordRoom, title: v.t("nav.keywords"), id: id, doc: now.Keyword, standing: now.Standing,
			mine: v.readableReply(in.Keyword), theirs: v.readableReply(now.Keyword),
		})
	}
	if err != nil {
		return v.refuseKeyword(d, k, err)
	}
	return v.leave(v.thing(keywordRoom, id), "keyword_saved")
}

// refuseKeyword shows the form again with what is wrong at its fields.
func (v *visit) refuseKeyword(d *draft, k keywordView, err error) error {
	problems, ok := v.problems(err, string(catalogue.NounKeyword))
	if !ok {
		return err
	}
	k.problems = problems
	return v.showKeyword(http.StatusUnprocessableEntity, d, k)
}

func (v *visit) askDeleteKeyword() error {
	if err := v.toWrite(); err != nil {
		return err
	}
	return v.showDeleteKeyword(http.StatusOK, "")
}

func (v *visit) showDeleteKeyword(status int, refusal string) error {
	id := v.id("keyword")
	e, err := v.getKeyword(id)
	if err != nil {
		return err
	}
	var words []string
	for _, chips := range v.keywordRow(e, v.publisherZone()).Phrases {
		words = append(words, chips.Phrases...)
	}
	body := deletePage{Back: v.thing(keywordRoom, id), Text: refusal, Confirm: pages.Confirm{
		Title: v.t("keyword.delete_title", "id", id), Text: v.t("keyword.delete_text"), Action: v.thing(keywordRoom, id, "delete"),
		Yes: v.t("keyword.delete"), Cancel: v.thing(keywordRoom, id), CSRF: v.session.CSRF, Danger: true,
		Hidden: []pages.Hidden{{Name: "version", Value: e.Version}},
		Facts:  []pages.Fact{{Label: v.t("keyword.phrases"), Value: strings.Join(words, ", ")}, {Label: v.t("keyword.source"), Value: textOf(e.Keyword, "source")}},
	}}
	return v.showAs(status, "page_keyword_delete", pages.Page{Title: body.Confirm.Title, Body: body, Crumbs: v.crumbs(keywordRoom, v.t("nav.keywords"), id)})
}

func (v *visit) deleteKeyword() error {
	in := console.KeywordDelete{Of: v.of(), ID: v.id("keyword")}
	in.Version = v.posted("version")
	_, err := do[console.KeywordDelete, console.None](v, "keyword.delete", in)
	if err == nil {
		return v.leave(v.at(keywordRoom), "keyword_deleted")
	}
	if status, key := statusOf(err); key == "conflict" {
		return v.showDeleteKeyword(status, v.conflict(err))
	}
	return err
}
