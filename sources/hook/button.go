package hook

import (
	"cmp"
	"strings"

	"keypull/pull"
	"keypull/sources"
)

// Bounds of what is written on a button, and of what it sends, in characters.
const (
	maxLabel = 60
	maxSend  = 100
)

// rawButton is a button as an endpoint writes it: one of URL, Keyword and Send.
type rawButton struct {
	Label    scalar `json:"label"`
	URL      string `json:"url"`
	Keyword  string `json:"keyword"`
	Argument scalar `json:"argument"`
	Send     string `json:"send"`
}

// addButton cleans a button and puts it behind the others. One that leads nowhere
// is left out.
func (a *answer) addButton(t rawButton) {
	b := pull.Button{Label: sources.Shorten(sources.Line(string(t.Label)), maxLabel)}
	send := sources.Line(t.Send)
	switch {
	case len(a.buttons) == pull.MaxButtons:
		if len(a.warnings) == 0 {
			a.addWarning("many_buttons", nil)
		}
		return
	case t.URL != "":
		if b.URL = sources.SafeLink("", t.URL); b.URL == "" || b.Label == "" {
			a.addWarning("bad_button", nil)
			return
		}
	case t.Keyword != "":
		b.Send = pull.WayTo(sources.Line(t.Keyword), sources.Shorten(sources.Line(string(t.Argument)), maxSend))
	case strings.HasPrefix(send, "o:") || strings.HasPrefix(send, "c:") || len(send) > maxSend || send+b.Label == "":
		a.addWarning("bad_button", nil)
		return
	default:
		b.Send = cmp.Or(send, b.Label)
	}
	a.buttons = append(a.buttons, b)
}
