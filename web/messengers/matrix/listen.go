package matrix

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"keypull/pull"
	"keypull/web/messengers"
	"keypull/web/messengers/httpapi"
)

const (
	syncSeconds = 30
	syncSlack   = 15 * time.Second
	lastBackoff = time.Minute
	// A server that does not wait as it is asked to is asked no more often.
	emptyPause = 250 * time.Millisecond
	// before is how old a message may be that was written in a room before we
	// were in it.
	before = 10 * time.Minute
)

// filter is what a sync is to bring.
const filter = `{"presence":{"not_types":["*"]},"account_data":{"not_types":["*"]},"room":{"account_data":{"not_types":["*"]},` +
	`"state":{"types":["m.room.member","m.room.encryption"],"lazy_load_members":true},"ephemeral":{"types":["m.receipt"]},` +
	`"timeline":{"limit":100,"types":["m.room.message","m.sticker","m.room.encrypted","m.room.encryption","m.room.member","m.reaction","m.room.redaction"]}}}`

// synced is an answer to a sync.
type synced struct {
	Next  string `json:"next_batch"`
	Rooms struct {
		Join map[string]struct {
			State    events `json:"state"`
			Timeline events `json:"timeline"`
			Receipts struct {
				Events []json.RawMessage `json:"events"`
			} `json:"ephemeral"`
		} `json:"join"`
		Invite map[string]struct {
			State events `json:"invite_state"`
		} `json:"invite"`
		Leave map[string]struct {
			Timeline events `json:"timeline"`
		} `json:"leave"`
	} `json:"rooms"`
}

type events struct {
	Events []json.RawMessage `json:"events"`
}

// of reads the events of a room, which the sync does not name in them.
func (e events) of(id string) (all []event) {
	for _, raw := range e.Events {
		if read, ok := read(raw); ok {
			read.Room = id
			all = append(all, read)
		}
	}
	return all
}

// Listen syncs until ctx ends. Where it is in the stream it keeps once what came
// is stored. It returns early only where the token is dead.
func (r *reader) Listen(ctx context.Context, accept func(context.Context, messengers.Receipt) error) error {
	return messengers.Fetching{Longest: lastBackoff, Random: r.random, Logger: r.logger, Failed: "the sync with the homeserver failed", Ends: func(err error) error {
		if httpapi.Denies(err) {
			return fmt.Errorf("matrix: sync: %w", err)
		}
		return nil
	}}.Run(ctx, func(ctx context.Context) error { return r.round(ctx, accept) })
}

// round takes one batch. The first one of an account only tells where the stream
// is: what was said before is not answered.
func (r *reader) round(ctx context.Context, accept func(context.Context, messengers.Receipt) error) error {
	if err := r.introduced(ctx); err != nil {
		return err
	}
	since, err := r.kept.load(ctx, r.place)
	if err != nil {
		return fmt.Errorf("where the stream was left: %w", err)
	}
	query := url.Values{"filter": {filter}, "timeout": {fmt.Sprint(syncSeconds * 1000)}}
	if query.Set("since", since); since == "" {
		query = url.Values{"filter": {strings.Replace(filter, `"limit":100`, `"limit":1`, 1)}, "timeout": {"0"}}
	}
	var batch synced
	sync := httpapi.Request{Name: "sync", Path: clientPath + "sync", Query: query, MaxBytes: maxAnswer, Timeout: syncSeconds*time.Second + syncSlack}
	if err := r.Call(ctx, sync, &batch); err != nil {
		return err
	}
	if batch.Next == "" {
		return r.Unclear()
	}
	if batch.Next == since {
		pull.Sleep(ctx, emptyPause)
	}
	receipt, seen, err := r.meaning(ctx, batch, since == "")
	if err != nil {
		return err
	}
	if len(receipt.Asks) > 0 || len(receipt.Events) > 0 {
		if err := accept(ctx, receipt); err != nil {
			return fmt.Errorf("store events: %w", err)
		}
	}
	if err := r.kept.keep(ctx, r.place, batch.Next); err != nil {
		return fmt.Errorf("keep where the stream was left: %w", err)
	}
	for id, last := range seen {
		r.mark(ctx, id, last)
	}
	return nil
}

