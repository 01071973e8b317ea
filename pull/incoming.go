package pull

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"keypull/pull/what"
	"keypull/pull/what/slot"
	"keypull/pull/who"
)

// Incoming is one message of a reader as its platform tells it: all of an ask
// that a messenger knows. Zero values mean no.
type Incoming struct {
	// ID is the platform's own id of the message, unique among those of its reader:
	// repeated deliveries are known by it.
	ID string `json:"platform"`
	// Reader is the platform's id of the person, Address where to answer. They
	// often are the same. In a group both are the group's: it has one context,
	// and what its members have in private is neither shown nor changed there.
	// Reader is never kept, a pseudonym takes its place; Address leaves the
	// process sealed only.
	Reader  string `json:"-"`
	Address string `json:"address"`
	// Also are further ids by which the platform may have named the same reader:
	// what is kept under one of them is carried over to Reader.
	Also []string `json:"-"`
	// Group says that others read the message and its answer. Language and
	// Consent, which are a member's own, are then empty.
	Group bool `json:"group,omitempty"`
	// Overheard says that it was said in a group, and not to us: it is neither
	// answered nor kept.
	Overheard bool `json:"-"`
	// Edit says that it is the new wording of an earlier message, whose ID it has:
	// it is answered in place of the first where that is not answered yet, and not
	// at all where it is.
	Edit bool `json:"-"`
	// From is the address of the client, or its network, where anybody may be
	// as many readers as they like: it is counted by, and never kept.
	From string `json:"-"`
	Text string `json:"text"`
	// Tap is the payload of a pressed button; Text then holds its label.
	Tap string `json:"tap,omitempty"`
	// Spoken says that Text is what the platform heard.
	Spoken bool `json:"spoken,omitempty"`
	// Attachments came with the text. URL is empty where it takes an account to
	// fetch one.
	Attachments []what.Media `json:"attachments,omitempty"`
	// Location is a place that the reader shared.
	Location *Location `json:"location,omitempty"`
	// Language is what the platform says of the reader's language.
	Language string `json:"language,omitempty"`
	// Consent is what came with the message: "", "given" or "refused".
	Consent string `json:"consent,omitempty"`
	// Start says that the reader pressed the platform's own START to send
	// this, as a deep link has it: who said STOP before is back.
	Start bool `json:"start,omitempty"`
	// Quote is what the platform calls the message where an answer quotes it,
	// Thread the one that it stands in; Send gets both back.
	Quote  string `json:"quote,omitempty"`
	Thread string `json:"thread,omitempty"`
	// InBand says that the answer travels in the response to the delivery.
	InBand bool `json:"in_band,omitempty"`
	// Fleeting says that nobody waits for the answer once that response is gone:
	// there is no way to bring a late one.
	Fleeting bool `json:"fleeting,omitempty"`
	// Aside says that the answer is shown to who asks alone, beside the conversation.
	Aside bool `json:"aside,omitempty"`
	// Proxied says that a program asks with a token of the publisher's, in the place of whoever
	// holds it: nobody knows who that is.
	Proxied bool `json:"proxied,omitempty"`
	// Workspace is the id of the workspace that it was sent in, as the platform calls
	// it: of Slack a team, of Teams a tenant, of Discord a server.
	Workspace string `json:"workspace,omitempty"`
	// Via names which of the channel's own keys brought it, where it has several.
	Via string `json:"via,omitempty"`
	// Greeted says that the page it comes from has said who answers.
	Greeted bool `json:"greeted,omitempty"`
	// Mark is what the channel is told once the message has been dealt with: it was
	// answered, or never will be.
	Mark string `json:"mark,omitempty"`
	// Sent is when the platform says that it was written; zero if it does not,
	// and then the message counts from its arrival.
	Sent time.Time `json:"sent,omitzero"`
	// Posted is there where it answers a message, or stands below one, that may have been to
	// people of the publisher; it is never kept.
	Posted *Posted `json:"-"`
}

// Posted is what of a message matters where people of the publisher wrote it.
type Posted struct {
	// Below is what Send called the messages of ours that it answers or stands below, and what
	// else in it names one.
	Below []string
	// Staff: it shows that it answers a message to the publisher's people.
	Staff bool
	// By is who wrote it, as the platform calls them; with Proven that is certain, and that they
	// are of the workspace where there is one.
	By     string
	Proven bool
	// Whole is all that they wrote, without what they quote and sign with.
	Whole string
}

// Location is a place: degrees, and the name that the platform gives it.
type Location struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
	Name      string  `json:"name,omitempty"`
}

// asArgument returns a place as a source is asked for it: by its name, else by its
// degrees, to about a kilometre, since nobody has to know more.
func (l Location) asArgument() string {
	if name := strings.Join(strings.Fields(l.Name), " "); name != "" {
		return clipRunes(name, optionRunes)
	}
	return fmt.Sprintf("%.2f,%.2f", l.Latitude, l.Longitude)
}

// degrees is a place that was sent without a name, as a source is asked for it.
var degrees = regexp.MustCompile(`^-?\d{1,2}\.\d\d,-?\d{1,3}\.\d\d$`)

// isShared reports whether what a keyword is asked for is a place that the reader has sent: it is
// used once, and kept only when told to.
func (i *Incoming) isShared(argument string) bool {
	return argument != "" && (i.Location != nil && argument == i.Location.asArgument() || degrees.MatchString(argument))
}

// answerLocation takes a shared place for the argument of the keyword that was asked last,
// if it asks for one, else of the only keyword that does; where several do, it
// asks which. Where none does, the name of the place is what was said.
func (w conversation) answerLocation(ctx context.Context) *Reply {
	at := w.ask.Location
	if at == nil || w.ask.Tap != "" || strings.TrimSpace(w.ask.Text) != "" {
		return nil
	}
	var asked []what.Candidate
	for _, k := range w.edition.order {
		if slot.Kind(k.Slot) == slot.Place && what.Argument(k.Argument) != what.ArgumentNone && k.isAvailable(w.ask.At, w.edition.Zone) {
			asked = append(asked, what.Candidate{Keyword: k.ID, Argument: at.asArgument()})
		}
	}
	if last := w.lastAnswered(); last != nil {
		if i := slices.IndexFunc(asked, func(c what.Candidate) bool { return c.Keyword == last.ID }); i >= 0 {
			asked = asked[i : i+1]
		}
	}
	w.trace.What.Tier = "place"
	switch {
	case len(asked) == 1:
		return preferring(w).offerRemembering(answering(w).answerCandidate(ctx, asked[0]), who.City, at.asArgument())
	case len(asked) > 1:
		return w.offerCandidates(ctx, what.Match{Decision: what.Offer, Candidates: asked, Core: at.asArgument(), Fitting: len(asked)})
	case at.Name != "":
		w.ask.Text = at.asArgument()
		w.setLocalizer()
		w.match = w.edition.index.Match(w.ask.Text, w.edition.readingLanguages(w.reader.Language, w.ask.Language)...)
	}
	return nil
}

// namesPlace reports whether the words of a message are but the name of the place that came
// without any.
func (w conversation) namesPlace() bool {
	at := w.ask.Location
	return at != nil && w.ask.Tap == "" && w.ask.Text == at.asArgument()
}
