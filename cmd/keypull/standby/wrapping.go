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
// database. It is safe for concurrent use.
type Giver struct {
	Ring            *sealed.Ring
	Version, Secret string
}

// ServeHTTP answers one question.
func (g *Giver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := readQuestion(w, r, g.Secret)
	if q == nil {
		return
	}
	keys := g.Ring.WrappingKeys()
	switch {
	case !q.Wraps, keys == nil:
		w.WriteHeader(http.StatusNotFound)
		return
	case q.Pair != g.Ring.Pair():
		writeRefusal(w, http.StatusConflict, Refusal{Code: codePair, Version: g.Version})
		return
	}
	head, err := json.Marshal(Head{Version: g.Version, Key: g.Ring.KeyID(), Now: time.Now()})
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(appendFrame(appendFrame(nil, headFrame, head), wrappingFrame, keys))
}

// Taker asks a Giver. It is safe for concurrent use.
type Taker struct {
	// Of is the address of who works.
	Of, Secret, Version, KeyPath string
	Client                       Client

	master atomic.Pointer[string] // of who was asked last
}

// WrappingKeys returns what sealed.TakeWrapping takes. The errors are sentences.
func (t *Taker) WrappingKeys(ctx context.Context) ([]byte, error) {
	pair, _, err := sealed.KeyNames(t.KeyPath)
	if errors.Is(err, fs.ErrNotExist) {
		err = words.Fail(err, "standby.no_key", words.Args{"file": t.KeyPath})
	}
	if err != nil {
		return nil, err //nolint:wrapcheck // it is a sentence
	}
	frames, err := Ask(ctx, t.Client, t.Of, t.Secret, &Question{Version: t.Version, Pair: pair, Wraps: true})
	var refused *refusedError
	if errors.As(err, &refused) && refused.Code == codePair {
		err = words.Fail(err, "standby.pair", words.Args{"file": t.KeyPath})
	}
	if err != nil {
		return nil, err
	}
	var head Head
	if err := json.Unmarshal(frames[0].payload, &head); err != nil || len(frames) != 2 || frames[1].kind != wrappingFrame {
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
