package api

import (
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/settings"
	"keypull/pull/words"
	"keypull/web/console"
)

// Problem is a failure as a program reads it (RFC 9457).
type Problem struct {
	// Type is "/problems/" and a word that never changes.
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
	// Instance names this one failure, where the log tells more of it.
	Instance string  `json:"instance,omitempty"`
	Errors   []fault `json:"errors,omitempty"`
	// Current is what is there now, where another version was to be replaced.
	Current any `json:"current,omitempty"`
}

// fault is what is wrong with one field of the body or one parameter.
type fault struct {
	Field   string `json:"field"`
	Message string `json:"message"`
	// Key names the sentence, for translations.
	Key string `json:"key,omitempty"`
	// Pointer leads to a field of the body (RFC 6901).
	Pointer string `json:"pointer,omitempty"`
	said    words.Text
}

// refusal is a problem that this package found itself.
type refusal struct {
	status int
	detail words.Text
	faults []fault
	header http.Header
}

// Error returns the detail.
func (r *refusal) Error() string { return r.detail.String() }

func newRefusal(status int, detail words.Text, faults ...fault) *refusal {
	return &refusal{status: status, detail: detail, faults: faults, header: http.Header{}}
}

// problemTypes returns the words of the problems by status.
func problemTypes() map[int]string {
	return map[int]string{
		http.StatusPermanentRedirect:           "moved",
		http.StatusBadRequest:                  "malformed",
		http.StatusUnauthorized:                "unauthorized",
		http.StatusForbidden:                   "denied",
		http.StatusNotFound:                    "unknown",
		http.StatusMethodNotAllowed:            "method",
		http.StatusConflict:                    "conflict",
		http.StatusPreconditionFailed:          "stale",
		http.StatusRequestEntityTooLarge:       "too-large",
		http.StatusUnsupportedMediaType:        "media-type",
		http.StatusUnprocessableEntity:         "invalid",
		http.StatusPreconditionRequired:        "version-required",
		http.StatusTooManyRequests:             "limited",
		http.StatusRequestHeaderFieldsTooLarge: "headers-too-large",
		http.StatusInternalServerError:         "internal",
		http.StatusServiceUnavailable:          "unavailable",
	}
}

// languageOf returns what the caller reads, or English if they say nothing.
func languageOf(r *http.Request) string { return words.Accepted(r.Header.Get("Accept-Language")) }

// errorAnswer makes the answer of an error; o is nil where no operation was found.
func (a *API) errorAnswer(r *http.Request, o *route, err error) answer {
	var (
		found *refusal
		stale *console.Stale
		moved *console.Moved
	)
	language := languageOf(r)
	switch {
	case errors.As(err, &moved) && o != nil:
		return a.redirectAnswer(r, o, moved)
	case errors.As(err, &found):
		for i := range found.faults {
			found.faults[i].Message = found.faults[i].said.In(language)
		}
		return a.problemAnswer(language, Problem{Status: found.status, Detail: found.detail.In(language), Errors: found.faults}, found.header)
	case errors.As(err, &stale):
		return a.staleAnswer(language, stale)
	}
	if p, header, ok := fieldsProblem(r, o, err); ok {
		return a.problemAnswer(language, p, header)
	}
	var e *pull.Error
	p := Problem{Status: console.StatusOf(err)}
	switch {
	case r.Context().Err() != nil:
		// Nobody is there to read it, and nothing is wrong here.
		p.Status = http.StatusServiceUnavailable
	case p.Status == http.StatusInternalServerError:
		return a.internalError(language, o, err)
	case errors.As(err, &e):
		p.Detail = e.Hint.In(language)
	}
	header := http.Header{}
	if after := a.retryAfter(e, p.Status); after > 0 {
		header.Set("Retry-After", strconv.Itoa(after))
	}
	return a.problemAnswer(language, p, header)
}

// fieldsProblem returns the problem of an error about input fields or the version.
func fieldsProblem(r *http.Request, o *route, err error) (Problem, http.Header, bool) {
	p := Problem{Status: http.StatusUnprocessableEntity, Errors: faultsOf(languageOf(r), o, err)}
	if len(p.Errors) == 0 {
		return p, nil, false
	}
	var told settings.Problems
	// What is wrong with the version in a body is told like that of other fields.
	if len(p.Errors) == 1 && o != nil && o.guard != nil && p.Errors[0].Field == o.guard.name && !errors.As(err, &told) {
		// The operation was given none, or one that is no version at all.
		p = Problem{Status: http.StatusPreconditionRequired, Detail: words.Text{Key: "api.if_match_needed"}.In(languageOf(r))}
		if r.Header.Get("If-Match") != "" {
			p = Problem{Status: http.StatusPreconditionFailed, Detail: words.Text{Key: "api.if_match_none"}.In(languageOf(r))}
		}
		return p, http.Header{}, true
	}
	p.Detail = p.Errors[0].Message
	return p, http.Header{}, true
}

