package alexa

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"keypull/web/messengers"
)

// request is the part of a skill's request that matters here.
type request struct {
	Session struct {
		New         bool        `json:"new"`
		Application application `json:"application"`
		User        user        `json:"user"`
		Attributes  attributes  `json:"attributes"`
	} `json:"session"`
	Context struct {
		System struct {
			Application application `json:"application"`
			User        user        `json:"user"`
		} `json:"System"`
	} `json:"context"`
	Request struct {
		Type      string `json:"type"`
		ID        string `json:"requestId"`
		Timestamp string `json:"timestamp"`
		Locale    string `json:"locale"`
		Intent    intent `json:"intent"`
	} `json:"request"`
}

type application struct {
	ID string `json:"applicationId"`
}

type user struct {
	ID string `json:"userId"`
}

// attributes are what Alexa keeps for us as long as a session lasts: what was
// said last, for who wants to hear it again.
type attributes struct {
	Said string `json:"said,omitempty"`
}

type intent struct {
	Name  string          `json:"name"`
	Slots map[string]slot `json:"slots"`
}

type slot struct {
	Value       string `json:"value"`
	Resolutions struct {
		Authorities []struct {
			Status struct {
				Code string `json:"code"`
			} `json:"status"`
			Values []struct {
				Value struct {
					ID string `json:"id"`
				} `json:"value"`
			} `json:"values"`
		} `json:"resolutionsPerAuthority"`
	} `json:"resolutions"`
}

// parse reads a request; false where the bytes are none. A part of another type
// than it should be is as if it were not there.
func parse(body []byte) (request, bool) {
	var q request
	err := json.Unmarshal(body, &q)
	var odd *json.UnmarshalTypeError
	if err != nil && !errors.As(err, &odd) {
		return request{}, false
	}
	return q, bytes.HasPrefix(bytes.TrimSpace(body), []byte("{"))
}

// skill is whom the request is for; "" where it names two.
func (q *request) skill() string {
	session, system := q.Session.Application.ID, q.Context.System.Application.ID
	if session != "" && system != "" && session != system {
		return ""
	}
	return cmp.Or(session, system)
}

// reader is who speaks.
func (q *request) reader() string {
	return messengers.Clean(cmp.Or(q.Session.User.ID, q.Context.System.User.ID))
}

// now reports whether a request is of a moment, and not said again.
func (q *request) now(at time.Time) bool {
	stamp, err := time.Parse(time.RFC3339, q.Request.Timestamp)
	most := fresh
	if strings.HasPrefix(q.Request.Type, events) {
		most = freshEvent
	}
	return err == nil && at.Sub(stamp).Abs() <= most
}

// heard is what was said: the words of all slots, the keyword's first, and what a
// keyword alone sends.
func (i intent) heard() (text, tap string) {
	names := make([]string, 0, len(i.Slots))
	for name := range i.Slots {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		if (a == keywordSlot) != (b == keywordSlot) {
			return map[bool]int{true: -1, false: 1}[a == keywordSlot]
		}
		return strings.Compare(a, b)
	})
	var said []string
	for _, name := range names {
		if words := messengers.Clean(i.Slots[name].Value); words != "" && words != "?" {
			said = append(said, words)
			tap = i.Slots[name].sends()
		}
	}
	if len(said) != 1 {
		tap = ""
	}
	return strings.Join(said, " "), tap
}

// sends is what the keyword that a slot was resolved to sends.
func (s slot) sends() string {
	for _, a := range s.Resolutions.Authorities {
		if a.Status.Code != "ER_SUCCESS_MATCH" || len(a.Values) == 0 {
			continue
		}
		if id, ok := strings.CutPrefix(a.Values[0].Value.ID, keywordID); ok && id != "" {
			return "k:" + messengers.Clean(id)
		}
	}
	return ""
}
