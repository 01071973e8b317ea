package httpapi

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// Faults are what a platform's refusals mean, each by the first row that fits.
type Faults []Fault

// Fault is a row: what a refusal says, and what that means.
type Fault struct {
	// Status is that of HTTP, Codes are the platform's own between spaces
	// ("3 10..12", "*" for all), Saying stands in what it says, whichever its case. What
	// is left out fits any.
	Status int
	Codes  string
	Saying string

	Means messengers.Fault
	// Wait is for how long nothing is sent where the platform does not say; zero: 30
	// seconds. Alone: only to that reader.
	Wait  time.Duration
	Alone bool
	// Key is the kind's sentence that says what to do, in place of "answered", and
	// Field the setting at fault, in place of the secret's.
	Key   string
	Field string
}

// usual returns what statuses mean on most platforms.
func usual() Faults {
	return Faults{
		{Status: http.StatusUnauthorized, Means: messengers.TokenInvalid},
		{Status: http.StatusForbidden, Means: messengers.Blocked},
		{Status: http.StatusTooManyRequests, Means: messengers.LimitedUntil},
		{Status: http.StatusRequestTimeout, Means: messengers.Temporary},
		{Status: http.StatusConflict, Means: messengers.Temporary},
	}
}

const usualWait = 30 * time.Second

// Meaning returns what a code means by itself, as it may be told of a message that
// was taken before; "" of one that no row names.
func (f Faults) Meaning(code string) messengers.Fault {
	for _, row := range f {
		if row.Codes != anyCode && row.names(code) {
			return row.Means
		}
	}
	return ""
}

// of returns the row of a refusal.
func (f Faults) of(r *Refusal) Fault {
	for _, row := range slices.Concat(f, usual()) {
		if row.fits(r) {
			return row
		}
	}
	if r.Status >= http.StatusInternalServerError {
		return Fault{Means: messengers.Temporary}
	}
	return Fault{Means: messengers.Permanent}
}

// fits tells whether a refusal is one that the row is about.
func (f Fault) fits(r *Refusal) bool {
	return (f.Status == 0 || f.Status == r.Status) && (f.Codes == "" || f.names(r.Code)) &&
		strings.Contains(strings.ToLower(r.Text), strings.ToLower(f.Saying))
}

// names tells whether a row is of a code: "10" and "/33" are of "10/33" as well.
func (f Fault) names(code string) bool {
	outer, inner, _ := strings.Cut(code, "/")
	return code != "" && slices.ContainsFunc(strings.Fields(f.Codes), func(one string) bool {
		first, last, ranged := strings.Cut(one, "..")
		if ranged {
			low, _ := strconv.Atoi(first)
			high, _ := strconv.Atoi(last)
			number, err := strconv.Atoi(outer)
			return err == nil && low <= number && number <= high
		}
		return one == anyCode || one == code || one == outer || one == "/"+inner
	})
}

// anyCode stands in a row for all codes of the platform's own.
const anyCode = "*"

// Each returns refusals that a row is about, one for each of its codes, and for a
// range for both of its ends.
func (f Fault) Each() (all []Fault) {
	for _, code := range strings.Fields(strings.NewReplacer("..", " ", anyCode, "98765").Replace(f.Codes)) {
		one := f
		one.Codes = code
		all = append(all, one)
	}
	if all == nil {
		all = []Fault{f}
	}
	return all
}

// Answer is what a platform says in a response.
type Answer struct {
	// Code is its own name of the reason why it refuses; Text is in its words.
	Code string
	Text string
	// Refused says that it refuses where it gives no Code; Status is what it says in
	// place of HTTP's.
	Refused bool
	Status  int
	// Wait is for how long it wants rest; Address is the reader's new one.
	Wait    time.Duration
	Address string
	// Result is what was asked for, where that is not the whole body.
	Result []byte
}

// No tells that the platform refuses.
func (a Answer) No() bool { return a.Refused || a.Code != "" }

// Refusal is an answer of a platform that says no.
type Refusal struct {
	// Call is the path that was called.
	Call string
	Answer
	// Fault is what it means, RetryAt until when nothing is to be sent.
	Fault   Fault
	RetryAt time.Time
	// Response is as it came; Own says that the platform worded it.
	Response outside.Response
	Own      bool

	client *Client
}

const (
	maxQuote = 300
	maxCode  = 60
	maxWait  = 24 * time.Hour
)

// Refuse returns the refusal of a call that was taken at first, as the platform tells
// it in its answer.
func (c *Client) Refuse(call string, said Answer) error {
	return c.refusal(call, c.Secret.Reveal(), outside.Response{Status: said.Status}, said, true)
}

func (c *Client) refusal(call, secret string, res outside.Response, said Answer, read bool) *Refusal {
	r := &Refusal{Call: call, Answer: said, Response: res, Own: read && (said.No() || said.Text != ""), client: c}
	r.Status, r.Text, r.Code = cmp.Or(said.Status, res.Status), quoted(said.Text, secret, maxQuote), quoted(said.Code, secret, maxCode)
	r.Fault = c.Faults.of(r)
	if r.Fault.Means == messengers.LimitedUntil {
		r.RetryAt = res.RetryAt
		if said.Wait > 0 || r.RetryAt.IsZero() {
			wait := cmp.Or(max(said.Wait, 0), r.Fault.Wait, usualWait)
			r.RetryAt = c.Clock().Add(min(wait, maxWait))
		}
	}
	return r
}

// quoted returns what a platform said, cut short and without the secret.
func quoted(text, secret string, most int) string {
	text = strings.ToValidUTF8(text, "")
	if secret != "" {
		text = strings.ReplaceAll(text, secret, "…")
	}
	return strings.ToValidUTF8(text[:min(len(text), most)], "")
}

// Error tells what the platform answered.
func (r *Refusal) Error() string {
	return fmt.Sprintf("%s: %s answered %s %s", r.Call, r.client.Name, r.name(), r.Text)
}

// tokenDead is what a kind may say of an account that is refused to send, tokenUnknown
// of one that is refused when it is tried.
const (
	tokenDead    = "token_dead"
	tokenUnknown = "token_unknown"
)

// Said says what to do, or quotes the platform.
func (r *Refusal) Said() words.Text {
	key := cmp.Or(r.Fault.Key, "platform.answered")
	if r.Fault.Key == "" && r.Fault.Means == messengers.TokenInvalid && r.client.says(tokenDead) {
		key = tokenDead
	}
	return r.client.text(key, r.args())
}

func (r *Refusal) args() words.Args {
	return words.Args{"status": strconv.Itoa(r.Status), "code": cmp.Or(r.Code, strconv.Itoa(r.Status)), "name": r.name(), "said": r.Text, "call": r.Call}
}

// name returns the status and the platform's own code.
func (r *Refusal) name() string { return strings.TrimSpace(strconv.Itoa(r.Status) + " " + r.Code) }
