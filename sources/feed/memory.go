package feed

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"keypull/pull/outside"
	"keypull/pull/words"
)

// memory is what is kept with a snapshot for the next fetch of the feed.
type memory struct {
	// Hash is that of the document, for servers that know no validators.
	Hash string `json:"hash,omitempty"`
	metadata
	// Moved is where the feed has moved for good, Times how often in a row that
	// was said, Told when last.
	Moved string    `json:"moved,omitempty"`
	Times int       `json:"times,omitempty"`
	Told  time.Time `json:"told,omitzero"`
}

// metadata is what a feed says of itself: how often it changes, and its hubs.
type metadata struct {
	// TTL is for how many minutes it stays the same; Every in how many minutes it
	// is made anew.
	TTL   int `json:"ttl,omitempty"`
	Every int `json:"every,omitempty"`
	// Hours and Days are those at which it is not to be asked for, by GMT, a bit
	// each, midnight and Sunday first.
	Hours uint32 `json:"hours,omitempty"`
	Days  uint8  `json:"days,omitempty"`
	// Hubs tell when it changes, under the name Self.
	Hubs []string `json:"hubs,omitempty"`
	Self string   `json:"self,omitempty"`
}

const (
	// sureMoves is after how many sights a move is believed, moveChecked after
	// how long the former address is asked again.
	sureMoves   = 3
	moveChecked = 7 * 24 * time.Hour
	// maxTTL and maxEvery bound what a feed may ask for.
	maxTTL   = 24 * 60
	maxEvery = 60
)

// toJSON returns the memory as it is kept in Snapshot.Extra.
func (m memory) toJSON() json.RawMessage {
	// What it is made of always has a form in JSON.
	text, _ := json.Marshal(m)
	return text
}

func hashOf(res outside.Response) string {
	h := sha256.New()
	_, _ = h.Write([]byte(res.Header.Get("Content-Type") + "\n" + res.URL + "\n"))
	_, _ = h.Write(res.Body)
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// noteMove counts how often in a row a response came from another address. It counts
// once an hour at most, so that a slip of a quarter of an hour does not count.
func (m *memory) noteMove(res outside.Response, address string) {
	switch {
	case res.Moved != "" && res.Moved == m.Moved:
		if res.Fetched.Sub(m.Told) >= time.Hour || m.Times >= sureMoves {
			m.Times, m.Told = min(m.Times+1, sureMoves), res.Fetched
		}
	case res.Moved != "" && res.Moved != address:
		m.Moved, m.Times, m.Told = res.Moved, 1, res.Fetched
	case res.URL != m.Moved:
		m.Moved, m.Times, m.Told = "", 0, time.Time{}
	}
}

// movedTo returns where the feed is to be asked for in place of its address, "" while
// that is not sure, and once in a while.
func (m memory) movedTo(now time.Time) string {
	if m.Times < sureMoves || now.Sub(m.Told) > moveChecked || now.Before(m.Told.Add(-time.Hour)) {
		return ""
	}
	return m.Moved
}

// moveWarning returns the warning that the feed has moved, and whether it has.
func (m memory) moveWarning(now time.Time) (words.Text, bool) {
	to := m.movedTo(now)
	return own.Text("moved", words.Args{"to": to}), to != ""
}

// freshUntil returns for how long what was fetched at a moment is good by the feed's
// own word, where its server says nothing; zero if it says nothing either.
func (s metadata) freshUntil(fetched time.Time) time.Time {
	minutes := min(s.TTL, maxTTL)
	if minutes <= 0 {
		minutes = min(s.Every, maxEvery)
	}
	until := fetched.Add(time.Duration(max(minutes, 0)) * time.Minute)
	const hours = 24
	for range hours {
		at := until.UTC()
		if s.Hours&(1<<at.Hour()) == 0 && s.Days&(1<<at.Weekday()) == 0 {
			break
		}
		until = at.Truncate(time.Hour).Add(time.Hour)
	}
	if until.Equal(fetched) {
		return time.Time{}
	}
	return until
}
