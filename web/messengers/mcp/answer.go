package mcp

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// ask is what is known of an ask when its answer is told.
type ask struct {
	language, session string
	linked            bool
}

// Answer fills the gaps in what the library said with what answers the asks.
func (m *Server) Answer(r messengers.Receipt, said []messengers.Sending) messengers.Receipt {
	var batch []json.RawMessage
	if json.Unmarshal(r.Body, &batch) != nil {
		r.Body = m.fill(r.Body, r.Asks, said)
		return r
	}
	for i := range batch {
		batch[i] = m.fill(batch[i], r.Asks, said)
	}
	r.Body = messengers.JSON(batch)
	return r
}

// fill fills the gap in one answer, where there is one.
func (m *Server) fill(body []byte, asks []messengers.Incoming, said []messengers.Sending) []byte {
	var answer, held map[string]any
	var found struct {
		Result struct{ StructuredContent gap }
	}
	_ = json.Unmarshal(body, &found) // an answer of another form has no gap
	g := found.Result.StructuredContent
	if g.Ask == "" || decode(body, &answer) != nil {
		return body
	}
	of := ask{linked: g.Linked}
	if i := slices.IndexFunc(asks, func(in messengers.Incoming) bool { return in.Address == g.Ask }); i >= 0 {
		of.language = asks[i].Language
		of.session, _, _ = strings.Cut(g.Ask, "/")
	}
	held, _ = answer["result"].(map[string]any)
	held["content"], held["structuredContent"] = m.tell(of, slices.DeleteFunc(slices.Clone(said), func(s messengers.Sending) bool { return s.Address != g.Ask }))
	return messengers.JSON(answer)
}

// tell returns what answers an ask, as a model reads it and as a program does. Many
// clients show the model the text alone: it holds all that stands beside it.
func (m *Server) tell(of ask, said []messengers.Sending) ([]sdk.Content, result) {
	r := m.result(of, said)
	all := []sdk.Content{&sdk.TextContent{Text: m.text(r)}}
	for _, it := range r.Items {
		if of.linked && it.Link != "" {
			all = append(all, &sdk.ResourceLink{URI: it.Link, Name: cmp.Or(it.Title, it.Link), Description: it.Source.Name, MIMEType: "text/html"})
		}
	}
	return all, r
}

// limited returns the result for who asked too much.
func (m *Server) limited(language string, wait time.Duration) result {
	seconds := max(1, int((wait+time.Second-1)/time.Second))
	r := nothing(language)
	r.Status, r.Reply, r.RetryAfter = pull.StatusLimited, own.Say(language, "limited", words.Args{"publisher": m.title(), "seconds": seconds}), seconds
	return r
}

// result is what a tool returns as JSON; its lists are never null.
type result struct {
	Status      pull.Status   `json:"status"`
	Language    string        `json:"language"`
	Reply       string        `json:"reply"`
	Items       []item        `json:"items"`
	Media       []what.Media  `json:"media,omitempty"`
	Choices     []pull.Button `json:"choices"`
	Attribution string        `json:"attribution,omitempty"`
	Session     string        `json:"session,omitempty"`
	RetryAfter  int           `json:"retry_after_seconds,omitempty"`
}

// item is one piece of content, with whose it is and how old.
type item struct {
	ID        string         `json:"id"`
	Title     string         `json:"title,omitempty"`
	Summary   string         `json:"summary,omitempty"`
	Link      string         `json:"link,omitempty"`
	Media     []what.Media   `json:"media"`
	Facts     map[string]any `json:"facts"`
	Published string         `json:"published,omitempty"`
	AsOf      string         `json:"as_of"`
	Age       int64          `json:"age_seconds"`
	Stale     bool           `json:"stale"`
	Source    source         `json:"source"`

	// told are the Facts in their order, as a model reads them.
	told []string
}

