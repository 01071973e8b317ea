package site

import (
	"errors"
	"net/http"
	"strconv"

	"keypull/pull"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// publisherEnd is what the page shows that asks before a publisher is removed.
type publisherEnd struct {
	Name, ID, Version, Cancel, Message string
	Form                               inputs
	Facts                              []pages.Fact
}

func (r publisherPages) publisherEnd() (publisherEnd, error) {
	if !r.by.Admin {
		return publisherEnd{}, errAdmins
	}
	entry, err := do[console.PublisherGet, console.PublisherEntry](r.request, "publisher.get", console.PublisherGet{Of: r.of()})
	if err != nil {
		return publisherEnd{}, err
	}
	if entry.Provisioned {
		return publisherEnd{}, &pull.Error{Kind: pull.Denied, Hint: r.t("settings.provisioned")}
	}
	b := publisherEnd{Name: textOf(entry.Publisher, "name"), ID: r.publisher, Version: entry.Version, Cancel: r.at("settings"),
		Form: inputs{{Name: "id", Label: r.t("publisher.type_id", "id", r.publisher), Type: "text", Autocomplete: "off", Required: true}}}
	if o := r.summary(); o != nil {
		b.Facts = []pages.Fact{{Label: r.t("nav.sources"), Value: strconv.Itoa(o.Sources)}, {Label: r.t("nav.keywords"), Value: strconv.Itoa(o.Keywords)},
			{Label: r.t("nav.channels"), Value: strconv.Itoa(o.Channels)}}
	}
	return b, nil
}

func (r publisherPages) showEnd(status int, b publisherEnd) error {
	return r.showAs(status, "page_publisher_delete", pages.Page{Title: r.t("publisher.delete"), Body: b,
		Crumbs: []pages.Crumb{{Label: r.t("nav.settings"), Href: r.at("settings")}, {Label: r.t("publisher.delete")}}})
}

func (r publisherPages) askDelete() error {
	b, err := r.publisherEnd()
	if err != nil {
		return err
	}
	return r.showEnd(http.StatusOK, b)
}

func (r publisherPages) delete() error {
	b, err := r.publisherEnd()
	if err != nil {
		return err
	}
	b.Form.fill(r.PostForm)
	if b.Form[0].Value != r.publisher {
		b.Form[0].Problems = []string{r.t("publisher.wrong_id", "id", r.publisher)}
		return r.showEnd(http.StatusUnprocessableEntity, b)
	}
	in := console.PublisherDelete{Of: r.of()}
	in.Version = r.PostForm.Get("version")
	_, err = do[console.PublisherDelete, console.None](r.request, "publisher.delete", in)
	var stale *console.Stale
	switch {
	case err == nil:
		return r.leave(Root, "publisher_deleted")
	case errors.As(err, &stale):
		b.Version, b.Message = stale.Version, r.t("hint.stale")
		return r.showEnd(http.StatusConflict, b)
	}
	return err
}
