package site

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/when"
	"keypull/web/console"
	"keypull/web/console/pages"
)

// askPages answer as a reader would be answered.
type askPages struct{ *request }

func (s *Site) askRoutes() {
	s.route("GET "+Root+"/p/{publisher}/ask", pageAction(askPages.askPage))
}

// askBody is what the page shows that answers as a reader would be answered.
type askBody struct {
	Head   pages.Header
	Search pages.Search
	Said   *pages.Preview
	Facts  []pages.Fact
	// Tells are the items that the answer told.
	Tells   []toldItem
	Message string
	Empty   pages.Empty
}

// askPage answers a message as a reader would have it answered. Nothing is
// sent, and nothing is kept but, as the publisher's own try, what no keyword knows.
func (r askPages) askPage() error {
	query := r.URL.Query()
	said, channel, language := strings.TrimSpace(query.Get("q")), query.Get("channel"), query.Get("language")
	channels, err := console.ListChannels.Call(r.callContext(), console.ChannelList{Of: r.publisherInput()})
	if err != nil {
		return err
	}
	if !query.Has("channel") && len(channels.Channels) > 0 {
		channel = channels.Channels[0].Channel.Text("id")
	}
	body := askBody{
		Head:   pages.Header{Title: r.t("ask.title"), Lead: r.t("ask.lead")},
		Search: r.askForm(said, channel, language, channels.Channels),
		Empty:  pages.Empty{Icon: "phone", Title: r.t("ask.empty"), Text: r.t("ask.empty_text")},
	}
	status := http.StatusOK
	if number, numbered := strings.CutPrefix(said, "#"); numbered {
		err := r.showTrace(&body, number, query.Has("again"))
		if console.KindOf(err) == pull.Unknown {
			status, body.Message, err = http.StatusNotFound, r.hintText(err), nil
		}
		if err != nil {
			return err
		}
	} else if said != "" {
		as := query.Get("as")
		if err := r.askFor(&body, console.AskRun{Of: r.publisherInput(), Channel: channel, Reader: "console " + r.by.Person, Text: said, Language: language, As: as}); err != nil {
			return err
		}
		if as != "" {
			body.Facts = append(body.Facts, pages.Fact{Label: r.t("audience.as"), Value: r.t("audience.as_one", "keyword", r.nameOf(catalogue.ResourceKeyword, as))})
		}
	}
	return r.showAs(status, "page_ask", pages.Page{Title: body.Head.Title, Body: body})
}

func (r askPages) askForm(said, channel, language string, channels []console.ChannelEntry) pages.Search {
	everywhere := []pages.Option{{Label: r.t("ask.any_channel"), Selected: channel == ""}}
	for _, c := range channels {
		id := c.Channel.Text("id")
		everywhere = append(everywhere, pages.Option{Value: id, Label: id, Selected: id == channel})
	}
	unknown := []pages.Option{{Label: r.t("ask.any_language"), Selected: language == ""}}
	for _, l := range r.publisherLanguages() {
		unknown = append(unknown, pages.Option{Value: l, Label: r.languageName(l), Selected: l == language})
	}
	return pages.Search{Action: r.pathTo("ask"), Query: said, Label: r.t("ask.label"), Filters: []pages.Filter{
		{Name: "channel", Label: r.t("ask.channel"), Options: everywhere},
		{Name: "language", Label: r.t("ask.language"), Options: unknown},
	}}
}

// askFor fills in what came of an ask; what was refused is told on the page.
func (r askPages) askFor(body *askBody, in console.AskRun) error {
	answer, err := console.RunAsk.Call(r.callContext(), in)
	if err != nil {
		text, ok := r.refusalText(err)
		if !ok {
			return err
		}
		body.Message = text
		return nil
	}
	shown := pages.Preview{Title: r.summary().Name, Messages: []pages.Bubble{{Mine: true, Text: in.Text}}}
	if entry, err := console.GetChannel.Call(r.callContext(), console.ChannelGet{Of: r.publisherInput(), ID: in.Channel}); err == nil {
		kind := entry.Channel.Text("kind")
		shown.Channel, shown.Look, shown.Note = kind, r.lookOf(kind), in.Channel
	} else if console.KindOf(err) != pull.Unknown {
		return err
	}
	for _, m := range answer.Messages {
		shown.Messages = append(shown.Messages, bubbleOf(m, shown.Look))
	}
	body.Said, body.Facts, body.Tells = &shown, r.traceFacts(answer.Trace), r.toldItems(answer.Reply)
	return nil
}

