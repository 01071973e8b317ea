package site

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"keypull/pull"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// marked stands before an id that is also the name of a page, such as "new":
// no id begins with it.
const marked = "~"

// verbs are the pages beside those of single things.
var verbs = []string{"new", "try", "check", "preview", "pick", "reply", deadPlace}

// thing is the address of the page of a source, keyword or channel.
func (v *visit) thing(room, id string, more ...string) string {
	if slices.Contains(verbs, id) {
		id = marked + id
	}
	return v.at(append([]string{room, id}, more...)...)
}

// id is the thing that the path names.
func (v *visit) id(name string) string { return strings.TrimPrefix(v.r.PathValue(name), marked) }

// toWrite refuses who may not change anything of the publisher, or does not
// see it.
func (v *visit) toWrite() error {
	switch {
	case v.summary() == nil:
		return console.NoPublisher(v.publisher)
	case !v.may(console.Write):
		return &pull.Error{Kind: pull.Denied, Hint: pages.T(v.language, "thing.viewer")}
	}
	return nil
}

// writing is an action that only editors carry out.
func writing(f action) action {
	return func(v *visit) error {
		if err := v.toWrite(); err != nil {
			return err
		}
		return f(v)
	}
}

// provisioned says whether the publisher at work stands in the configuration
// file.
func (v *visit) provisioned() bool {
	o := v.summary()
	return o != nil && o.Provisioned
}

// mayChange says whether the visitor may change what the publisher has.
func (v *visit) mayChange() bool { return v.may(console.Write) && !v.provisioned() }

// fixed says why nothing can be changed, "" where it can.
func (v *visit) fixed() string {
	switch {
	case v.provisioned():
		return pages.T(v.language, "thing.provisioned")
	case !v.may(console.Write):
		return pages.T(v.language, "thing.viewer")
	}
	return ""
}

// posted is the value of one input.
func (v *visit) posted(name string) string { return v.r.PostForm.Get(name) }

// textOf is a field of a document that is a text.
func textOf(d console.Doc, name string) string {
	s, _ := d[name].(string)
	return s
}

// tableOf is a field of a document that is a table.
func tableOf(d console.Doc, name string) map[string]any {
	t, _ := d[name].(map[string]any)
	return t
}

// kindIcon is the picture of a kind.
func kindIcon(kind, otherwise string) string {
	switch kind {
	case "feed", "recipe", "quote", "text":
		return kind
	case "webchat":
		return "channel"
	case "telegram":
		return "phone"
	}
	return otherwise
}

// webAddress is the address of a page or picture; "" for what browsers would
// run or make up.
func webAddress(url string) string {
	lower := strings.ToLower(url)
	if strings.HasPrefix(lower, "https://") || strings.HasPrefix(lower, "http://") {
		return url
	}
	return ""
}

// cut shortens a text for a list.
func cut(text string, runes int) string {
	all := []rune(text)
	if len(all) <= runes {
		return text
	}
	return strings.TrimSpace(string(all[:runes])) + "…"
}

// hint is what an error of an operation tells the visitor.
func hint(err error) string {
	var e *pull.Error
	if errors.As(err, &e) && e.Hint != "" {
		return e.Hint
	}
	return http.StatusText(http.StatusInternalServerError)
}
