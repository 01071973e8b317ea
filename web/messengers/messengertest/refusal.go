package messengertest

import (
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
	"time"

	"keypull/web/messengers"
)

// rejected: an answer that says no is one, whatever its status.
func (c sends) rejected(t T, logs *record) {
	answers := maps.Clone(c.Rejected)
	if answers == nil {
		answers = map[string]messengers.Fault{}
	}
	others := turned(c.Success)
	for body := range c.Rejected {
		others = append(others, unheard(body)...)
	}
	for _, body := range others {
		if _, known := answers[body]; !known {
			answers[body] = ""
		}
	}
	for body, want := range answers {
		for _, s := range spellings() {
			answers[string(s.of([]byte(body)))] = want
		}
	}
	for body, want := range answers {
		m := c.open(t, c.serve(t, http.StatusOK, body).url, nil, logs)
		_, err := m.Send(background(t), c.hello("1-1"))
		if err == nil {
			t.Errorf("%s, said with status 200, is taken for a message that was sent", body)
			continue
		}
		send := c.failure(t, err)
		if want != "" && send.Fault != want {
			t.Errorf("%s: got %s (%v), want %s", body, send.Fault, send, want)
		}
		if send.Fault == messengers.LimitedUntil && !send.RetryAt.After(Now()) {
			t.Errorf("%s: nothing is to be sent before %s, which is over", body, send.RetryAt)
		}
	}
}

// turned returns an answer's ways to say no where it says yes by a word of its own.
func turned(success string) (all []string) {
	var answer map[string]any
	if json.Unmarshal([]byte(success), &answer) != nil {
		return nil
	}
	for name, value := range answer {
		if yes, ok := value.(bool); ok && yes {
			no := maps.Clone(answer)
			no[name] = false
			body, _ := json.Marshal(no) // it came from JSON
			all = append(all, string(body))
		}
	}
	return all
}

// unheard returns an answer's ways to say no for a reason that nobody knows yet.
func unheard(no string) (all []string) {
	var answer map[string]any
	if json.Unmarshal([]byte(no), &answer) != nil {
		return nil
	}
	for name, value := range answer {
		other := maps.Clone(answer)
		switch value.(type) {
		case string:
			other[name] = "zqxv_unheard_of"
		case float64:
			other[name] = 98765
		default:
			continue
		}
		body, _ := json.Marshal(other) // it came from JSON
		all = append(all, string(body))
	}
	return all
}

func (c sends) refused(t T, logs *record) {
	table := usual()
	maps.Copy(table, c.Faults)
	for status, want := range table {
		t.Run(strconv.Itoa(status), func(t T) {
			body := ""
			if c.Refusal != nil {
				body = c.Refusal(status, retrySeconds)
			}
			for _, s := range append(spellings(), spelling{name: "alone"}) {
				a := c.serve(t, status, string(s.of([]byte(body))))
				_, err := c.open(t, a.url, nil, logs).Send(background(t), c.hello("1-1"))
				if status >= http.StatusInternalServerError {
					a.once(t)
				}
				send := c.failure(t, err)
				if send.Fault != want {
					t.Errorf("got %s (%v), want %s, with its JSON %s", send.Fault, send, want, s.name)
				}
				c.retry(t, send)
			}
		})
	}
}

// retry checks that a limit says until when, by the messenger's clock or the
// real one, which the header is read by.
func (c sends) retry(t T, e *messengers.SendError) {
	t.Helper()
	if e.Fault != messengers.LimitedUntil {
		return
	}
	byClock, byTime := e.RetryAt.Sub(Now()), time.Until(e.RetryAt)
	within := func(d time.Duration) bool {
		return d > (retrySeconds-5)*time.Second && d <= (retrySeconds+1)*time.Second
	}
	if !within(byClock) && !within(byTime) {
		t.Errorf("retry at %s, want in %d s", e.RetryAt, retrySeconds)
	}
}
