package console

import (
	"context"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"time"
	"unicode/utf8"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/journal"
	"keypull/pull/what/textform"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// judgeCrisisLine finds a crisis text whose line takes more than one message where the
// publisher has a channel of short messages.
func (p publishers) judgeCrisisLine(r *review, pub *catalogue.Setup, v *catalogue.Publisher) {
	if len(v.Crisis.Text) == 0 || pub == nil || !slices.ContainsFunc(pub.Channels, p.sendsShortMessages) {
		return
	}
	for _, language := range v.Languages {
		if over := runesOver(words.Core().Say(language, "reply.crisis", words.Args{"text": v.Crisis.Text.In(language)})); over > 0 {
			r.addDocProblem("publisher.crisis.text", "document.crisis_segment", "language", language, "n", over)
			return
		}
	}
}

func (p publishers) sendsShortMessages(c catalogue.Channel) bool {
	k, ok := p.Kinds.Messenger(c.Kind)
	return ok && k.Preview != nil && k.Preview.Limits().SMS
}

// runesOver returns by how many characters a line passes one short message, as it is sent.
func runesOver(line string) (over int) {
	for text := line; ; over++ {
		sent := messengers.Shape(pull.Reply{Blocks: []pull.Block{{Kind: pull.Note, Text: text}}}, messengers.SMSLimits())
		if len(sent) == 0 {
			return over
		}
		if n, _ := messengers.Segments(sent[0].Text); n == 1 && len(sent) == 1 {
			return over
		}
		_, last := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-last]
	}
}

// Fields of a crisis text in documents.
const (
	crisisField   = "crisis"
	proposedField = "proposed"
)

// proposeCrisis returns a publisher's new document, in which a crisis text that one person
// wrote is a proposal, where the publisher wants two people: it stands once another one
// saves it as it is without the name of who proposed it.
func (p publishers) proposeCrisis(ctx context.Context, in PublisherUpdate) (Doc, error) {
	pub, crisis := p.Catalogue.Publisher(in.ID), in.Publisher.Table(crisisField)
	if pub == nil || !pub.CrisisByTwo || crisis["text"] == nil {
		return in.Publisher, nil
	}
	stood, err := publisherDoc(&pub.Publisher)
	if err != nil {
		return nil, err
	}
	was, next, by := stood.Table(crisisField), maps.Clone(map[string]any(crisis)), pub.Crisis.Proposed
	same := true
	for _, name := range []string{"text", "keywords", "until"} {
		same = same && reflect.DeepEqual(asKept(was[name]), asKept(crisis[name]))
	}
	delete(next, proposedField)
	caller, _ := Caller(ctx)
	switch {
	case same && by == "":
	case same && crisis.Text(proposedField) == by:
		next[proposedField] = by
	case caller.Person == "":
		r := &review{}
		r.addDocProblem("publisher.crisis.text", "document.crisis_people")
		return nil, r.err()
	case same && caller.Person != by:
	default:
		next[proposedField] = caller.Person
	}
	return in.Publisher.withField(crisisField, next), nil
}

// withCrisisKeywords returns a publisher's new document with the ids of the keywords that its crisis
// text names, and notes those that are none. A text whose time is over, or that keeps the
// keywords that it had, is left as it is.
func (p publishers) withCrisisKeywords(r *review, pub *catalogue.Setup, d Doc) Doc {
	crisis := d.Table(crisisField)
	named, listed := asKept(crisis["keywords"]).([]any)
	until, err := time.Parse(time.RFC3339, crisis.Text("until"))
	if pub == nil || !listed || err == nil && !until.After(p.Clock()) || reflect.DeepEqual(named, asKept(pub.Crisis.Keywords)) {
		return d
	}
	ids := make([]any, 0, len(named))
	for _, one := range named {
		name, text := one.(string)
		switch id := keywordCalled(pub, name); {
		case !text:
			ids = append(ids, one)
		case id == "":
			r.addUnknownName("publisher.crisis.keywords", string(catalogue.ResourceKeyword), name, keywordIDs(pub))
		case !slices.Contains(ids, any(id)):
			ids = append(ids, id)
		}
	}
	next := maps.Clone(map[string]any(crisis))
	next["keywords"] = ids
	return d.withField(crisisField, next)
}

