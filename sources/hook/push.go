package hook

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"keypull/pull"
	"keypull/sources"
)

// mark tells which of two pushes is the newer one.
type mark struct {
	Sequence int64     `json:"sequence,omitempty"`
	AsOf     time.Time `json:"as_of,omitzero"`
	Signed   string    `json:"signed,omitempty"`
}

// older says whether m is of an older push than the last: by the number that
// both have, else by the time of the fact, else by when they were signed.
func (m mark) older(last mark) bool {
	switch {
	case m.Sequence != 0 && last.Sequence != 0:
		return m.Sequence < last.Sequence
	case !m.AsOf.IsZero() && !last.AsOf.IsZero():
		return m.AsOf.Before(last.AsOf)
	}
	// Seconds since 1970 have as many digits for a long time.
	return cmp.Or(cmp.Compare(len(m.Signed), len(last.Signed)), cmp.Compare(m.Signed, last.Signed)) < 0
}

// pushed is what a publisher's system hands over: an answer, and for what.
type pushed struct {
	document
	Keyword  *string  `json:"keyword"`
	Argument string   `json:"argument"`
	Language *string  `json:"language"`
	Sequence int64    `json:"sequence"`
	Withdraw []string `json:"withdraw"`
}

// maxPushed is how much one push may leave behind for all its keys, in bytes.
const maxPushed = 16 << 20

// Receive takes what is pushed: items in place of those that are told, or ids
// and links to be told no more, or nothing but the word that something changed.
func (s *source) Receive(ctx context.Context, p pull.Push, last func(key string) *pull.Snapshot) (pull.Pushed, error) {
	if p.Method != http.MethodPost && p.Method != http.MethodPut {
		return pull.Pushed{Status: http.StatusMethodNotAllowed}, nil
	}
	id := s.inbound.Signed(p)
	if id == "" {
		return pull.Pushed{Status: http.StatusUnauthorized}, nil
	}
	var told pushed
	found, err := sources.RunParser(ctx, op, func() (answer, error) {
		if err := json.Unmarshal(p.Body, &told); err != nil {
			return answer{}, badJSON(err, p.Body)
		}
		if told.saysNothing() {
			return answer{}, nil
		}
		return told.toAnswer(p.At)
	})
	if pull.KindOf(err) == pull.Crowded {
		return pull.Pushed{}, err
	}
	keys := s.keys(told, p.Keywords)
	many := told.Keyword == nil && len(p.Keywords) == pull.MaxPushKeywords || len(keys)*len(p.Body) > maxPushed
	switch {
	case err != nil || len(keys) == 0 || many && len(told.Withdraw) == 0:
		return pull.Pushed{Status: http.StatusBadRequest}, nil //nolint:nilerr // the sender is told by the status
	case len(told.Withdraw) > 0:
		return pull.Pushed{ID: id, Withdrawn: s.withdrawn(told.Withdraw, keys, last)}, nil
	case told.saysNothing():
		return pull.Pushed{ID: id, Refresh: keys}, nil
	}
	return s.takeItems(id, p, told, found, keys, last)
}

// takeItems returns what becomes of items that were pushed. An older push changes
// nothing, and says so.
func (s *source) takeItems(id string, p pull.Push, told pushed, found answer, keys []string, last func(string) *pull.Snapshot) (pull.Pushed, error) {
	m := mark{Sequence: told.Sequence, AsOf: found.asOf, Signed: p.Header["Webhook-Timestamp"][0]}
	result := pull.Pushed{ID: id, ContentType: "application/json", Answer: []byte(`{"taken":true}`), Snapshots: map[string]pull.Snapshot{}}
	for _, key := range keys {
		if m.older(sources.ExtraOf[extra](last(key)).Mark) {
			continue
		}
		snapshot, err := found.fillSnapshot(s.withAsOf(found, pull.Snapshot{Fetched: p.At}), m)
		if err != nil {
			return pull.Pushed{}, err
		}
		snapshot.Items = sources.Copy(snapshot.Items)
		result.Snapshots[key] = snapshot
	}
	if len(result.Snapshots) == 0 {
		result.Answer = []byte(`{"taken":false,"why":"a newer push was taken before"}`)
	}
	return result, nil
}

// keys returns those that a push is for: of every keyword that asks the source, in
// every language, where it names none.
func (s *source) keys(p pushed, keywords []string) []string {
	languages := slices.Clone(s.env.Languages)
	if p.Language != nil {
		languages = []string{*p.Language}
	}
	if p.Keyword != nil {
		keywords = []string{*p.Keyword}
	} else {
		keywords = append(slices.Clone(keywords), "")
	}
	var keys []string
	for _, keyword := range keywords {
		for _, language := range languages {
			for _, argument := range cases(plainWords(p.Argument)) {
				key, err := s.Key(pull.Query{Keyword: keyword, Argument: argument, Language: language})
				if err == nil && !slices.Contains(keys, key) {
					keys = append(keys, key)
				}
			}
		}
	}
	return keys
}

// cases returns the spellings of an argument that readers write: as it was pushed,
// small, in capitals, and with a capital at its beginning. An ask is handed on
// as it was written, so that each has a key of its own.
func cases(argument string) []string {
	small := strings.ToLower(argument)
	r, size := utf8.DecodeRuneInString(small)
	if size == 0 {
		return []string{argument}
	}
	return []string{argument, small, strings.ToUpper(argument), string(unicode.ToTitle(r)) + small[size:]}
}

// withdrawn returns the ids of what is named by id or link.
func (s *source) withdrawn(named, keys []string, last func(string) *pull.Snapshot) []string {
	ids := slices.Clone(named)
	for _, key := range keys {
		snapshot := last(key)
		if snapshot == nil {
			continue
		}
		for _, it := range snapshot.Items {
			if slices.Contains(named, it.Link) && !slices.Contains(ids, it.ID) {
				ids = append(ids, it.ID)
			}
		}
	}
	return ids
}
