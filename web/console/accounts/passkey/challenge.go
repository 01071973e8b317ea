package passkey

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"maps"
	"time"
)

// A question is random, the moment at which it was posed, and our mark of both.
const (
	randomBytes = 16
	momentBytes = 8
	markBytes   = 16
	// answerTime is how long people may take to find their device.
	answerTime = 5 * time.Minute
)

// newChallenge returns a challenge for a person, or for anybody where person is "".
func (c *Ceremonies) newChallenge(p Party, person string) []byte {
	asked := make([]byte, randomBytes, randomBytes+momentBytes+markBytes)
	if _, err := io.ReadFull(c.Rand, asked); err != nil {
		_, _ = rand.Read(asked)
	}
	asked = binary.BigEndian.AppendUint64(asked, uint64(c.Clock().Unix())) //nolint:gosec // a moment of this century
	return append(asked, c.challengeMAC(p, person, asked)...)
}

func (c *Ceremonies) challengeMAC(p Party, person string, asked []byte) []byte {
	mac := hmac.New(sha256.New, c.Secret)
	mac.Write([]byte("passkey\x00" + p.Origin + "\x00" + person + "\x00"))
	mac.Write(asked)
	return mac.Sum(nil)[:markBytes]
}

// checkChallenge refuses a question that this server has not posed, or too long ago.
func (c *Ceremonies) checkChallenge(p Party, person, asked string) error {
	raw, err := base64.RawURLEncoding.DecodeString(asked)
	if err != nil || len(raw) != randomBytes+momentBytes+markBytes {
		return refusedError(errors.New("nobody has asked that"))
	}
	head := raw[:randomBytes+momentBytes]
	if !hmac.Equal(raw[len(head):], c.challengeMAC(p, person, head)) {
		return refusedError(errors.New("nobody has asked that here"))
	}
	at := time.Unix(int64(binary.BigEndian.Uint64(head[randomBytes:])), 0) //nolint:gosec // our own mark is on it
	if age := c.Clock().Sub(at); age > answerTime || age < -answerTime {
		return refusedError(errors.New("the answer comes too late"))
	}
	return nil
}

// spendChallenge has a question be answered once. Only good answers are noted, so that
// there are no more notes than people have signed in of late.
func (c *Ceremonies) spendChallenge(asked string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.Clock()
	maps.DeleteFunc(c.spent, func(_ string, at time.Time) bool { return now.Sub(at) > 2*answerTime })
	if _, ok := c.spent[asked]; ok {
		return refusedError(errors.New("it was answered before"))
	}
	if c.spent == nil {
		c.spent = map[string]time.Time{}
	}
	c.spent[asked] = now
	return nil
}
