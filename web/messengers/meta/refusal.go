package meta

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// Refusal is an answer of the Graph API that says no.
type Refusal struct {
	Status, Code, Subcode int
	Text                  string

	path      string
	framed    bool // it came as the API's own error
	transient bool
	wait      time.Time
}

// said is an error as the API words it, in an answer or in a status. A provider
// words one about its key in a frame of its own.
type said struct {
	Error *struct {
		Code      int    `json:"code"`
		Subcode   int    `json:"error_subcode"`
		Message   string `json:"message"`
		Type      string `json:"type"`
		Transient bool   `json:"is_transient"`
		Data      struct {
			Details string `json:"details"`
		} `json:"error_data"`
	} `json:"error"`
	Meta struct {
		Code    int    `json:"http_code"`
		Message string `json:"developer_message"`
	} `json:"meta"`
}

// refuses tells whether an answer is an error whatever its status says.
func refuses(body []byte) bool {
	if !bytes.Contains(body, []byte(`"error"`)) {
		return false
	}
	var s struct {
		Error json.RawMessage `json:"error"`
	}
	return Decode(body, &s) && len(s.Error) > 0 && string(s.Error) != "null"
}

const maxQuote = 300

func (g *Graph) refusal(path string, res outside.Response) *Refusal {
	r := &Refusal{Status: res.Status, path: path, wait: res.RetryAt}
	var s said
	if Decode(res.Body, &s); s.Error != nil {
		r.Code, r.Subcode, r.framed, r.transient = s.Error.Code, s.Error.Subcode, true, s.Error.Transient
		r.Text = s.Error.Message
		if details := s.Error.Data.Details; details != "" && details != r.Text {
			r.Text += ": " + details
		}
	} else {
		r.Text = s.Meta.Message
	}
	r.Text = strings.ToValidUTF8(r.Text, "")
	if token := g.Key(); token != "" {
		r.Text = strings.ReplaceAll(r.Text, token, "…")
	}
	if len(r.Text) > maxQuote {
		r.Text = strings.ToValidUTF8(r.Text[:maxQuote], "")
	}
	if r.wait.IsZero() {
		r.wait = g.regained(res.Header)
	}
	return r
}

// regained is when the API takes calls again by the usage that it tells; zero
// where it does not.
func (g *Graph) regained(header http.Header) time.Time {
	var usage map[string][]struct {
		Minutes int `json:"estimated_time_to_regain_access"`
	}
	if json.Unmarshal([]byte(header.Get("X-Business-Use-Case-Usage")), &usage) != nil {
		return time.Time{}
	}
	most := 0
	for _, of := range usage {
		for _, u := range of {
			most = max(most, min(u.Minutes, 24*60))
		}
	}
	if most == 0 {
		return time.Time{}
	}
	return g.Clock().Add(time.Duration(most) * time.Minute)
}

// name is the code as Meta's own tables have it.
func (r *Refusal) name() string {
	switch {
	case r.Code == 0:
		return "HTTP " + strconv.Itoa(r.Status)
	case r.Subcode != 0:
		return strconv.Itoa(r.Code) + "/" + strconv.Itoa(r.Subcode)
	}
	return strconv.Itoa(r.Code)
}

// Error tells what the API said.
func (r *Refusal) Error() string {
	return fmt.Sprintf("%s: refused with %s: %s", r.path, r.name(), r.Text)
}

// Said says what to do where we know, and quotes what the API said.
func (r *Refusal) Said() words.Text {
	args := words.Args{"code": r.name(), "said": r.Text}
	for _, c := range remedies {
		if (c.has(r.Code) || r.Subcode != 0 && c.has(r.Subcode)) && r.Fault() == messengers.TokenInvalid {
			return own.Text(c.key, args)
		}
	}
	if r.Fault() == messengers.TokenInvalid {
		return own.Text("permission", args)
	}
	return own.Text("answered", args)
}

// remedy is what helps against some codes.
type remedy struct {
	codes []int
	key   string
}

func (r remedy) has(code int) bool { return slices.Contains(r.codes, code) }

var remedies = []remedy{
	{[]int{0, 102, 190, 463, 467}, "token_dead"},
	{[]int{368, 131031, 1893063}, "locked"},
	{[]int{131042}, "payment"},
	{[]int{33, 100, 133010}, "number_gone"},
}

const (
	// shortPause is how long the API is left alone after the first refusal for which
	// it names no time; each that follows doubles it.
	shortPause   = 5 * time.Second
	longestPause = 15 * time.Minute
	// pairPause is how often one reader may be written to.
	pairPause = 6 * time.Second
)

// Fault sorts an error of a call into the closed set.
func (g *Graph) Fault(err error) error {
	var refusal *Refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refusal):
		e := &messengers.SendError{Fault: refusal.Fault(), Err: err}
		switch {
		case refusal.Code == pairLimit:
			e.RetryAt, e.Alone = g.Clock().Add(pairPause), true
		case e.Fault == messengers.LimitedUntil:
			e.RetryAt = g.pause(refusal)
		}
		return e
	case errors.Is(err, errUnclear):
		return &messengers.SendError{Fault: messengers.Uncertain, Err: err}
	}
	return messengers.Failed(err)
}

// pause is until when nothing is sent after a limit was met.
func (g *Graph) pause(r *Refusal) time.Time {
	times := min(g.limits.Add(1)-1, 10)
	if !r.wait.IsZero() {
		return r.wait
	}
	return g.Clock().Add(min(shortPause<<times, longestPause))
}

// Tried is what an account's check makes of an error: a refusal of the account
// names the field, all else says that the API could not be asked.
func Tried(err error, field string) error {
	var refusal *Refusal
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &refusal):
		return err
	case refusal.Fault() == messengers.Temporary || refusal.Fault() == messengers.LimitedUntil:
		return &pull.Error{Kind: pull.Unavailable, Op: refusal.path, Hint: own.Text("busy", words.Args{"code": refusal.name()}), Err: err}
	case refusal.Code == 0 && refusal.Status == http.StatusNotFound:
		return &pull.Error{Kind: pull.Unusable, Op: refusal.path, Field: "api_base", Hint: own.Text("unclear", nil), Err: err}
	}
	return &pull.Error{Kind: pull.Denied, Op: refusal.path, Field: field, Hint: refusal.Said(), Err: err}
}