// faultsOf lists what an error says of fields.
func faultsOf(language string, o *route, err error) (all []fault) {
	add := func(f fault) {
		f.Pointer = o.pointer(f.Field)
		all = append(all, f)
	}
	var problems settings.Problems
	if errors.As(err, &problems) {
		for _, p := range problems {
			add(fault{Field: p.Field, Message: p.In(language), Key: p.Key})
		}
		return all
	}
	for _, r := range people.Refused(err) {
		add(fault{Field: r.Field, Message: r.Said().In(language), Key: r.Key})
	}
	var e *pull.Error
	if len(all) == 0 && errors.As(err, &e) && e.Kind == pull.Invalid && e.Field != "" {
		add(fault{Field: e.Field, Message: e.Hint.In(language)})
	}
	return all
}

// redirectAnswer is 308: the same request, sent to the same address with the id that the
// thing has today.
func (a *API) redirectAnswer(r *http.Request, o *route, m *console.Moved) answer {
	at := strings.Replace(Prefix+o.op.Path, "{"+string(m.Resource)+"}", url.PathEscape(m.To), 1)
	for _, name := range pathNames(at) {
		at = strings.Replace(at, "{"+name+"}", url.PathEscape(r.PathValue(name)), 1)
	}
	if r.URL.RawQuery != "" {
		at += "?" + r.URL.RawQuery
	}
	language := languageOf(r)
	return a.problemAnswer(language, Problem{Status: http.StatusPermanentRedirect, Detail: m.Said().In(language)}, http.Header{"Location": {at}})
}

// staleAnswer is 412 with what is there now.
func (a *API) staleAnswer(language string, s *console.Stale) answer {
	p := Problem{Status: http.StatusPreconditionFailed, Detail: s.Said().In(language), Current: s.Current}
	return a.problemAnswer(language, p, http.Header{"Etag": {quoteETag(s.Version)}})
}

// internalError logs an error that clients are told by its reference alone.
func (a *API) internalError(language string, o *route, err error) answer {
	id, name := failureID(), ""
	if o != nil {
		name = o.op.Name
	}
	a.Logger.Error("an operation failed", "operation", name, "reference", id, "error", err)
	return a.problemAnswer(language, Problem{
		Status: http.StatusInternalServerError, Instance: "urn:keypull:failure:" + id,
		Detail: words.Text{Key: "api.log", Args: words.Args{"reference": id}}.In(language),
	}, http.Header{})
}

// retryAfter is in seconds, 0 for none.
func (a *API) retryAfter(e *pull.Error, status int) int {
	if status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable {
		return 0
	}
	var wait time.Duration
	if e != nil && !e.RetryAt.IsZero() {
		wait = e.RetryAt.Sub(a.Clock())
	}
	return max(1, int(math.Ceil(wait.Seconds())))
}

func (a *API) problemAnswer(language string, p Problem, header http.Header) answer {
	word := problemTypes()[p.Status]
	p.Type, p.Title = "/problems/"+word, words.Text{Key: "api.title." + word}.In(language)
	body, err := encodeOutput(p)
	if err != nil {
		// What is there now can't be shown; the rest can.
		p.Current = nil
		body, _ = json.Marshal(p)
	}
	header = header.Clone()
	if header == nil {
		header = http.Header{}
	}
	header.Set("Content-Type", "application/problem+json")
	return answer{status: p.Status, header: header, body: body}
}

// pointer leads from the path of a field, "keyword.phrases.en[0]", to the same
// in the body; empty if the field is a parameter.
func (o *route) pointer(field string) string {
	if o == nil {
		return ""
	}
	parts := strings.FieldsFunc(field, func(r rune) bool { return r == '.' || r == '[' || r == ']' })
	if len(parts) == 0 || !o.inBody(parts[0]) {
		return ""
	}
	var b strings.Builder
	for _, part := range parts {
		b.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(part))
	}
	return b.String()
}
