package safe

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/store"
	"keypull/store/postgres"
	"keypull/store/sealed"
)

// Peer gives the wrapping keys of who works on the database.
type Peer interface {
	// WrappingKeys asks for them: they are what sealed.TakeWrapping takes. The errors are sentences.
	WrappingKeys(ctx context.Context) ([]byte, error)
	// Usable says whether the key file here is that of who was asked last.
	Usable() error
}

const (
	// peerEvery is how often who waits asks, and peerWithin how long it waits for the answer.
	peerEvery  = 2 * time.Second
	peerWithin = 10 * time.Second
)

// peering is what who waits knows of the wrapping keys. It is for the goroutine that opens.
type peering struct {
	db     *postgres.Store
	asked  time.Time
	answer chan peerAnswer // nil where nothing is asked
	said   string          // the last sentence of the log
}

type peerAnswer struct {
	keys []byte
	err  error
}

// end returns once nothing is asked any more, whose context has ended.
func (p *peering) end() {
	if p.answer != nil {
		<-p.answer
		p.answer = nil
	}
}

// askPeer takes what the one who works has answered, and asks again where it is time.
func (o *opening) askPeer(ctx context.Context) {
	p := &o.peer
	select {
	case a := <-p.answer:
		p.answer = nil
		o.takeKeys(ctx, a)
	default:
	}
	if p.answer != nil || time.Since(p.asked) < peerEvery {
		return
	}
	p.asked = time.Now()
	answer := make(chan peerAnswer, 1)
	p.answer = answer
	go func() { answer <- askKeys(ctx, o.Peer) }()
}

func askKeys(ctx context.Context, peer Peer) (a peerAnswer) {
	defer pull.Caught("ask for the wrapping keys", &a.err)
	ctx, cancel := context.WithTimeout(ctx, peerWithin)
	defer cancel()
	a.keys, a.err = peer.WrappingKeys(ctx)
	return a
}

// takeKeys has the file of wrapping keys be what was answered, and tells the others what is in it.
func (o *opening) takeKeys(ctx context.Context, a peerAnswer) {
	wrappers, err := o.wrappers(ctx)
	if err != nil {
		return // the database may be restarting
	}
	if err = a.err; err == nil {
		err = sealed.TakeWrapping(o.Keys, a.keys, wrappers)
	}
	if errors.Is(err, store.ErrInUse) {
		err = nil // the folder is common after all
	}
	held, may := o.heldKeys(wrappers)
	keys := strings.Join(held, " ")
	if !may {
		keys = store.NoKeys
	}
	o.peer.db.SayKeys(keys)
	if unusable := o.Peer.Usable(); unusable != nil {
		err = unusable
	}
	said := ""
	if err != nil {
		said = err.Error()
	}
	switch {
	case said == o.peer.said:
	case err == nil:
		o.Logger.InfoContext(ctx, "the keys are here by which those in the database are wrapped")
	case may:
		o.Logger.WarnContext(ctx, "who works can't be asked for the next wrapping key; it is tried again", "error", err)
	default:
		o.Logger.ErrorContext(ctx, "this keypull can't take over", "error", words.Fail(err, "database.keyless", words.Args{"file": sealed.WrappingOf(o.Keys), "reason": words.Said(err)}))
	}
	o.peer.said = said
}

func (o *opening) wrappers(ctx context.Context) ([]string, error) {
	return o.peer.db.KeyPages().Wrappers(ctx) //nolint:wrapcheck // it says what it is
}

// heldKeys returns the names of the wrapping keys that are here, and whether they and the key file
// open what wrappers wrap.
func (o *opening) heldKeys(wrappers []string) (held []string, may bool) {
	held, err := sealed.HeldWrapping(o.Keys)
	missing := slices.ContainsFunc(wrappers, func(id string) bool { return !slices.Contains(held, id) })
	return held, err == nil && !missing && o.Peer.Usable() == nil
}

// hasWrapping says that all keys in the database open here.
func (o *opening) hasWrapping(ctx context.Context) bool {
	wrappers, err := o.wrappers(ctx)
	if err != nil {
		return false
	}
	_, may := o.heldKeys(wrappers)
	return may
}

// othersHave says that all who wait have a wrapping key, but for those that have no folder of their own.
func (o *opening) othersHave(ctx context.Context, key string) bool {
	nodes, err := o.peer.db.Nodes(ctx)
	if err != nil {
		return false
	}
	all := true
	for _, n := range nodes {
		if n.Waits && n.Keys != "" && !slices.Contains(strings.Fields(n.Keys), key) {
			all = false
			o.Logger.WarnContext(ctx, "the next wrapping key is held back: a keypull that waits does not have it yet", "node", fmt.Sprint(n.ID), "name", n.Name)
		}
	}
	return all
}
