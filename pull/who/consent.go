package who

import "time"

// Consent is what the reader allowed, and the proof of it.
type Consent struct {
	// Given and Refused are both false while nobody asked.
	Given   bool `json:"given,omitempty"`
	Refused bool `json:"refused,omitempty"`
	// Text is the version of the text that was shown: a hash of it.
	Text    string    `json:"text,omitempty"`
	Channel string    `json:"channel,omitempty"`
	At      time.Time `json:"at,omitzero"`
	// Asked is the version of a later text that was shown since; the reader has not
	// answered to that.
	Asked string `json:"asked,omitempty"`
}

// IsZero reports that there is no consent and no refusal.
func (c Consent) IsZero() bool { return c == Consent{} }

// noticeEvery is how often a reader who said STOP and asks again is told how
// to come back.
const noticeEvery = 24 * time.Hour

// Stop returns r stopped, and whether that is news that gets its one
// confirmation.
func (r Reader) Stop(at time.Time) (Reader, bool) {
	news := r.State != Stopped
	if news {
		r.State, r.Since, r.Noticed = Stopped, at, time.Time{}
	}
	r.Question, r.Cursor, r.Laters, r.Lapsed = nil, nil, nil, nil
	r, _ = r.Turn(TurnEnded, at, 0)
	return r, news
}

// Start returns r active again.
func (r Reader) Start(at time.Time) Reader {
	if r.State != Active {
		r.State, r.Since, r.Noticed = Active, at, time.Time{}
	}
	return r
}

// Leave returns r as gone: the platform said that nothing reaches the reader.
// Who said STOP stays stopped.
func (r Reader) Leave(at time.Time) Reader {
	if r.State == Active {
		r.State, r.Since = Gone, at
	}
	return r
}

// Return returns r as active again after Leave; a STOP is left alone.
func (r Reader) Return(at time.Time) Reader {
	if r.State == Gone {
		r.State, r.Since = Active, at
	}
	return r
}

// Remind returns r and whether a stopped reader who asks is to be told now how
// to come back: the first time, and then once a day.
func (r Reader) Remind(at time.Time) (Reader, bool) {
	if !r.Noticed.IsZero() && at.Sub(r.Noticed) < noticeEvery {
		return r, false
	}
	r.Noticed = at
	return r, true
}
