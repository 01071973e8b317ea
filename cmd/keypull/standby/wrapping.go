package standby

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"sync/atomic"
	"time"

	"keypull/pull/words"
	"keypull/store/sealed"
)

// Giver gives its wrapping keys to who waits with a folder of its own, where readers' keys lie in a
// database, and carries out the commands of who has its key file. It is safe for concurrent use.
type Giver struct {
	Ring            *sealed.Ring
	Version, Secret string
	// Answer carries out a command; where nil, none are.
	Answer func(ctx context.Context, asked []byte) (answer []byte)
	Clock  func() time.Time

	fresh freshCommands
}

// ServeHTTP answers one question.
func (g *Giver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := readQuestion(w, r, g.Secret)
	if q == nil {
		return
	}
	var (
		told Frame
		code string
	)
	switch keys := g.Ring.WrappingKeys(); {
	case q.Command != nil && g.Answer != nil:
		told.kind = commandFrame
		told.payload, code = g.carryOut(r.Context(), q)
	case q.Wraps && keys != nil && q.Pair == g.Ring.Pair():
		told = Frame{wrappingFrame, keys}
	case q.Wraps && keys != nil:
		code = codePair
	default:
		w.WriteHeader(http.StatusNotFound)
		return
	}
	if code != "" {
		writeRefusal(w, http.StatusConflict, Refusal{Code: code, Version: g.Version})
		return
	}
	head, err := json.Marshal(Head{Version: g.Version, Key: g.Ring.KeyID(), Now: time.Now()})
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(appendFrame(appendFrame(nil, headFrame, head), told.kind, told.payload))
}

// Taker asks a Giver. It is safe for concurrent use.
type Taker struct {
	// Of is the address of who works.
	Of, Secret, Version, KeyPath string
	Client                       Client
	Clock                        func() time.Time

	master atomic.Pointer[string] // of who was asked last
}

// WrappingKeys returns what sealed.TakeWrapping takes. The errors are sentences.
func (t *Taker) WrappingKeys(ctx context.Context) ([]byte, error) {
	pair, _, err := t.keyNames()
	if err != nil {
		return nil, err
	}
	return t.ask(ctx, &Question{Version: t.Version, Pair: pair, Wraps: true}, wrappingFrame)
}

func (t *Taker) keyNames() (pair string, hashKey []byte, err error) {
	pair, hashKey, err = sealed.KeyNames(t.KeyPath)
	if errors.Is(err, fs.ErrNotExist) {
		err = words.Fail(err, "standby.no_key", words.Args{"file": t.KeyPath})
	}
	return pair, hashKey, err //nolint:wrapcheck // it is a sentence
}

// ask asks for one frame of a kind.
func (t *Taker) ask(ctx context.Context, q *Question, kind byte) ([]byte, error) {
	frames, err := Ask(ctx, t.Client, t.Of, t.Secret, q)
	var refused *refusedError
	switch {
	case !errors.As(err, &refused):
	case refused.Code == codePair:
		err = words.Fail(err, "standby.pair", words.Args{"file": t.KeyPath})
	case refused.Code == codeClock:
		err = words.Fail(err, "standby.clock", words.Args{"of": t.Of})
	}
	if err != nil {
		return nil, err
	}
	var head Head
	if err := json.Unmarshal(frames[0].payload, &head); err != nil || len(frames) != 2 || frames[1].kind != kind {
		return nil, errFrame
	}
	t.master.Store(&head.Key)
	return frames[1].payload, nil
}

// Usable says whether the key file here is that of who was asked last.
func (t *Taker) Usable() error {
	if key := t.master.Load(); key != nil {
		return checkKey(t.KeyPath, *key)
	}
	return nil
}
