package site

import (
	"net/url"
	"slices"
	"strings"

	"keypull/pull/settings"
	"keypull/web/console/pages"
)

// input is one field of a form that belongs to the console itself: what a
// browser should know of it (autocomplete, a list to choose from) is said of
// none of the settings of kinds.
type input struct {
	Name, Label, Help string
	// Type is one of an <input>, or "select", "toggle", "zone" or "languages".
	Type, Autocomplete string
	Value              string
	Options            []pages.Option
	// Ticks are the entries of "languages"; Value is what is typed beside them.
	Ticks pages.Ticks
	// Group is the title below which it is folded; empty where it stands openly.
	Group    string
	Required bool
	Disabled bool
	// Above sets the ids of a form apart that stands above a page's own.
	Above    bool
	Problems []string
	// Note tells what was done to what was typed.
	Note string
}

// ID returns that of the element.
func (i input) ID() string {
	if i.Above {
		return "above-" + i.Name
	}
	return "f-" + strings.ReplaceAll(i.Name, ".", "-")
}

// Long says that an option needs more than half a line.
func (i input) Long() bool {
	const half = 32
	return slices.ContainsFunc(i.Options, func(o pages.Option) bool { return len(o.Label) > half })
}

// DescribedBy lists the ids of the help and the problems.
func (i input) DescribedBy() string {
	var ids []string
	if len(i.Problems) > 0 {
		ids = append(ids, i.ID()+"-problem")
	}
	if i.Help != "" {
		ids = append(ids, i.ID()+"-help")
	}
	return strings.Join(ids, " ")
}

// inputs are the fields of one form.
type inputs []input

// inputGroup are inputs that stand together.
type inputGroup struct {
	Title  string
	Inputs inputs
}

// Wrong says that one of them is wrong, so that they are shown.
func (g inputGroup) Wrong() bool { return len(g.Inputs.Complaints()) > 0 }

// Groups returns the inputs as they stand together, in their order.
func (in inputs) Groups() (all []inputGroup) {
	for _, i := range in {
		if n := len(all) - 1; n >= 0 && all[n].Title == i.Group {
			all[n].Inputs = append(all[n].Inputs, i)
			continue
		}
		all = append(all, inputGroup{i.Group, inputs{i}})
	}
	return all
}

// grouped returns the inputs below a title.
func (in inputs) grouped(title string) inputs {
	for n := range in {
		in[n].Group = title
	}
	return in
}

// Complaints lists what is wrong, in the order of the fields.
func (in inputs) Complaints() []pages.Complaint {
	var all []pages.Complaint
	for _, i := range in {
		for _, text := range i.Problems {
			all = append(all, pages.Complaint{ID: i.ID(), Label: i.Label, Text: text})
		}
	}
	return all
}

// fillPosted puts in what was posted. A password is typed anew.
func (in inputs) fillPosted(posted url.Values) {
	for n := range in {
		i := &in[n]
		if i.Type == "password" {
			continue
		}
		if i.Value = posted.Get(i.Name); i.Type == "select" {
			selectOption(i.Options, i.Value)
		}
	}
}

// selectOption marks the option of that value.
func selectOption(options []pages.Option, value string) {
	for n := range options {
		options[n].Selected = options[n].Value == value
	}
}

// addProblems puts problems at their fields, and returns the sentences of those
// that belong to none.
func (in inputs) addProblems(problems settings.Problems) (rest []string) {
	for _, p := range problems {
		found := false
		for n := range in {
			i := &in[n]
			if tail, ok := strings.CutPrefix(p.Field, i.Name); ok && (tail == "" || tail[0] == '[' || tail[0] == '.') {
				i.Problems = append(i.Problems, p.Message)
				found = true
				break
			}
		}
		if !found {
			rest = append(rest, p.Message)
		}
	}
	return rest
}

// markAbove makes them the fields of a form that stands above a page.
func (in inputs) markAbove() {
	for n := range in {
		in[n].Above = true
	}
}

// disableAll makes all of them be shown only.
func (in inputs) disableAll() {
	for n := range in {
		in[n].Disabled = true
	}
}
