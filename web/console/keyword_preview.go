package console

import (
	"context"
	"net/http"
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/what"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// The kind and title of the preview of a phone, which needs no account.
const (
	kindSMS  = "sms"
	titleSMS = "SMS"
)

// KeywordPreview is the input of "keyword.preview": an ask of a keyword as it
// might be saved.
type KeywordPreview struct {
	Of
	Keyword  Doc       `json:"keyword" required:"true"`
	ID       string    `json:"id,omitempty" doc:"Id of the keyword that it would replace."`
	Text     string    `json:"text,omitempty" doc:"What the reader writes beside the phrase."`
	Language string    `json:"language,omitempty" doc:"The reader's language; the publisher's first where not given."`
	Reader   string    `json:"reader,omitempty" doc:"The address to show in the request; 1 where not given."`
	At       time.Time `json:"at,omitzero" doc:"The moment of the ask; now where not given."`
}

// KeywordPreviewed is the output.
type KeywordPreviewed struct {
	Reply    *pull.Reply     `json:"reply"`
	Outcome  journal.Outcome `json:"outcome"`
	Previews []Preview       `json:"previews"`
	Trace    journal.Trace   `json:"trace"`
}

// Preview is a reply as one channel would carry it.
type Preview struct {
	Kind  string `json:"kind"`
	Title string `json:"title"`
	// Channel is the id of the channel; empty if the publisher has none of
	// that kind.
	Channel  string        `json:"channel,omitempty"`
	Messages []WireMessage `json:"messages"`
	// Segments and Encoding are what an SMS takes.
	Segments int    `json:"segments,omitempty"`
	Encoding string `json:"encoding,omitempty"`
	// Folded is how many segments it would take without marks on letters, where
	// those are fewer.
	Folded int `json:"folded_segments,omitempty"`
}

// PreviewKeyword is "keyword.preview".
var PreviewKeyword = Declare[KeywordPreview, KeywordPreviewed](Declaration{
	Name: "keyword.preview", Permission: Write, Slow: true, Method: http.MethodPost, Path: "/publishers/{publisher}/preview/keyword",
	Summary: "Answer by a keyword that need not have been saved, and show the answer on every channel.",
})

func (p keywords) previewKeyword(ctx context.Context, in KeywordPreview) (KeywordPreviewed, error) {
	pub, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return KeywordPreviewed{}, err
	}
	r := &review{}
	k := p.draftKeyword(r, pub, p.docWithID(r, pub, in.Keyword, in.ID))
	if err := r.err(); err != nil {
		return KeywordPreviewed{}, err
	}
	outcome, err := p.Trials.Keyword(ctx, pub.ID, k, p.trialAsk(pub, k, in))
	if err != nil {
		return KeywordPreviewed{}, err
	}
	out := KeywordPreviewed{Reply: outcome.Reply, Outcome: outcome.Trace.Outcome, Trace: traceOf(ctx, outcome), Previews: []Preview{}}
	if outcome.Reply != nil {
		out.Previews = p.previewAll(pub, *outcome.Reply, in.Reader)
	}
	return out, nil
}

// traceOf returns how an answer came about, with what went wrong in words for who asks.
func traceOf(ctx context.Context, o pull.Resolved) journal.Trace {
	if o.Failed != nil {
		o.Trace.Error = words.Said(o.Failed).In(CallerLanguage(ctx))
	}
	t := &o.Trace.What
	o.Certainty.Reasons(func(name string, weight float64) {
		if t.Terms == nil {
			t.Certainty, t.Terms = o.Certainty.Value, map[string]float64{}
		}
		t.Terms[name] = weight
	})
	return o.Trace
}

// trialAsk returns the message of a reader who calls the keyword.
func (p keywords) trialAsk(pub *catalogue.Setup, k catalogue.Keyword, in KeywordPreview) pull.Ask {
	if in.Language == "" {
		in.Language = defaultLanguage(pub)
	}
	if in.At.IsZero() {
		in.At = p.Clock()
	}
	a := pull.Ask{
		ID: 1, Publisher: pub.ID, At: in.At,
		Incoming: pull.Incoming{ID: "preview", Address: in.Reader, Text: phraseIn(pub, k, in.Language), Language: in.Language},
	}
	if in.Text != "" && k.Argument != string(what.ArgumentNone) {
		a.Text += " " + in.Text
	}
	return a
}

// phraseIn returns what calls a keyword in a language, else in any.
func phraseIn(pub *catalogue.Setup, k catalogue.Keyword, language string) string {
	languages := slices.Concat([]string{language}, pub.Languages)
	for l := range k.Phrases {
		languages = append(languages, l)
	}
	slices.Sort(languages[1+len(pub.Languages):])
	for _, l := range languages {
		if list := k.Phrases[l]; len(list) > 0 {
			return list[0]
		}
	}
	return k.ID
}

// Previews shows a reply on each channel of a publisher, and on every kind that
// it has none of; nothing where there is no such publisher.
func (p Publishing) Previews(publisher, address string, reply pull.Reply) []Preview {
	pub := p.Catalogue.Publisher(publisher)
	if pub == nil {
		return nil
	}
	return keywords{p}.previewAll(pub, reply, address)
}

// previewAll shows a reply on each channel of a publisher, and on those that any
// publisher might have.
func (p keywords) previewAll(pub *catalogue.Setup, reply pull.Reply, address string) []Preview {
	all := []Preview{}
	there, phone := map[string]bool{}, false
	for _, c := range pub.Channels {
		k, _ := p.Kinds.Messenger(c.Kind)
		m := k.Preview
		if opened := p.Channels.Find(pub.ID, c.ID); opened != nil {
			m = opened.Messenger
		}
		if m == nil {
			continue
		}
		there[c.Kind] = true
		phone = phone || m.Limits().SMS
		v := previewOn(reply, m.Limits(), m, address)
		v.Kind, v.Title, v.Channel = c.Kind, k.Title, c.ID
		all = append(all, v)
	}
	for _, k := range p.Kinds.Messengers {
		if k.Preview == nil || there[k.Name] {
			continue
		}
		v := previewOn(reply, k.Preview.Limits(), k.Preview, address)
		v.Kind, v.Title = k.Name, k.Title
		all = append(all, v)
	}
	if !phone {
		v := previewOn(reply, messengers.SMSLimits(), nil, address)
		v.Kind, v.Title = kindSMS, titleSMS
		all = append(all, v)
	}
	return all
}

// previewOn shapes a reply for one channel.
func previewOn(reply pull.Reply, limits messengers.Limits, m messengers.Messenger, address string) Preview {
	v := Preview{Messages: wireMessages(reply, limits, m, address)}
	if !limits.SMS {
		return v
	}
	v.Encoding = messengers.GSM7
	for _, message := range v.Messages {
		n, encoding := messengers.Segments(message.Text)
		v.Segments += n
		if encoding == messengers.UCS2 {
			v.Encoding = encoding
		}
	}
	limits.Folded = true
	folded := 0
	for _, message := range messengers.Shape(reply, limits) {
		n, _ := messengers.Segments(message.Text)
		folded += n
	}
	if folded < v.Segments {
		v.Folded = folded
	}
	return v
}
