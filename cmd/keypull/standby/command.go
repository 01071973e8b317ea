package standby

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"keypull/pull"
)

const (
	// commandFresh is how old a command may be, or how far ahead a clock; mostFresh are carried out in
	// twice that time at most.
	commandFresh = 2 * time.Minute
	mostFresh    = 10_000
	// misdirectedTries is how often a node is asked that could not pass a command on: another one
	// may take the next.
	misdirectedTries = 20
	misdirectedPause = 200 * time.Millisecond
)

// sealedCommand is what a command holds under its seal, which who terminates TLS on the way can neither
// read nor change, nor send again.
type sealedCommand struct {
	At    time.Time       `json:"at"`
	Asked json.RawMessage `json:"asked"`
}

// The purposes that a text is sealed for.
var (
	forAsked    = []byte("asked")
	forAnswered = []byte("answered")
)

// commandBox seals what two keypulls with the same key file tell each other of commands.
func commandBox(hashKey []byte) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, hashKey, nil, "keypull commands between nodes", 32)
	if err != nil {
		return nil, fmt.Errorf("derive a key: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("make a cipher: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(block) //nolint:wrapcheck // never
}

// carryOut carries out a sealed command, and returns what came of it, sealed; or why not.
func (g *Giver) carryOut(ctx context.Context, q *Question) (answer []byte, code string) {
	box, err := commandBox(g.Ring.HashKey())
	if err != nil {
		return nil, codePair
	}
	var command sealedCommand
	plain, err := box.Open(nil, nil, q.Command, forAsked)
	if err != nil || json.Unmarshal(plain, &command) != nil {
		return nil, codePair
	}
	if !g.fresh.takeCommand(sha256.Sum256(q.Command), command.At, g.Clock()) {
		return nil, codeClock
	}
	return box.Seal(nil, nil, g.Answer(ctx, command.Asked), append(forAnswered[:len(forAnswered):len(forAnswered)], q.Command...)), "" //nolint:gosec // the box draws nonces
}

// freshCommands knows the commands that were carried out and would still be fresh. It is safe for
// concurrent use.
type freshCommands struct {
	mu  sync.Mutex
	all map[[sha256.Size]byte]time.Time // when each was given
}

// takeCommand reports whether a command that was given at a moment is fresh, and was not taken before.
func (f *freshCommands) takeCommand(sum [sha256.Size]byte, at, now time.Time) bool {
	stale := func(at time.Time) bool { return now.Sub(at).Abs() > commandFresh }
	f.mu.Lock()
	defer f.mu.Unlock()
	maps.DeleteFunc(f.all, func(_ [sha256.Size]byte, at time.Time) bool { return stale(at) })
	if _, taken := f.all[sum]; taken || stale(at) || len(f.all) >= mostFresh {
		return false
	}
	if f.all == nil {
		f.all = map[[sha256.Size]byte]time.Time{}
	}
	f.all[sum] = at
	return true
}

// Command has who works carry out a command, and returns its answer. The errors are sentences.
func (t *Taker) Command(ctx context.Context, asked []byte) (answer []byte, err error) {
	pair, hashKey, err := t.keyNames()
	if err != nil {
		return nil, err
	}
	box, err := commandBox(hashKey)
	if err != nil {
		return nil, err
	}
	plain, err := json.Marshal(sealedCommand{At: t.Clock(), Asked: asked})
	if err != nil {
		return nil, err //nolint:wrapcheck // never
	}
	command := box.Seal(nil, nil, plain, forAsked) //nolint:gosec // the box draws nonces
	q := &Question{Version: t.Version, Pair: pair, Command: command}
	told, err := t.ask(ctx, q, commandFrame)
	for tries := 1; errors.Is(err, errMisdirected) && tries < misdirectedTries; tries++ {
		pull.Sleep(ctx, misdirectedPause)
		told, err = t.ask(ctx, q, commandFrame)
	}
	if err != nil {
		return nil, err
	}
	if answer, err = box.Open(nil, nil, told, append(forAnswered[:len(forAnswered):len(forAnswered)], command...)); err != nil {
		return nil, errFrame
	}
	return answer, nil
}
