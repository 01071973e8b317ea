package publishing

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/outside"
	"keypull/pull/words"
)

// The headers that sign a request to a publisher's matcher.
const (
	headerTimestamp = "Keypull-Timestamp"
	headerSignature = "Keypull-Signature"
)

// What an answer of a matcher may be at most: its bytes, and how many of its
// keywords are looked at.
const (
	matcherBytes    = 16 << 10
	matcherKeywords = 100
)

// newMatcher returns what a publisher has of its own for messages that are not
// understood; nil if it has none. It counts for publishers of the
// configuration file alone: what is kept of others would not keep its secret.
func (n opener) newMatcher(o *catalogue.Setup) pull.Matcher {
	if !o.Provisioned || o.Matcher.URL == "" || o.Matcher.Secret == "" {
		return nil
	}
	return NewMatcher(n.Client, o.Matcher, n.Clock)
}

// NewMatcher returns a matcher that asks an endpoint over HTTPS through the
// client: one POST within the deadline, signed, never repeated. Whatever its
// answer holds beside ids and scores is left alone.
func NewMatcher(client *outside.Client, m catalogue.Matcher, clock func() time.Time) pull.Matcher {
	return &remoteMatcher{
		client: client, url: m.URL, secret: []byte(m.Secret.Reveal()), clock: clock,
		deadline: cmp.Or(m.Deadline, catalogue.MatcherDeadline),
		least:    float64(cmp.Or(m.MinScore, catalogue.MatcherMinScore)) / 100, //nolint:mnd // percent
	}
}

// remoteMatcher is an endpoint of a publisher.
type remoteMatcher struct {
	client   *outside.Client
	url      string
	secret   []byte
	clock    func() time.Time
	deadline time.Duration
	least    float64
}

// matcherRequest is the body of a request.
type matcherRequest struct {
	Publisher string `json:"publisher"`
	Text      string `json:"text"`
	Language  string `json:"language"`
}

// matcherAnswer is the body of an answer.
type matcherAnswer struct {
	Keywords []struct {
		ID    string  `json:"id"`
		Score float64 `json:"score"`
	} `json:"keywords"`
}

// Match asks the endpoint once.
func (m *remoteMatcher) Match(ctx context.Context, a pull.MatcherAsk) ([]pull.Scored, error) {
	ctx, cancel := context.WithTimeout(ctx, m.deadline)
	defer cancel()
	body, err := json.Marshal(matcherRequest(a))
	if err != nil {
		return nil, fmt.Errorf("encode a request to the matcher: %w", err)
	}
	at := strconv.FormatInt(m.clock().Unix(), 10)
	res, err := m.client.Do(ctx, outside.Request{
		Method: http.MethodPost, URL: m.url, Body: body, MaxBytes: matcherBytes, Single: true,
		Header: map[string]string{
			"Content-Type": "application/json", "Accept": "application/json",
			headerTimestamp: at, headerSignature: m.sign(at, body),
		},
	})
	if err != nil {
		return nil, fmt.Errorf("ask the publisher's matcher: %w", err)
	}
	// An endpoint that notices that nobody waits any more may still end its
	// answer, with whatever it had by then.
	if err := ctx.Err(); err != nil {
		return nil, words.Fail(err, "matcher.slow", nil)
	}
	if res.Status != http.StatusOK {
		return nil, words.Fail(nil, "matcher.status", words.Args{"status": strconv.Itoa(res.Status)})
	}
	return m.read(res.Body)
}

// sign returns the signature of a body that is sent at a moment.
func (m *remoteMatcher) sign(at string, body []byte) string {
	mac := hmac.New(sha256.New, m.secret)
	// A hash takes all that is written to it.
	_, _ = mac.Write([]byte(at + "."))
	_, _ = mac.Write(body)
	return "v1=" + hex.EncodeToString(mac.Sum(nil))
}

// read returns what is sure enough of an answer.
func (m *remoteMatcher) read(body []byte) ([]pull.Scored, error) {
	var answer matcherAnswer
	if json.Unmarshal(body, &answer) != nil {
		// The cause could repeat what the answer says.
		return nil, words.Fail(nil, "matcher.garbled", words.Args{"example": `{"keywords": [{"id": "news", "score": 0.9}]}`})
	}
	var scored []pull.Scored
	for _, k := range answer.Keywords[:min(len(answer.Keywords), matcherKeywords)] {
		if k.Score >= m.least && k.Score <= 1 {
			scored = append(scored, pull.Scored{Keyword: k.ID, Score: k.Score})
		}
	}
	return scored, nil
}
