package site

import (
	"errors"
	"net/http"
	"strings"

	"keypull/pull/catalogue"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// checkChannel asks the platform whether the account is good, by the form as
// it is; one of the configuration file as it stands there.
func (r channelPages) checkChannel() error {
	d, c, err := r.postedChannel()
	if err != nil && !errors.Is(err, errAsked) {
		return err
	}
	doc := d.doc(r.PostForm)
	if r.provisioned() && c.entry != nil {
		doc, c.values = c.entry.Channel, d.stored(c.entry.Channel)
	}
	checked, err := do[console.ChannelCheck, console.ChannelChecked](r.request, "channel.check",
		console.ChannelCheck{Of: r.of(), Channel: doc, ID: r.posted("stored")})
	problems, refused := r.problems(err, string(catalogue.NounChannel))
	if err != nil && !refused {
		return err
	}
	if checked.Error != "" {
		problems = append(problems, problemAt(strings.TrimPrefix(checked.Field, string(catalogue.NounChannel)+"."), checked.Error))
	}
	c.problems, c.checked = problems, &checkedView{OK: checked.OK}
	return r.showChecked(d, c)
}

// showChecked shows what the platform said, and its problems at their fields.
func (r channelPages) showChecked(d *form, c channelView) error {
	c.disabled = r.fixed() != ""
	c.checked.Again, c.checked.Marks, c.checked.At, c.checked.Label, c.checked.Error = r.anew(d, c.shown)
	if r.partial() {
		return r.part("part_checked", *c.checked)
	}
	status := http.StatusOK
	if len(c.problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	c.checked.Again = nil
	return r.showChannel(status, d, c)
}

// anew are the fields that a part of the page has to show anew, since they
// are wrong now or were the last time; the first complaint stands beside them.
func (r channelPages) anew(d *form, s shown) (fields pages.FieldList, marks []string, at, label, text string) {
	marked := map[string]bool{}
	for _, id := range r.PostForm["_marked"] {
		marked[id] = true
	}
	all := d.list(s)
	for _, f := range all {
		if (f.Wrong() || marked[f.ID]) && f.Path != "" {
			fields = append(fields, f)
		}
		for _, c := range (pages.FieldList{f}).Complaints() {
			if at == "" {
				at, label, text = c.ID, c.Label, c.Text
			}
		}
	}
	return fields, wrong(all), at, label, text
}

// wrong are the ids of the fields that carry a problem.
func wrong(fields pages.FieldList) []string {
	var ids []string
	for _, f := range fields {
		if f.Wrong() {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// testChannel sends one message to the editor's own address.
func (r channelPages) testChannel() error {
	in := console.ChannelTest{Of: r.of(), ID: r.id("channel"), Address: strings.TrimSpace(r.posted("address")), Text: r.posted("text")}
	view := &testedView{Address: in.Address, Text: in.Text}
	sent, err := do[console.ChannelTest, console.ChannelTested](r.request, "channel.test", in)
	problems, refused := r.problems(err, "")
	if err != nil && !refused {
		return err
	}
	for _, p := range problems {
		view.Wrong = append(view.Wrong, p.Message)
	}
	view.Sent, view.Error = sent.Sent, sent.Error
	if r.partial() {
		return r.part("part_tested", *view)
	}
	status := http.StatusOK
	if refused {
		status = http.StatusUnprocessableEntity
	}
	return r.showStored(status, in.ID, nil, view)
}