// keywordCalled returns the id of the keyword of an id, also a former one, or of one of its
// phrases; "" if there is none.
func keywordCalled(pub *catalogue.Setup, name string) string {
	if now := pub.Now(catalogue.ResourceKeyword, name); now != "" {
		if _, there := pub.Keyword(now); there {
			return now
		}
	}
	folded := textform.Fold(name)
	for i := range pub.Keywords {
		if slices.ContainsFunc(pub.Keywords[i].Names(), func(of string) bool { return textform.Fold(of) == folded }) {
			return pub.Keywords[i].ID
		}
	}
	return ""
}

// mostRehearsed is how many keywords a rehearsal of a crisis text asks.
const mostRehearsed = 5

// CrisisRehearse is the input of "publisher.rehearse_crisis".
type CrisisRehearse struct {
	Of
	Crisis Doc `json:"crisis" required:"true" doc:"The crisis text, as publisher.update takes it."`
}

// CrisisRehearsed is the output.
type CrisisRehearsed struct {
	Keywords []KeywordRehearsed `json:"keywords" doc:"At most 5 of those whose answers it would stand before."`
}

// KeywordRehearsed is what readers of a keyword would be told.
type KeywordRehearsed struct {
	ID       string    `json:"id"`
	Text     string    `json:"text" doc:"What is asked."`
	Previews []Preview `json:"previews" doc:"The answer on each channel of the publisher."`
}

// RehearseCrisis is "publisher.rehearse_crisis".
var RehearseCrisis = Declare[CrisisRehearse, CrisisRehearsed](Declaration{
	Name: "publisher.rehearse_crisis", Permission: Own, Slow: true, Method: http.MethodPost, Path: "/publishers/{publisher}/preview/crisis",
	Summary: "Show what readers would be told on each channel if a crisis text stood now.",
	Help:    "The answers are made as readers' are at this moment. Nobody is told anything, and nothing is saved.",
})

func (p publishers) rehearseCrisis(ctx context.Context, in CrisisRehearse) (CrisisRehearsed, error) {
	out := CrisisRehearsed{Keywords: []KeywordRehearsed{}}
	pub, err := publisherOf(p.Catalogue, in.Publisher)
	if err != nil {
		return out, err
	}
	stood, err := publisherDoc(&pub.Publisher)
	if err != nil {
		return out, err
	}
	r := &review{}
	v := p.judgePublisher(r, p.withCrisisKeywords(r, pub, stood.withField(crisisField, map[string]any(in.Crisis))), &pub.Publisher)
	p.judgeCrisisLine(r, pub, &v)
	if err := r.err(); err != nil {
		return out, err
	}
	v.Crisis.Proposed = ""
	ctx, cancel := context.WithTimeout(ctx, DiscoverTime)
	defer cancel()
	way, ask := keywords(p), KeywordPreview{Language: defaultLanguage(pub), At: p.Clock()}
	for i := range pub.Keywords {
		k := pub.Keywords[i]
		if len(out.Keywords) == mostRehearsed || ctx.Err() != nil {
			break
		}
		if len(v.Crisis.Keywords) > 0 && !slices.Contains(v.Crisis.Keywords, k.ID) {
			continue
		}
		a := way.trialAsk(pub, k, ask)
		o, err := p.Trials.Crisis(ctx, pub.ID, v.Crisis, k, a)
		if err != nil {
			return out, err //nolint:wrapcheck // it says what it is
		}
		if o.Reply == nil || o.Trace.Outcome != journal.Answered && o.Trace.Outcome != journal.Refused {
			continue
		}
		out.Keywords = append(out.Keywords, KeywordRehearsed{k.ID, a.Text, channelPreviews(way.previewAll(pub, *o.Reply, ""))})
	}
	return out, nil
}
