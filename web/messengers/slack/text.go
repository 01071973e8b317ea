package slack

import (
	"strings"
	"unicode"

	"keypull/web/messengers"
)

// mrkdwn is Slack's markup. It has an escape for three signs alone; for the
// others that set text, letters that look like them stand in.
//
//nolint:gochecknoglobals // a value that nobody changes
var mrkdwn = messengers.Markup{
	Name: "mrkdwn", Bold: [2]string{"*", "*"}, Italic: [2]string{"_", "_"}, Link: "<{url}|{text}>",
	Escape: signs.Replace, EscapeURL: escapeURL, Address: func(url string) string { return "<" + escapeURL(url) + ">" },
}

//nolint:gochecknoglobals // values that nobody changes
var (
	signs     = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "*", "∗", "_", "ˍ", "~", "∼", "`", "ˋ")
	escapeURL = strings.NewReplacer("&", "&amp;", "<", "%3C", ">", "%3E", "|", "%7C").Replace
	entities  = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
)

// plain reads what a person wrote: Slack sets who and what is named in angle
// brackets, and escapes the rest. Who is named is left out, what else is named
// is called as people see it.
func plain(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return s
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "<")
		inner, after, closed := strings.Cut(rest, ">")
		if !found || !closed {
			b.WriteString(entities.Replace(s))
			break
		}
		b.WriteString(entities.Replace(before))
		b.WriteString(entities.Replace(seen(inner)))
		if s = after; strings.HasPrefix(inner, "@") {
			s = strings.TrimLeft(s, ",:;")
		}
	}
	return strings.Join(strings.FieldsFunc(b.String(), func(r rune) bool { return r == ' ' }), " ")
}

// seen is what people see of what stands in angle brackets.
func seen(inner string) string {
	name, label, labelled := strings.Cut(inner, "|")
	switch {
	case strings.HasPrefix(inner, "@"), strings.HasPrefix(inner, "!"):
		return ""
	case strings.HasPrefix(inner, "#") && labelled:
		return "#" + label
	case strings.HasPrefix(inner, "#"):
		return ""
	case labelled:
		return label
	}
	return name
}

// sections divides set text into stretches of at most so many units, at ends of
// lines or words, and never within an escape or a link.
func sections(s string, most int) []string {
	var all []string
	for messengers.UTF16.Count(s) > most {
		at := cutAt(s, most)
		if head := strings.TrimRightFunc(s[:at], unicode.IsSpace); head != "" {
			all = append(all, head)
		}
		s = strings.TrimLeftFunc(s[at:], unicode.IsSpace)
	}
	if s != "" {
		all = append(all, s)
	}
	return all
}

// cutAt is the best place to divide set text within so many units.
func cutAt(s string, most int) int {
	closing := rune(0)
	return messengers.BreakMarked(s, most, func(r rune) bool {
		switch {
		case r == closing:
			closing = 0
		case closing == 0 && r == '<':
			closing = '>'
		case closing == 0 && r == '&':
			closing = ';'
		}
		return closing != 0
	})
}
