package desk

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"keypull/pull/proof"
	"keypull/pull/request"
	"keypull/pull/settings"
	"keypull/pull/talk"
	"keypull/pull/who"
	"keypull/web/console"
)

// Request is what a reader asked the publisher to see to.
type Request struct {
	Number       string         `json:"number" doc:"By which the reader asks how it stands."`
	Conversation string         `json:"conversation" doc:"Id of the conversation that it stands in."`
	Kind         string         `json:"kind" enum:"incident,appointment,order"`
	Keyword      string         `json:"keyword" doc:"Id of the keyword."`
	Name         string         `json:"name" doc:"What the reader calls the keyword."`
	At           time.Time      `json:"at" doc:"When the reader confirmed it."`
	State        string         `json:"state" enum:"received,in_work,done,cancelled"`
	Text         string         `json:"text,omitempty" doc:"What the reader is told beside the state."`
	Changed      time.Time      `json:"changed" doc:"Since when it stands so."`
	By           string         `json:"by,omitempty" doc:"Who said so; missing where the reader did."`
	Fields       []RequestField `json:"fields"`
	From         time.Time      `json:"from,omitzero" doc:"When an appointment begins."`
	To           time.Time      `json:"to,omitzero" doc:"When it ends."`
	Hook         string         `json:"hook,omitempty" doc:"Id of the source that it is handed to."`
	Unsent       bool           `json:"unsent,omitempty" doc:"It is still to be handed over."`
	Failed       bool           `json:"failed,omitempty" doc:"It could not be handed over, and that is tried no more."`
	Why          string         `json:"why,omitempty" doc:"Why not."`
}

// RequestField is an answer of the reader's.
type RequestField struct {
	Question string `json:"question,omitempty"`
	Text     string `json:"text"`
	Value    string `json:"value" doc:"The answer as programs read it: a day as 2026-11-24."`
}

// RequestList is the input of "request.list".
type RequestList struct {
	console.Of
	State   string `json:"state,omitempty" query:"state" enum:"received,in_work,done,cancelled" doc:"A state, to list those alone."`
	Keyword string `json:"keyword,omitempty" query:"keyword" doc:"Id of a keyword, to list those alone."`
}

// RequestListed is the output.
type RequestListed struct {
	Requests []Request `json:"requests" doc:"The latest first, up to 100."`
	More     bool      `json:"more,omitempty" doc:"There are more than are listed."`
}

// RequestGet is the input of "request.get".
type RequestGet struct {
	console.Of
	Number string `json:"number" path:"number" doc:"Its number, however it is written."`
}

// RequestSet is the input of "request.set".
type RequestSet struct {
	RequestGet
	State string `json:"state" required:"true" enum:"received,in_work,done,cancelled" doc:"How it stands."`
	Text  string `json:"text,omitempty" doc:"What the reader is told beside that, when they ask; up to 500 characters."`
}

const (
	allRequests = "/publishers/{publisher}/requests"
	oneRequest  = allRequests + "/{number}"
)

// The operations request.*.
var (
	ListRequests = console.Declare[RequestList, RequestListed](console.Declaration{
		Name: "request.list", Permission: console.Write, Method: http.MethodGet, Path: allRequests,
		Summary: "List what readers asked you to see to: incidents, appointments, orders.",
		Help:    "They are kept for 90 days after they were closed, and go with FORGET ME.",
	})
	GetRequest = console.Declare[RequestGet, Request](console.Declaration{
		Name: "request.get", Permission: console.Write, Method: http.MethodGet, Path: oneRequest,
		Summary: "Show a request by its number.",
	})
	SetRequest = console.Declare[RequestSet, Request](console.Declaration{
		Name: "request.set", Permission: console.Write, Audit: true, Method: http.MethodPut, Path: oneRequest,
		Summary: "Say how a request stands; the reader is told when they ask.",
		Help:    "A cancelled appointment gives its time back.",
	})
)

