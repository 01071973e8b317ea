package smstwilio

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"keypull/pull/outside"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// faults are what Twilio's codes mean for who sends: those of short messages, of
// the API, and of channels such as WhatsApp.
var faults = func() map[int]messengers.Fault {
	all := map[int]messengers.Fault{}
	for fault, codes := range map[messengers.Fault][]int{
		messengers.Blocked:      {30004, 63014, 63032, 63033},
		messengers.TokenInvalid: {20003, 20404, 20005, 21212, 21606, 21659, 21660, 21703, 30002, 63001, 63002, 63007, 63008, 63020, 63026, 63035},
		messengers.LimitedUntil: {14107, 20429, 21611, 30001, 63017, 63018, 63038},
		messengers.WindowClosed: {63016},
		messengers.Temporary:    {20500, 20503, 30003, 63009, 63010, 63012},
		messengers.Permanent: {carrierStopped, 21211, 21408, 21602, 21612, 21614, 21617, 30005, 30006, 30007, 30008,
			63003, 63005, 63006, 63013, 63021, 63024, 63027, 63028, 63036},
	} {
		for _, code := range codes {
			all[code] = fault
		}
	}
	return all
}()

// carrierStopped: the reader said STOP to the carrier, or to Twilio in its place. What
// readers are owed after STOP, such as MYDATA, does not get through either: that is
// told to the editor, as a letter that can't be delivered.
const carrierStopped = 21610

// faultOf is what a code means; "" of one that is not known.
func faultOf(code int) messengers.Fault { return faults[code] }

// Waits before Twilio is asked again: as long as a crowd takes to pass, and a
// day's share.
const (
	briefly = 30 * time.Second
	daily   = time.Hour
)

// aboutMedia says that a message may pass without its picture.
func aboutMedia(code int) bool {
	switch code {
	case 12300, 21620, 21623, 21655, 63019, 63034, 63037:
		return true
	}
	return false
}

// refusal is an answer of Twilio other than a yes.
type refusal struct {
	status, code int
	text         string
}

// Error tells what Twilio said.
func (r *refusal) Error() string {
	return fmt.Sprintf("Twilio answered %d, code %d: %s", r.status, r.code, r.text)
}

// Said quotes what Twilio said.
func (r *refusal) Said() words.Text {
	code := r.code
	if code == carrierStopped {
		return own.Text("carrier_stopped", nil)
	}
	if code == 0 {
		code = r.status
	}
	return own.Text("answered", words.Args{"code": strconv.Itoa(code), "said": r.text})
}

// refused reads an answer that is no 2xx.
func (n *Number) refused(res outside.Response) *refusal {
	var said struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	r := &refusal{status: res.Status, text: http.StatusText(res.Status)}
	if json.Unmarshal(res.Body, &said) == nil && said.Message != "" {
		r.code, r.text = said.Code, strings.ReplaceAll(strings.ToValidUTF8(said.Message, ""), n.settings.AuthToken.Reveal(), "…")
	}
	if len(r.text) > 300 {
		r.text = strings.ToValidUTF8(r.text[:300], "")
	}
	return r
}

// judged sorts an answer into the closed set of faults; nil of a yes.
func (n *Number) judged(res outside.Response) *messengers.SendError {
	if res.Status >= http.StatusOK && res.Status < http.StatusMultipleChoices {
		return nil
	}
	r := n.refused(res)
	e := &messengers.SendError{Fault: faultOf(r.code), Err: r}
	switch {
	case res.Status == http.StatusTooManyRequests:
		e.Fault = messengers.LimitedUntil
	case e.Fault != "":
	case res.Status == http.StatusUnauthorized, res.Status == http.StatusForbidden, res.Status == http.StatusNotFound:
		e.Fault = messengers.TokenInvalid
	case res.Status == http.StatusRequestTimeout, res.Status >= http.StatusInternalServerError:
		e.Fault = messengers.Temporary
	default:
		e.Fault = messengers.Permanent
	}
	if e.Fault == messengers.LimitedUntil {
		e.RetryAt = res.RetryAt
		switch {
		case !e.RetryAt.IsZero():
		case r.code == 63038:
			e.RetryAt = n.clock().Add(daily)
		default:
			e.RetryAt = n.clock().Add(briefly)
		}
	}
	return e
}
