package site

import (
	"errors"
	"net/http"
	"strconv"

	"keypull/pull"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// outletEnd is what the page shows that asks before a publisher is removed.
type outletEnd struct {
	Name, ID, Version, Cancel, Message string
	Form                               inputs
	Facts                              []pages.Fact
}

func (v *visit) outletEnd() (outletEnd, error) {
	if !v.by.Admin {
		return outletEnd{}, errAdmins
	}
	entry, err := do[console.PublisherGet, console.PublisherEntry](v, "publisher.get", console.PublisherGet{Of: v.of()})
	if err != nil {
		return outletEnd{}, err
	}
	if entry.Provisioned {
		return outletEnd{}, &pull.Error{Kind: pull.Denied, Hint: v.t("settings.provisioned")}
	}
	b := outletEnd{Name: textOf(entry.Publisher, "name"), ID: v.publisher, Version: entry.Version, Cancel: v.at("settings"),
		Form: inputs{{Name: "id", Label: v.t("publisher.type_id", "id", v.publisher), Type: "text", Autocomplete: "off", Required: true}}}
	if o := v.summary(); o != nil {
		b.Facts = []pages.Fact{{Label: v.t("nav.sources"), Value: strconv.Itoa(o.Sources)}, {Label: v.t("nav.keywords"), Value: strconv.Itoa(o.Keywords)},
			{Label: v.t("nav.channels"), Value: strconv.Itoa(o.Channels)}}
	}
	return b, nil
}

func (v *visit) showOutletEnd(status int, b outletEnd) error {
	return v.showAs(status, "page_publisher_delete", pages.Page{Title: v.t("publisher.delete"), Body: b,
		Crumbs: []pages.Crumb{{Label: v.t("nav.settings"), Href: v.at("settings")}, {Label: v.t("publisher.delete")}}})
}

func (v *visit) deleteOutletPage() error {
	b, err := v.outletEnd()
	if err != nil {
		return err
	}
	return v.showOutletEnd(http.StatusOK, b)
}

func (v *visit) deleteOutlet() error {
	b, err := v.outletEnd()
	if err != nil {
		return err
	}
	b.Form.fill(v.r.PostForm)
	if b.Form[0].Value != v.publisher {
		b.Form[0].Problems = []string{v.t("publisher.wrong_id", "id", v.publisher)}
		return v.showOutletEnd(http.StatusUnprocessableEntity, b)
	}
	in := console.PublisherDelete{Of: v.of()}
	in.Version = v.r.PostForm.Get("version")
	_, err = do[console.PublisherDelete, console.None](v, "publisher.delete", in)
	var stale *console.Stale
	switch {
	case err == nil:
		return v.leave(Root, "publisher_deleted")
	case errors.As(err, &stale):
		b.Version, b.Message = stale.Version, v.t("hint.stale")
		return v.showOutletEnd(http.StatusConflict, b)
	}
	return err
}