// meaning returns what a batch says; seen are the last messages of each room that are
// answered.
func (r *reader) meaning(ctx context.Context, batch synced, begins bool) (all messengers.Receipt, seen map[string]string, err error) {
	seen = map[string]string{}
	for _, id := range slices.Sorted(maps.Keys(batch.Rooms.Join)) {
		in := batch.Rooms.Join[id]
		for _, e := range in.State.of(id) {
			r.learn(e)
		}
		timeline := in.Timeline.of(id)
		joined := slices.ContainsFunc(timeline, func(e event) bool { return r.ours(e, "join") })
		for _, e := range timeline {
			asked := len(all.Asks)
			if begins || joined && r.Clock().Sub(time.UnixMilli(e.At)) > before {
				r.learn(e)
				continue
			}
			// A room that we may not look into any more is no reason to stand still.
			if err := r.understand(ctx, e, &all); err != nil && !lost(err) {
				return all, nil, err
			}
			if len(all.Asks) > asked && !all.Asks[asked].Overheard && !all.Asks[asked].Edit {
				seen[id] = e.ID
			}
		}
		all.Events = append(all.Events, r.receipts(in.Receipts.Events)...)
	}
	for _, id := range slices.Sorted(maps.Keys(batch.Rooms.Leave)) {
		for _, e := range batch.Rooms.Leave[id].Timeline.of(id) {
			if e.Type == "m.room.member" && !begins {
				if err := r.understand(ctx, e, &all); err != nil && !lost(err) {
					return all, nil, err
				}
			}
		}
	}
	for _, id := range slices.Sorted(maps.Keys(batch.Rooms.Invite)) {
		r.invited(ctx, id, batch.Rooms.Invite[id].State.of(id), &all)
	}
	return all, seen, nil
}

// invited reads an invitation.
func (r *reader) invited(ctx context.Context, id string, state []event, all *messengers.Receipt) {
	if !roomID(id) {
		return
	}
	for _, e := range state {
		if r.ours(e, "invite") {
			_ = r.understand(ctx, e, all) // an invitation asks nothing that can fail here
			return
		}
		r.learn(e)
	}
	r.join(ctx, id)
}

// ours tells whether an event is about our own membership.
func (r *reader) ours(e event, membership string) bool {
	return e.Type == "m.room.member" && e.State != nil && *e.State == r.self() && e.Content.Membership == membership
}

// receipts returns the messages of ours that readers have seen.
func (r *reader) receipts(of []json.RawMessage) (all []messengers.Event) {
	for _, raw := range of {
		var receipt struct {
			Type    string                                           `json:"type"`
			Content map[string]map[string]map[string]json.RawMessage `json:"content"`
		}
		if json.Unmarshal(raw, &receipt) != nil || receipt.Type != "m.receipt" {
			continue
		}
		for _, id := range slices.Sorted(maps.Keys(receipt.Content)) {
			for _, user := range slices.Sorted(maps.Keys(receipt.Content[id]["m.read"])) {
				if user != r.self() && r.sent.Get(id) {
					all = append(all, messengers.Event{Kind: messengers.Read, Reader: user, Message: id})
				}
			}
		}
	}
	return all
}

// kept is what outlives a restart: where the stream was left, and which rooms
// have been told that they are not read.
type kept struct {
	mu    sync.Mutex
	ready bool
	since string
	told  []string
}

// maxTold rooms fit beside the longest token.
const maxTold = 200

func (k *kept) load(ctx context.Context, from messengers.Place) (string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ready {
		return k.since, nil
	}
	value, err := from.Load(ctx)
	if err != nil {
		return "", err
	}
	since, told, _ := strings.Cut(string(value), "\n")
	k.ready, k.since, k.told = true, since, append(strings.Fields(told), k.told...)
	return since, nil
}

func (k *kept) keep(ctx context.Context, in messengers.Place, since string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := in.Keep(ctx, []byte(since+"\n"+strings.Join(k.told, " "))); err != nil {
		return err
	}
	k.since = since
	return nil
}

func (k *kept) has(mark string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Contains(k.told, mark)
}

func (k *kept) add(mark string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.told = append(k.told, mark); len(k.told) > maxTold {
		k.told = k.told[1:]
	}
}
