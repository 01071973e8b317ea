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
func (v *visit) checkChannel() error {
	d, c, err := v.postedChannel()
	if err != nil && !errors.Is(err, errAsked) {
		return err
	}
	doc := d.doc(v.r.PostForm)
	if v.provisioned() && c.entry != nil {
		doc, c.values = c.entry.Channel, d.stored(c.entry.Channel)
	}
	checked, err := do[console.ChannelCheck, console.ChannelChecked](v, "channel.check",
		console.ChannelCheck{Of: v.of(), Channel: doc, ID: v.posted("stored")})
	problems, refused := v.problems(err, string(catalogue.NounChannel))
	if err != nil && !refused {
		return err
	}
	if checked.Error != "" {
		problems = append(problems, problemAt(strings.TrimPrefix(checked.Field, string(catalogue.NounChannel)+"."), checked.Error))
	}
	c.problems, c.checked = problems, &checkedView{OK: checked.OK}
	return v.showChecked(d, c)
}

// showChecked shows what the platform said, and its problems at their fields.
func (v *visit) showChecked(d *draft, c channelView) error {
	c.disabled = v.fixed() != ""
	c.checked.Again, c.checked.Marks, c.checked.At, c.checked.Label, c.checked.Error = v.anew(d, c.shown)
	if v.partial() {
		return v.part("part_checked", *c.checked)
	}
	status := http.StatusOK
	if len(c.problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	c.checked.Again = nil
	return v.showChannel(status, d, c)
}

// anew are the fields that a part of the page has to show anew, since they
// are wrong now or were the last time; the first complaint stands beside them.
func (v *visit) anew(d *draft, s shown) (fields pages.FieldList, marks []string, at, label, text string) {
	marked := map[string]bool{}
	for _, id := range v.r.PostForm["_marked"] {
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
func (v *visit) testChannel() error {
	in := console.ChannelTest{Of: v.of(), ID: v.id("channel"), Address: strings.TrimSpace(v.posted("address")), Text: v.posted("text")}
	view := &testedView{Address: in.Address, Text: in.Text}
	sent, err := do[console.ChannelTest, console.ChannelTested](v, "channel.test", in)
	problems, refused := v.problems(err, "")
	if err != nil && !refused {
		return err
	}
	for _, p := range problems {
		view.Wrong = append(view.Wrong, p.Message)
	}
	view.Sent, view.Error = sent.Sent, sent.Error
	if v.partial() {
		return v.part("part_tested", *view)
	}
	status := http.StatusOK
	if refused {
		status = http.StatusUnprocessableEntity
	}
	return v.showStored(status, in.ID, nil, view)
}
