package messengers

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"keypull/pull"
	"keypull/pull/words"
)

// pressable parts buttons from those that the channel has as links in the text.
func (l Limits) pressable(buttons []pull.Button) (pressed, linked []pull.Button) {
	opens := !l.LinksInText || l.LinkAlone && len(buttons) == 1
	for _, b := range buttons {
		if b.Send == "" && (!opens || l.Opens != nil && !l.Opens(cleanURL(b.URL))) {
			linked = append(linked, b)
		} else {
			pressed = append(pressed, b)
		}
	}
	return pressed, linked
}

// fitButtons returns the buttons with labels cut to the channel's length;
// those that lead nowhere are left out.
func fitButtons(buttons []pull.Button, runes int) []pull.Button {
	var out []pull.Button
	for _, b := range buttons {
		b, ok := cleanButton(b)
		if !ok {
			continue
		}
		b.Label = cutLabel(b.Label, runes)
		out = append(out, b)
	}
	return out
}

// alike tells whether two labels that differ would look the same, cut to the
// channel's length.
func (l Limits) alike(buttons []pull.Button) bool {
	whole := map[string]string{}
	for _, b := range fitButtons(buttons, 0) {
		short := cutLabel(b.Label, l.LabelRunes)
		if other, ok := whole[short]; ok && other != b.Label {
			return true
		}
		whole[short] = b.Label
	}
	return false
}

// cleanButton gives every button a label in one line; it refuses a button
// that neither sends nor opens anything, and one that readers could know by
// what it sends alone, which is no word of theirs.
func cleanButton(b pull.Button) (pull.Button, bool) {
	b.Label = oneLine(clean(b.Label))
	b.Send, b.URL = clean(b.Send), cleanURL(b.URL)
	if b.Send != "" {
		b.URL = ""
	}
	if b.Label == "" {
		b.Label = b.URL
	}
	return b, b.Label != "" && (b.Send != "" || b.URL != "")
}

// cutLabel shortens a label to so many runes, between graphemes; zero means
// any length.
func cutLabel(label string, runes int) string {
	if runes <= 0 || utf8.RuneCountInString(label) <= runes {
		return label
	}
	at, left, state := 0, runes-1, -1
	for at < len(label) {
		cluster, _, _, next := uniseg.FirstGraphemeClusterInString(label[at:], state)
		left -= utf8.RuneCountInString(cluster)
		if left < 0 {
			break
		}
		at, state = at+len(cluster), next
	}
	return strings.TrimSpace(label[:at]) + ellipsis
}

// offers writes buttons as text: a line each, on SMS one line of what to
// send. Links stand on lines of their own.
func (c *composer) offers(language string, buttons []pull.Button) {
	var offered []string
	tight := false
	for _, b := range buttons {
		b, ok := cleanButton(b)
		switch {
		case !ok:
		case b.Send != "":
			offered = append(offered, c.offer(b))
		case !slices.Contains(c.urls, b.URL):
			c.link(b.Label, b.URL, tight)
			tight = true
		}
	}
	if len(offered) == 0 {
		return
	}
	if c.limits.SMS {
		c.paragraph(words.Core().Say(language, "reply.send_words", words.Args{"words": strings.Join(offered, ", ")}), upright, false)
		return
	}
	c.paragraph(strings.Join(offered, "\n"), upright, false)
}

// offer words a button. An option of an open question has a number, which is
// understood as an answer to it; of all others, and of what no question asks,
// which has the number 0, the label is what to send.
func (c *composer) offer(b pull.Button) string {
	if option, ok := strings.CutPrefix(b.Send, "o:"); ok {
		if n, _, _ := strings.Cut(option, ":"); strings.Trim(n, "0") != "" && strings.Trim(n, "0123456789") == "" {
			return n + " " + b.Label
		}
	}
	if c.limits.SMS {
		return b.Label
	}
	return c.limits.bullet() + b.Label
}

// oneLine returns a text without breaks and runs of space.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
