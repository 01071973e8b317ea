package messengers

import (
	"slices"
	"strings"
	"unicode"

	"keypull/pull"
	"keypull/pull/what"
)

// subject returns the first title of a reply, for channels that show one.
func (s *shaping) subject() string {
	if s.limits.Subject <= 0 {
		return ""
	}
	for _, b := range s.reply.Blocks {
		if b.Kind == pull.Title {
			return cutLabel(oneLine(clean(b.Text)), s.limits.Subject)
		}
	}
	return ""
}

// cards returns the pictures of the pieces whose links stand in a text, where the channel
// shows them there.
func (s *shaping) cards(text string) (all []pull.Card) {
	for _, card := range s.reply.Cards[:min(len(s.reply.Cards), s.limits.Cards)] {
		link, image := cleanURL(card.Link), cleanURL(card.Image.URL)
		if link == "" || image == "" || !strings.Contains(text, link) {
			continue
		}
		card.Title, card.Link, card.Image.URL, card.Image.Alt = clean(card.Title), link, image, clean(card.Image.Alt)
		all = append(all, card)
	}
	return all
}

// besideCards returns the media that no card shows.
func (s *shaping) besideCards(cards []pull.Card) []what.Media {
	if len(cards) == 0 {
		return s.media
	}
	return slices.DeleteFunc(slices.Clone(s.media), func(m what.Media) bool {
		return slices.ContainsFunc(cards, func(card pull.Card) bool { return card.Image.URL == m.URL })
	})
}

// fitRows returns a list to choose from, in place of more buttons than there is
// room for, or which look alike; nothing where the channel has no lists, or one of
// the buttons opens an address, or two would look alike there as well.
func fitRows(buttons []pull.Button, l Limits) []Row {
	if len(buttons) == 0 || len(buttons) > l.Rows {
		return nil
	}
	rows, whole := make([]Row, 0, len(buttons)), map[Row]string{}
	for _, b := range buttons {
		b, ok := cleanButton(b)
		if !ok || b.Send == "" {
			return nil
		}
		row := Row{Label: cutLabel(b.Label, l.RowRunes), Send: b.Send}
		if row.Label != b.Label && l.DetailRunes > 0 {
			row.Detail = cutLabel(b.Label, l.DetailRunes)
		}
		seen := Row{Label: row.Label, Detail: row.Detail}
		if other, ok := whole[seen]; ok && other != b.Label {
			return nil
		}
		whole[seen] = b.Label
		rows = append(rows, row)
	}
	return rows
}

// spoken returns a plain text as it is read aloud: without addresses, the signs of
// lists, pictures among the letters, and lines that only say where an address
// leads.
func spoken(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		words := strings.Fields(strings.Map(func(r rune) rune {
			if r == '•' || unicode.Is(unicode.So, r) || unicode.Is(unicode.Variation_Selector, r) || r == '\u200d' {
				return -1
			}
			return r
		}, line))
		kept := words[:0]
		for _, w := range words {
			if !strings.Contains(w, "://") {
				kept = append(kept, w)
			}
		}
		if lines[i] = strings.Join(kept, " "); len(kept) < len(words) && strings.HasSuffix(lines[i], ":") {
			lines[i] = ""
		}
	}
	return clean(strings.Join(lines, "\n"))
}