// requestOf tells a request of a conversation.
func (d *Desk) requestOf(ctx context.Context, t *talk.Talk, r *request.Request) Request {
	out := Request{
		Number: r.Number, Conversation: t.ID(), Kind: r.Kind, Keyword: r.Keyword, Name: r.Name, At: r.At, State: string(r.State), Text: r.Text, Changed: r.Changed,
		By: r.By, Fields: []RequestField{}, From: r.From, To: r.To, Hook: r.Hook, Unsent: r.Unsent, Failed: r.Failed,
	}
	for _, f := range r.Fields {
		out.Fields = append(out.Fields, RequestField(f))
	}
	if r.Unsent || r.Failed {
		out.Why = r.Why.In(console.CallerLanguage(ctx))
	}
	return out
}

// requestsOf tells the requests of a conversation, the latest first.
func (d *Desk) requestsOf(ctx context.Context, t *talk.Talk) []Request {
	all := []Request{}
	for i := range t.Filed {
		all = append(all, d.requestOf(ctx, t, &t.Filed[i]))
	}
	slices.Reverse(all)
	return all
}

func (d *Desk) listRequests(ctx context.Context, in RequestList) (RequestListed, error) {
	out := RequestListed{Requests: []Request{}}
	if d.Catalogue.Publisher(in.Publisher) == nil {
		return out, console.NoPublisher(in.Publisher)
	}
	heads, err := d.headsOf(ctx, in.Publisher)
	if err != nil {
		return out, err
	}
	type filed struct {
		by who.Key
		request.Head
	}
	var all []filed
	for i := range heads {
		for _, r := range heads[i].Requests {
			if in.State == "" || string(r.State) == in.State {
				all = append(all, filed{heads[i].Reader, r})
			}
		}
	}
	slices.SortFunc(all, func(a, b filed) int { return b.At.Compare(a.At) })
	for _, f := range all {
		t, _, err := d.Talks.Get(ctx, f.by)
		if err != nil {
			continue // one that cannot be read is told of by its conversation
		}
		r, err := requestIn(&t, f.Ask)
		if err != nil || in.Keyword != "" && r.Keyword != in.Keyword {
			continue
		}
		if out.More = len(out.Requests) == mostListed; out.More {
			break
		}
		out.Requests = append(out.Requests, d.requestOf(ctx, &t, &r))
	}
	return out, nil
}

// talkWith returns the conversation with the request that is named, and its ask.
func (d *Desk) talkWith(ctx context.Context, in RequestGet) (talk.Talk, uint64, error) {
	if d.Catalogue.Publisher(in.Publisher) == nil {
		return talk.Talk{}, 0, console.NoPublisher(in.Publisher)
	}
	number := proof.ParseCode(in.Number)
	if number == "" {
		return talk.Talk{}, 0, noRequest()
	}
	console.NoteAudit(ctx, "request "+number.String(), nil, nil)
	return d.findRequest(ctx, in.Publisher, number)
}

func (d *Desk) getRequest(ctx context.Context, in RequestGet) (Request, error) {
	t, ask, err := d.talkWith(ctx, in)
	if err != nil {
		return Request{}, err
	}
	r, err := requestIn(&t, ask)
	return d.requestOf(ctx, &t, &r), err
}

func (d *Desk) setRequest(ctx context.Context, in RequestSet) (Request, error) {
	if !slices.Contains(request.States(), request.State(in.State)) {
		return Request{}, settings.Problems{settings.NewProblem("state", "choice", "got", in.State, "choices", "received, in_work, done, cancelled")}
	}
	text := strings.TrimSpace(strings.ReplaceAll(in.Text, "\r\n", "\n"))
	if n := utf8.RuneCountInString(text); n > request.MaxText {
		return Request{}, settings.Problems{settings.NewProblem("text", "max_length", "max", strconv.Itoa(request.MaxText), "got", strconv.Itoa(n))}
	}
	t, ask, err := d.talkWith(ctx, in.RequestGet)
	if err != nil {
		return Request{}, err
	}
	r, err := d.changeRequest(ctx, t.Reader, ask, func(r *request.Request) bool {
		return standAs(r, request.State(in.State), text, byName(ctx), d.Clock())
	})
	return d.requestOf(ctx, &t, &r), err
}
