package messengers

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"keypull/pull/words"
)

// Problem is a refusal of a request as a program reads it (RFC 9457).
type Problem struct {
	Status int
	// Said is what is wrong and what to do.
	Said words.Text
	// Field names the part of the request that is at fault, where one is.
	Field string
	// RetryAfter is when to try again; 0 if nobody knows.
	RetryAfter time.Duration
}

type problemBody struct {
	Type       string `json:"type"`
	Title      string `json:"title"`
	Status     int    `json:"status"`
	Detail     string `json:"detail,omitempty"`
	Field      string `json:"field,omitempty"`
	RetryAfter int    `json:"retry_after,omitempty"`
}

// Receipt returns the refusal as a response in a language.
func (p Problem) Receipt(language string) Receipt {
	wait := (p.RetryAfter + time.Second - 1).Truncate(time.Second)
	body, _ := json.Marshal(problemBody{ // texts and numbers always can be
		Type: "about:blank", Title: StatusText(p.Status).In(language), Status: p.Status, Detail: p.Said.In(language),
		Field: p.Field, RetryAfter: int(wait / time.Second),
	})
	return Receipt{Status: p.Status, ContentType: "application/problem+json", Body: body, RetryAfter: wait}
}

// Write answers a request by the refusal, in the language that it asks for.
func (p Problem) Write(w http.ResponseWriter, r *http.Request) {
	refusal := p.Receipt(words.Accepted(r.Header.Get("Accept-Language")))
	if refusal.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(refusal.RetryAfter/time.Second)))
	}
	w.Header().Set("Content-Type", refusal.ContentType)
	w.WriteHeader(refusal.Status)
	_, _ = w.Write(refusal.Body)
}

// StatusText returns what a status of HTTP is called.
func StatusText(status int) words.Text {
	if key := "status." + strconv.Itoa(status); words.Core().Has(key) {
		return words.Text{Key: key}
	}
	return words.Verbatim(http.StatusText(status))
}
