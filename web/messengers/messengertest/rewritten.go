package messengertest

import (
	"encoding/json"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"keypull/web/messengers"
)

// pieces are what stands in a text that is neither JSON nor a form: lines, and texts
// between tags.
var pieces = regexp.MustCompile(`[^<>\[\]\r\n]+`)

// rewritten returns a delivery with each of its values changed, which is told with the
// name of its field. It owns its argument.
func rewritten(d messengers.Delivery, change func(name, text string) string) messengers.Delivery {
	rewrittenIn := func(values map[string][]string) {
		for _, name := range slices.Sorted(maps.Keys(values)) {
			for i, value := range values[name] {
				values[name][i], _ = everyText(name, value, change).(string)
			}
		}
	}
	rewrittenIn(d.Query)
	rewrittenIn(d.Header)
	if v := parsed(d.Body); v != nil {
		d.Body = marshalled(everyText("", v, change))
	} else if form, err := url.ParseQuery(string(d.Body)); err == nil && isForm(d) {
		rewrittenIn(form)
		d.Body = []byte(form.Encode())
	} else {
		d.Body = pieces.ReplaceAllFunc(d.Body, func(text []byte) []byte { return []byte(change("", string(text))) })
	}
	return d
}

func isForm(d messengers.Delivery) bool {
	return slices.ContainsFunc(d.Header["Content-Type"], func(t string) bool { return strings.HasPrefix(t, "application/x-www-form-urlencoded") })
}

// valuesOf returns all values of a delivery.
func valuesOf(d messengers.Delivery) (all []string) {
	rewritten(copied(d), func(_, text string) string {
		all = append(all, text)
		return text
	})
	return all
}

// everyText returns a copy of a JSON value with all its texts and numbers changed, those
// too that stand in a text that is JSON itself. The name is that of its field.
func everyText(name string, v any, change func(name, text string) string) any {
	switch v := v.(type) {
	case map[string]any:
		next := map[string]any{}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			next[key] = everyText(key, v[key], change)
		}
		return next
	case []any:
		next := slices.Clone(v)
		for i := range next {
			next[i] = everyText(name, next[i], change)
		}
		return next
	case json.Number:
		if n := json.Number(change(name, v.String())); json.Valid([]byte(n)) {
			return n
		}
		return v
	case string:
		if inner := parsed([]byte(v)); inner != nil && strings.HasPrefix(v, "{") {
			return string(marshalled(everyText(name, inner, change)))
		}
		return change(name, v)
	}
	return v
}
