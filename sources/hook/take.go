package hook

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/request"
	"keypull/sources"
)

var _ pull.Taker = (*source)(nil)

// TakesRequests reports whether requests of readers can be handed over: there is an endpoint that
// is asked in our own way.
func (s *source) TakesRequests() bool { return s.settings.URL != "" && s.settings.Dialect == native }

// filed is a request as the endpoint reads it.
type filed struct {
	Type    string `json:"type"`
	Source  string `json:"source"`
	Request struct {
		Number   string          `json:"number"`
		Kind     string          `json:"kind"`
		Keyword  string          `json:"keyword"`
		Name     string          `json:"name"`
		Language string          `json:"language"`
		At       time.Time       `json:"at"`
		Fields   []request.Field `json:"fields"`
		From     time.Time       `json:"from,omitzero"`
		To       time.Time       `json:"to,omitzero"`
	} `json:"request"`
}

// stands is what the endpoint says of a request.
type stands struct {
	State request.State `json:"state"`
	Text  string        `json:"text"`
}

// TakeRequest posts a request to the endpoint; its number is the id of the message, so that what
// comes again is known.
func (s *source) TakeRequest(ctx context.Context, r *request.Request) (request.State, string, error) {
	const op = "hand over a request"
	var f filed
	f.Type, f.Source = "request", s.env.ID
	of := &f.Request
	of.Number, of.Kind, of.Keyword, of.Name, of.Language, of.At = r.Number, r.Kind, r.Keyword, r.Name, r.Language, r.At.UTC()
	of.Fields, of.From, of.To = append([]request.Field{}, r.Fields...), r.From, r.To
	body, err := json.Marshal(f)
	if err != nil {
		return "", "", &pull.Error{Kind: pull.Internal, Op: op, Err: err}
	}
	req := outside.Request{
		Method: http.MethodPost, URL: s.settings.URL, MaxBytes: maxAnswerBytes, Body: body, Single: true,
		Header: map[string]string{"Accept": "application/json", "Content-Type": "application/json", "Idempotency-Key": r.Number},
	}
	req = s.settings.On(req)
	s.sign(req.Header, "request_"+r.Number, body)
	res, err := s.env.Client.Do(ctx, req)
	if err != nil {
		return "", "", sources.Failed(op, "url", err)
	}
	if res.Status < http.StatusOK || res.Status >= http.StatusMultipleChoices {
		return "", "", sources.Refused(op, "url", res)
	}
	var said stands
	unread := json.Unmarshal(res.Body, &said) // it has been taken, whatever is said of it
	if unread != nil || !slices.Contains(request.States(), said.State) {
		said = stands{}
	}
	return said.State, plainWords(said.Text), nil
}