// showTrace fills in how an ask of before was answered, by its number; and what it is
// answered today, where that is wished.
func (r askPages) showTrace(body *askBody, number string, again bool) error {
	shown, err := console.ShowTrace.Call(r.callContext(), console.TraceOf{Of: r.publisherInput(), Ask: number})
	if err != nil {
		return err
	}
	body.Facts, body.Tells = r.traceFacts(shown.Journal()), r.toldItems(shown.Reply)
	if shown.Kind != "" {
		body.Facts = append(body.Facts, pages.Fact{Label: r.t("sends.kind"), Value: sendPages(r).kindInWords(shown.Kind)},
			pages.Fact{Label: r.t("sends.cause"), Value: traceNumber(shown.Cause), Href: r.traceAt(shown.Cause)})
	}
	body.Facts = append(body.Facts, pages.Fact{Label: r.t("sends.fate"), Value: r.t("sends.fate_" + string(shown.Sent.Fate))})
	switch {
	case !r.mayDo(console.ReplayTrace):
	case again:
		return r.replayTrace(body, number)
	default:
		body.Facts = append(body.Facts, pages.Fact{Label: r.t("replay.title"), Value: r.t("replay.go"), Href: r.traceAt(shown.Ask) + "&again=on"})
	}
	return nil
}

// replayTrace fills in whether an ask of before is answered today as it was.
func (r askPages) replayTrace(body *askBody, number string) error {
	replayed, err := console.ReplayTrace.Call(r.callContext(), console.TraceOf{Of: r.publisherInput(), Ask: number})
	if err != nil {
		return err
	}
	outcome := "replay.same"
	if !replayed.Same {
		outcome = "replay." + string(replayed.Why)
	}
	for _, f := range []pages.Fact{
		{Label: r.t("replay.title"), Value: r.t(outcome, "then", r.momentText(replayed.Then), "now", r.momentText(replayed.Now))},
		{Label: r.t("replay.recorded"), Value: replayed.Recorded},
		{Label: r.t("replay.replayed"), Value: replayed.Replayed},
	} {
		if f.Value != "" {
			body.Facts = append(body.Facts, f)
		}
	}
	return nil
}

// traceNumber returns an ask's number as the page of asks takes it.
func traceNumber(ask uint64) string { return "#" + strconv.FormatUint(ask, 10) }

// traceAt returns where is shown how an ask was answered; "" for who may not see it.
func (r *request) traceAt(ask uint64) string {
	if !r.mayDo(console.ShowTrace) || ask == 0 {
		return ""
	}
	return r.pathTo("ask") + "?" + url.Values{"q": {traceNumber(ask)}}.Encode()
}

// ageThen returns how old an answer was when it was told.
func ageThen(w journal.When) pages.Age {
	age := pages.Age{At: w.AsOf}
	if age.At.IsZero() {
		age.At = w.Fetched
	}
	switch {
	case age.At.IsZero():
	case w.Stale, w.Verdict == when.Revalidate.String():
		age.State = pages.AgeBehind
	default:
		age.State = pages.AgeFresh
	}
	return age
}

// traceFacts tell how an answer came about.
func (r askPages) traceFacts(t journal.Trace) []pages.Fact {
	facts := []pages.Fact{{Label: r.t("ask.outcome"), Value: r.t("ask.outcome_" + string(t.Outcome))}}
	add := func(label, value, href string) {
		if value != "" {
			facts = append(facts, pages.Fact{Label: label, Value: value, Href: href})
		}
	}
	for w := range t.Ran() {
		if w.Keyword != "" {
			add(r.t("ask.keyword"), r.nameOf(catalogue.ResourceKeyword, w.Keyword), r.pageOf(keywordSection, w.Keyword))
		}
		add(r.t("ask.argument"), w.Argument, "")
		if len(t.Wishes) > 0 {
			add(r.t("ask.outcome"), r.t("ask.outcome_"+string(w.Outcome)), "")
		}
		if w.When.Source != "" {
			add(r.t("ask.source"), r.nameOf(catalogue.ResourceSource, w.When.Source), r.pageOf(sourceSection, w.When.Source))
		}
		if age := ageThen(w.When); age.State != "" {
			facts = append(facts, pages.Fact{Label: r.t("age.label"), Age: &age})
		}
	}
	facts = append(facts, r.audienceFacts(t.What.Variants)...)
	add(r.t("ask.unknown"), t.What.Unknown, "")
	add(r.t("ask.spoken"), r.languageName(t.Who.Language), "")
	add(r.t("ask.error"), t.Error, "")
	add(r.t("ask.took"), r.spanText(t.Took.Total), "")
	return facts
}
