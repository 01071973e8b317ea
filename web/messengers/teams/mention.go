package teams

import (
	"html"
	"regexp"
	"strings"

	"keypull/web/messengers"
)

// words returns what an activity says without the bot's name, and whether the
// bot was named.
func (a *activity) words(app string) (text string, named bool) {
	text = a.Text
	for _, e := range a.Entities {
		if !strings.EqualFold(e.Type, "mention") || !same(e.Mentioned.ID, a.Recipient.ID) && !same(e.Mentioned.ID, app) {
			continue
		}
		named = true
		if e.Text != "" {
			text = strings.ReplaceAll(text, e.Text, " ")
		}
	}
	if named {
		// The entity may write the name otherwise than the text does.
		text = leading.ReplaceAllString(text, "")
	}
	text = mention.ReplaceAllString(text, "$1")
	if a.Format == "xml" {
		text = tags.ReplaceAllString(text, " ")
	}
	text = html.UnescapeString(text)
	return messengers.Clean(spaces.ReplaceAllString(strings.ReplaceAll(text, "\u00a0", " "), " ")), named
}

var (
	leading = regexp.MustCompile(`^\s*<at[^>]*>[^<]*</at>`)
	mention = regexp.MustCompile(`<at[^>]*>([^<]*)</at>`)
	tags    = regexp.MustCompile(`<[^<>]*>`)
	spaces  = regexp.MustCompile(`[ \t]+`)
)
