package site

import (
	"strings"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/web/console"
	"keypull/web/console/pages"
)

func (s *Site) askRoutes() {
	s.page("GET "+Root+"/p/{publisher}/ask", (*visit).askPage)
}

// askBody is what the page shows that answers as a reader would be answered.
type askBody struct {
	Head    pages.Header
	Search  pages.Search
	Said    *pages.Preview
	Facts   []pages.Fact
	Message string
	Empty   pages.Empty
}

// askPage answers a message as a reader would have it answered. Nothing is
// sent, and nothing is kept but, as the outlet's own try, what no keyword knows.
func (v *visit) askPage() error {
	query := v.r.URL.Query()
	said, channel, language := strings.TrimSpace(query.Get("q")), query.Get("channel"), query.Get("language")
	channels, err := do[console.ChannelList, console.ChannelListed](v, "channel.list", console.ChannelList{Of: v.of()})
	if err != nil {
		return err
	}
	if !query.Has("channel") && len(channels.Channels) > 0 {
		channel = textOf(channels.Channels[0].Channel, "id")
	}
	body := askBody{
		Head:   pages.Header{Title: v.t("ask.title"), Lead: v.t("ask.lead")},
		Search: v.askForm(said, channel, language, channels.Channels),
		Empty:  pages.Empty{Icon: "phone", Title: v.t("ask.empty"), Text: v.t("ask.empty_text")},
	}
	if said != "" {
		if err := v.askFor(&body, console.AskRun{Of: v.of(), Channel: channel, Reader: "console " + v.by.Person, Text: said, Language: language}); err != nil {
			return err
		}
	}
	return v.show("page_ask", pages.Page{Title: body.Head.Title, Body: body})
}

func (v *visit) askForm(said, channel, language string, channels []console.ChannelEntry) pages.Search {
	everywhere := []pages.Option{{Label: v.t("ask.any_channel"), Selected: channel == ""}}
	for _, c := range channels {
		id := textOf(c.Channel, "id")
		everywhere = append(everywhere, pages.Option{Value: id, Label: id, Selected: id == channel})
	}
	unknown := []pages.Option{{Label: v.t("ask.any_language"), Selected: language == ""}}
	for _, l := range v.languages() {
		unknown = append(unknown, pages.Option{Value: l, Label: v.tongue(l), Selected: l == language})
	}
	return pages.Search{Action: v.at("ask"), Query: said, Label: v.t("ask.label"), Filters: []pages.Filter{
		{Name: "channel", Label: v.t("ask.channel"), Options: everywhere},
		{Name: "language", Label: v.t("ask.language"), Options: unknown},
	}}
}

// askFor fills in what came of an ask; what was refused is told on the page.
func (v *visit) askFor(body *askBody, in console.AskRun) error {
	answer, err := do[console.AskRun, console.AskAnswer](v, "ask.run", in)
	if err != nil {
		text, ok := v.told(err)
		if !ok {
			return err
		}
		body.Message = text
		return nil
	}
	shown := pages.Preview{Channel: "webchat", Title: v.summary().Name, Messages: []pages.Bubble{{Mine: true, Text: in.Text}}}
	if entry, err := do[console.ChannelGet, console.ChannelEntry](v, "channel.get", console.ChannelGet{Of: v.of(), ID: in.Channel}); err == nil {
		shown.Channel, shown.Note = textOf(entry.Channel, "kind"), in.Channel
	} else if console.KindOf(err) != pull.Unknown {
		return err
	}
	for _, m := range answer.Messages {
		shown.Messages = append(shown.Messages, bubbleOf(m, v.marksUp(shown.Channel)))
	}
	body.Said, body.Facts = &shown, v.traceFacts(answer.Trace)
	return nil
}

// traceFacts tell how an answer came about.
func (v *visit) traceFacts(t journal.Trace) []pages.Fact {
	facts := []pages.Fact{{Label: v.t("ask.outcome"), Value: v.t("ask.outcome_" + string(t.Outcome))}}
	add := func(label, value, href string) {
		if value != "" {
			facts = append(facts, pages.Fact{Label: label, Value: value, Href: href})
		}
	}
	if t.What.Keyword != "" {
		add(v.t("ask.keyword"), t.What.Keyword, v.thing(keywordRoom, t.What.Keyword))
	}
	add(v.t("ask.argument"), t.What.Argument, "")
	add(v.t("ask.unknown"), t.What.Unknown, "")
	if t.When.Source != "" {
		add(v.t("ask.source"), t.When.Source, v.thing(sourceRoom, t.When.Source))
	}
	add(v.t("ask.spoken"), v.tongue(t.Who.Language), "")
	add(v.t("ask.error"), t.Error, "")
	add(v.t("ask.took"), v.span(t.Took.Total), "")
	return facts
}
