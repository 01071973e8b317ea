package site

import (
	"html"
	"regexp"
	"strings"

	"keypull/web/console"
	"keypull/web/console/pages"
	"keypull/web/messengers"
)

var (
	// readerTag is a tag of a text as readers see it; an address stands in the one of a.
	readerTag = regexp.MustCompile(`<(/?)(b|i|a)(?: href="([^"]*)")?>`)
	// bareAddress is an address in a text, which every phone makes a link of.
	bareAddress = regexp.MustCompile(`https?://[^\s<>"。、，；：！？（）「」『』【】《》〈〉]+`)
	// titledAddress is a line with the address below it that it leads to.
	titledAddress = regexp.MustCompile(`(?m)^([^\n]*\S[^\n]*)\n(https?://\S+)$`)
)

// maxTitled is how long a line is at most that is a link, in bytes.
const maxTitled = 140

// runsOf returns a message as a reader sees it on a channel of a look: with strong words,
// and with links. Every run is of text that was escaped, and of an address of the web.
func runsOf(m console.WireMessage, look messengers.Look) []pages.Run {
	text := m.HTML
	if text == "" {
		text = html.EscapeString(m.Text)
	}
	if m.Subject != "" {
		text = "<b>" + html.EscapeString(m.Subject) + "</b>\n" + text
	}
	if look == messengers.Chat {
		text = titledAddress.ReplaceAllStringFunc(text, linkTitle)
	}
	var (
		runs []pages.Run
		now  pages.Run
	)
	for text != "" {
		at := readerTag.FindStringSubmatchIndex(text)
		if at == nil {
			runs = appendRuns(runs, now, text)
			break
		}
		runs = appendRuns(runs, now, text[:at[0]])
		opens := at[2] == at[3]
		switch text[at[4]:at[5]] {
		case "b":
			now.Strong = opens
		case "i":
			now.Slanted = opens
		case "a":
			if now.URL = ""; opens && at[6] >= 0 {
				now.URL = webAddress(html.UnescapeString(text[at[6]:at[7]]))
			}
		}
		text = text[at[1]:]
	}
	return runs
}

// linkTitle makes a line and the address below it a link.
func linkTitle(lines string) string {
	title, url, _ := strings.Cut(lines, "\n")
	if len(title) > maxTitled || strings.Contains(title, "://") {
		return lines
	}
	return `<a href="` + url + `">` + title + `</a>`
}

// appendRuns adds a stretch of escaped text, and makes links of the addresses in it.
func appendRuns(runs []pages.Run, as pages.Run, text string) []pages.Run {
	add := func(part, url string) {
		if part = html.UnescapeString(part); part != "" {
			run := as
			run.Text = part
			if run.URL == "" {
				run.URL = url
			}
			runs = append(runs, run)
		}
	}
	if as.URL != "" {
		add(text, "")
		return runs
	}
	from := 0
	for _, at := range bareAddress.FindAllStringIndex(text, -1) {
		add(text[from:at[0]], "")
		add(text[at[0]:at[1]], webAddress(html.UnescapeString(text[at[0]:at[1]])))
		from = at[1]
	}
	add(text[from:], "")
	return runs
}
