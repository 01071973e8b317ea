package alarms

import (
	"cmp"
	"time"

	"keypull/pull"
	"keypull/pull/alarm"
	"keypull/pull/words"
	"keypull/web/console"
)

// wordsIn words something in the language of an address.
func wordsIn(language, key string, args words.Args) string {
	return words.Text{Key: key, Args: args}.In(language)
}

// howText says how something fails. What sources and platforms say of that themselves stands
// on the page: a reader's words may be in it.
func howText(code, language string) string { return wordsIn(language, "alarm.how_"+code, nil) }

// whatText names what fails.
func whatText(t *alarm.Trouble, language string) string {
	name := cmp.Or(t.Name, t.ID)
	switch t.Resource {
	case "source", "channel", "item":
		return wordsIn(language, "alarm.what_"+t.Resource, words.Args{"name": name})
	case "dead":
		return wordsIn(language, "alarm.what_channel", words.Args{"name": name})
	}
	return wordsIn(language, "alarm.what_"+t.Resource, nil)
}

// linkBlock shows an address as it is, which every channel and every program of mail opens.
func linkBlock(url string) pull.Block { return pull.Block{Kind: pull.Link, Text: url, URL: url} }

// replyOf words a notice for people.
func (s *Alarms) replyOf(a *alarm.Address, n alarm.Notice) pull.Reply {
	name, zone := a.Publisher, time.UTC
	if pub := s.Catalogue.Publisher(a.Publisher); pub != nil {
		name, zone = pub.Name, console.ZoneOf(pub)
	}
	var lines []string
	for i := range n.Troubles {
		t := &n.Troubles[i]
		args := words.Args{"what": whatText(t, a.Language), "how": howText(t.Code, a.Language), "when": words.At(a.Language, t.Since.In(zone))}
		line := wordsIn(a.Language, "alarm.line_"+string(n.Event), args)
		if n.Event == alarm.Raised {
			line += " " + console.MendOf(t.Code, a.Language)
		}
		lines = append(lines, line)
	}
	reply := pull.Reply{Language: a.Language, Blocks: []pull.Block{
		{Kind: pull.Title, Text: wordsIn(a.Language, "alarm.title_"+string(n.Event), words.Args{"publisher": name, "n": len(n.Troubles)})},
	}}
	if len(lines) > 0 {
		reply.Blocks = append(reply.Blocks, pull.Block{Kind: pull.Bullets, Lines: lines})
	} else {
		reply.Blocks = append(reply.Blocks, pull.Block{Kind: pull.Paragraph, Text: wordsIn(a.Language, "alarm.tried", nil)})
	}
	why := words.Args{"day": words.Day(a.Language, a.Confirmed.In(zone))}
	reply.Blocks = append(reply.Blocks,
		linkBlock(s.Page(a.Publisher)),
		pull.Block{Kind: pull.Note, Own: true, Text: wordsIn(a.Language, "alarm.why_"+string(a.Way), why)})
	return reply
}
