package pages

import (
	"cmp"
	"fmt"
	"html/template"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// templateFuncs returns what templates can call, in a language and as seen from a zone.
func (v *Views) templateFuncs(language string, zone *time.Location) template.FuncMap {
	here := localeKey{language, zone.String()}
	return template.FuncMap{
		"t":        func(key string, args ...any) any { return sentence(here.language, key, args...) },
		"plural":   func(key string, n int, args ...any) string { return Plural(here.language, key, n, args...) },
		"language": func() string { return here.language },
		"number":   func(n any) (string, error) { return Number(here.language, n) },
		"ago":      func(at any) (template.HTML, error) { return timeTag(at, v.clock(), here.language, zone, Ago) },
		"when":     func(at any) (template.HTML, error) { return timeTag(at, v.clock(), here.language, zone, When) },
		"asset":    Asset,
		"icon":     iconHTML,
		"picture":  pictureHTML,
		"dict":     mapOfPairs,
		"list":     func(of ...any) []any { return of },
		"badge":    func(state, text string) Badge { return Badge{State: state, Text: text} },
		"initials": initials,
		"lineMark": func(code string) string { return lineMark(here.language, code) },
		"lineName": func(code string) string { return lineName(here.language, code) },
	}
}

// mapOfPairs makes a map of pairs, so that a template can be given more than one
// value: {{template "empty" dict "Icon" "source" "Title" "…"}}.
func mapOfPairs(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict has %d arguments, which are no pairs", len(pairs))
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %v is no name", pairs[i])
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}

// iconHTML draws an icon of the sprite. It never carries meaning alone: words
// stand beside it, seen or unseen.
func iconHTML(name string) (template.HTML, error) {
	if !hasIcon(name) {
		return "", fmt.Errorf("there is no icon %q", name)
	}
	return template.HTML(`<svg class="icon" aria-hidden="true"><use href="` + Asset("icons.svg") + "#" + name + `"/></svg>`), nil //nolint:gosec // name is one of the sprite
}

// pictureHTML draws an SVG document of a kind, in the colour of the words beside it.
func pictureHTML(svg string) template.HTML {
	return template.HTML(strings.Replace(svg, "<svg ", `<svg class="icon" aria-hidden="true" `, 1)) //nolint:gosec // a kind is code of ours
}

// initials returns the first letters of the first and the last word of a name.
func initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) > 2 {
		words = []string{words[0], words[len(words)-1]}
	}
	var b strings.Builder
	for _, w := range words {
		r, _ := utf8.DecodeRuneInString(w)
		b.WriteRune(unicode.ToUpper(r))
	}
	if b.Len() == 0 {
		return "?"
	}
	return b.String()
}

// lineName names the language of a line in a language, or what an audience is told by; what is neither by its tag.
func lineName(language, code string) string {
	if name := audienceName(language, code); name != "" {
		return name
	}
	if name := T(language, "language."+code); name != "language."+code {
		return name
	}
	return code
}

// lineMark returns what stands before a line: the tag of its language, or the name of what an audience is told by.
func lineMark(language, code string) string { return cmp.Or(audienceName(language, code), code) }

// audienceName names what an audience is told by, "" what is none.
func audienceName(language, code string) string {
	const by = "audience.by_"
	if name := T(language, by+code); name != by+code {
		return name
	}
	return ""
}
