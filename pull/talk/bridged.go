package talk

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"
)

// Answerable is for how long an answer counts that comes by a bridge, from the last line that
// was carried there on.
const Answerable = 14 * 24 * time.Hour

// Bridged is how a conversation stands at the publisher's bridge. A value is never changed: it is
// replaced.
type Bridged struct {
	// Marks are the fingerprints of what answers may name the conversation by: its token, and
	// behind that its thread.
	Marks []string `json:"marks"`
	// Until is until when they count.
	Until time.Time `json:"until"`
	// Sealed is the Passage, sealed with the publisher's key: it outlives the reader's.
	Sealed []byte `json:"sealed"`
}

// Passage leads to the thread of a conversation. Nothing of the reader is in it.
type Passage struct {
	// Bridge tells the publisher's bridge from others that it had before.
	Bridge string `json:"bridge"`
	// Token is what answers show, Name what the conversation is called there.
	Token string `json:"token"`
	Name  string `json:"name"`
	// Thread is what the bridge calls the thread; empty while there is none.
	Thread string `json:"thread,omitempty"`
}

// Fingerprint returns what of a token or thread lies where it is not sealed.
func Fingerprint(mark string) string {
	sum := sha256.Sum256([]byte(mark))
	return hex.EncodeToString(sum[:])
}

// Takes reports whether an answer that shows tokens, or stands in threads, of some fingerprints is
// one to the conversation, and counts at a moment. A thread's name is no secret, and no token.
func (h *Head) Takes(tokens, threads []string, at time.Time) bool {
	return h.Bridged != nil && len(h.Bridged.Marks) > 0 && at.Before(h.Bridged.Until) &&
		(slices.Contains(tokens, h.Bridged.Marks[0]) || slices.ContainsFunc(h.Bridged.Marks[1:], func(mark string) bool { return slices.Contains(threads, mark) }))
}

// Farewell is the thread of a conversation that has been erased: it is told so once.
type Farewell struct {
	Publisher string `json:"publisher"`
	// ID tells it from others.
	ID     string    `json:"id"`
	At     time.Time `json:"at"`
	Sealed []byte    `json:"sealed"`
}

// Carried notes that the bridge has the lines of those numbers.
func (t *Talk) Carried(numbers []int, as *Bridged) {
	t.Bridged, t.Uncarried = as, false
	for i := range t.Said {
		l := &t.Said[i]
		l.Uncarried = l.Uncarried && !slices.Contains(numbers, l.Number)
		t.Uncarried = t.Uncarried || l.Uncarried
	}
}

// Has reports whether a line of people was handed in under a key.
func (t *Talk) Has(key string) bool {
	return key != "" && slices.ContainsFunc(t.Said, func(l Line) bool { return l.Key == key })
}

// SealedFor is what passages of a publisher are sealed for.
func SealedFor(publisher string) string { return "bridge/" + publisher }
