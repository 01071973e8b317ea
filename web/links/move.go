package links

import (
	"context"
	"encoding/binary"
	"io"
	"time"

	"keypull/pull"
	"keypull/pull/who"
	"keypull/web/messengers"
)

// moveTries is how many move codes a reader may send a minute.
const moveTries = 10

// Moves gives readers codes by which they take over on another channel what they told to
// keep, each once and for HandoutOpen. It is not copied.
type Moves struct {
	held   Documents
	clock  func() time.Time
	random io.Reader
	grants grants
	paces  messengers.Paces
}

// Documents returns what is held of a reader, and at which revision: 0 is nothing.
type Documents func(ctx context.Context, key who.Key) (who.Reader, uint64, error)

// NewMoves returns Moves of readers.
func NewMoves(held Documents, clock func() time.Time, random io.Reader) *Moves {
	return &Moves{held: held, clock: clock, random: random, paces: messengers.Paces{Per: time.Minute}}
}

// Code returns a new code of an ask's reader, and until when it is good; "" where chance
// fails. Former codes of the reader are good no more.
func (m *Moves) Code(a *pull.Ask) (pull.MoveCode, time.Time) {
	code, ok := pull.MoveCode(""), false
	for !ok {
		var chance [8]byte
		if _, err := io.ReadFull(m.random, chance[:]); err != nil {
			return "", time.Time{}
		}
		code, ok = pull.NewMoveCode(binary.BigEndian.Uint64(chance[:]))
	}
	until := m.clock().Add(HandoutOpen)
	m.grants.give(string(code), grant{publisher: a.Publisher, channel: a.Channel, key: a.Reader, until: until})
	return code, until
}

// Moved returns of whom a code is that an ask names, and what is held of them; see
// pull.Past.
func (m *Moves) Moved(ctx context.Context, a *pull.Ask, c pull.MoveCode, take bool) (who.Key, who.Reader, error) {
	const op = "take over"
	now := m.clock()
	if wait := m.paces.Take(string(a.Reader), moveTries, now); wait > 0 {
		return "", who.Reader{}, &pull.Error{Kind: pull.Limited, Op: op, RetryAt: now.Add(wait)}
	}
	one, ok := m.grants.claim(string(c), a.Publisher, a.ID, take, now)
	if !ok {
		return "", who.Reader{}, &pull.Error{Kind: pull.Unknown, Op: op}
	}
	r, revision, err := m.held(ctx, one.key)
	if err != nil {
		return "", who.Reader{}, err
	}
	if revision == 0 || !r.Leaves.IsZero() {
		return "", who.Reader{}, &pull.Error{Kind: pull.Unknown, Op: op}
	}
	return one.key, r, nil
}

// Forget ends the codes of a reader.
func (m *Moves) Forget(key who.Key) { m.grants.forget(key) }