type source struct {
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

func nothing(language string) result {
	return result{Status: pull.StatusUnavailable, Language: cmp.Or(language, "en"), Items: []item{}, Choices: []pull.Button{}}
}

const (
	again    = 5    // seconds until what took too long may be asked for again
	maxReply = 8000 // characters
)

// result puts together what answers an ask. What is not there yet nobody will bring
// later: it has to be asked for again.
func (m *Server) result(of ask, said []messengers.Sending) result {
	r := nothing(of.language)
	r.Session = of.session
	var texts []string
	for _, s := range said {
		if s.Why == messengers.Interim {
			continue
		}
		r.Language = cmp.Or(s.Language, r.Language)
		texts = append(texts, clean(s.Text, maxReply))
		for _, b := range s.Buttons {
			r.Choices = append(r.Choices, pull.Button{Label: clean(b.Label, maxTitle), Send: b.Send, URL: cleanLink(b.URL)})
		}
		r.Media = append(r.Media, mediaOf(s.Media)...)
		if s.Reply != nil && s.Reply.Data != nil {
			m.compose(&r, s.Reply.Data)
		}
	}
	if len(texts) == 0 {
		r.Reply, r.RetryAfter = own.Say(r.Language, "late", words.Args{"publisher": m.title()}), again
		return r
	}
	r.Reply = strings.Join(texts, "\n\n")
	if len(r.Items) > 0 {
		first := r.Items[0]
		r.Attribution = own.Say(r.Language, "attribution", words.Args{"time": first.AsOf, "source": first.Source.Name, "publisher": m.title()})
	}
	return r
}

// compose adds what a reply is made of.
func (m *Server) compose(r *result, d *pull.Data) {
	now := m.clock()
	r.Status = d.Status
	if wait := d.RetryAt.Sub(now); !d.RetryAt.IsZero() && wait > 0 {
		r.RetryAfter = int((wait + time.Second - 1) / time.Second)
	}
	for i := range d.Pieces {
		r.Items = append(r.Items, itemOf(&d.Pieces[i], now))
	}
}

func itemOf(p *pull.Piece, now time.Time) item {
	it := item{
		ID: clean(p.ID, maxSummary), Title: clean(p.Title, maxTitle), Summary: clean(p.Summary, maxSummary), Link: cleanLink(p.Link),
		Media: mediaOf(p.Media), Facts: map[string]any{}, AsOf: p.AsOf.UTC().Format(time.RFC3339),
		Age: max(0, int64(now.Sub(p.AsOf)/time.Second)), Stale: p.Stale, Source: source{clean(p.Source, maxTitle), cleanLink(p.SourceURL)},
	}
	if !p.Published.IsZero() {
		it.Published = p.Published.UTC().Format(time.RFC3339)
	}
	for _, f := range p.Facts {
		name := cleanName(f.Name)
		if name == "" || it.Facts[name] != nil {
			continue
		}
		text := clean(f.Text, maxFact)
		switch {
		case f.Number && json.Valid([]byte(f.Text)):
			it.Facts[name], text = json.Number(f.Text), f.Text
		case f.List != nil:
			lines := cleaned(f.List, maxFact)
			it.Facts[name], text = lines, strings.Join(lines, "; ")
		default:
			it.Facts[name] = text
		}
		it.told = append(it.told, name+": "+text)
	}
	return it
}

func mediaOf(media []what.Media) []what.Media {
	all := []what.Media{}
	for _, m := range media {
		if link := cleanLink(m.URL); link != "" {
			all = append(all, what.Media{Type: m.Type, URL: link, Alt: clean(m.Alt, maxTitle)})
		}
	}
	return all
}

// text returns a result as a model reads it: the reply, then each item with its facts,
// its time, its age and its source.
func (m *Server) text(r result) string {
	var b strings.Builder
	b.WriteString(r.Reply)
	if len(r.Items) > 0 {
		fmt.Fprintf(&b, "\n\n%s", own.Say(r.Language, "notice", words.Args{"publisher": m.title()}))
	}
	for i, it := range r.Items {
		fmt.Fprintf(&b, "\n\n[%d] %s", i+1, cmp.Or(what.Item{Title: it.Title, Summary: it.Summary}.Heading(), it.ID))
		for _, fact := range it.told {
			b.WriteString("\n" + fact)
		}
		standing := map[bool]string{false: "as_of.current", true: "as_of.stale"}[it.Stale]
		fmt.Fprintf(&b, "\n%s", own.Say(r.Language, standing, words.Args{"time": it.AsOf, "seconds": it.Age}))
		fmt.Fprintf(&b, "\n%s", own.Say(r.Language, "source", words.Args{"source": strings.TrimSpace(it.Source.Name + " " + it.Source.URL)}))
		if it.Link != "" {
			b.WriteString("\n" + it.Link)
		}
	}
	for _, c := range r.Choices {
		if c.Send != "" {
			fmt.Fprintf(&b, "\n- %s → %s", c.Label, c.Send)
		}
	}
	return b.String()
}

// Who listens is told each so often that an answer is worked on, for so long: most
// programs give up after a minute.
const (
	beat     = 4 * time.Second
	longWait = 55 * time.Second
)

// progress returns how the caller of a tool hears that its answer takes longer, or nil
// if it did not ask for that, or takes no stream.
func progress(d messengers.Delivery, r messengers.Receipt) *messengers.Progress {
	var call struct {
		Params struct {
			Meta struct {
				Token any `json:"progressToken"`
			} `json:"_meta"`
		}
	}
	if !accepts(d, "text/event-stream") || len(r.Asks) != 1 || decode(d.Body, &call) != nil {
		return nil
	}
	switch token := call.Params.Meta.Token.(type) {
	case string, json.Number:
		return &messengers.Progress{Every: beat, Most: longWait, ContentType: "text/event-stream", Last: event, Beat: func(n int, working string) []byte {
			params := object{"progressToken": token, "progress": n, "message": working}
			return event(messengers.JSON(object{"jsonrpc": "2.0", "method": "notifications/progress", "params": params}))
		}}
	}
	return nil
}

// event returns a message of the protocol in a stream; JSON of ours has no line ends.
func event(message []byte) []byte {
	return slices.Concat([]byte("event: message\ndata: "), message, []byte("\n\n"))
}
