package matrix

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"
)

// room is what is known of one.
type room struct {
	// members are those in it and invited, ourselves among them.
	members map[string]bool
	// whole: the homeserver told all members, and whether it is encrypted.
	whole bool
	// direct: who made it meant it for two.
	direct bool
	// encrypted: it is, for good; open: it was not when that was asked.
	encrypted, open bool
	// refused: it has been told that encrypted rooms are not read.
	refused bool
	// typing: it is shown that an answer is being written.
	typing bool
}

// private tells whether what is said in the room is said between two. Of one
// whose members are not known, its maker's word counts.
func (r *room) private() bool { return len(r.members) <= 2 && (r.whole || r.direct) }

// maxRooms and maxMembers bound what is remembered; the rest is asked for again.
const (
	maxRooms   = 5000
	maxMembers = 3
)

// rooms are those that have been heard of lately.
type rooms struct {
	mu sync.Mutex
	of map[string]*room
}

// at returns a room, which only its holder changes while within.
func (r *rooms) at(id string, within func(*room)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.of == nil || len(r.of) >= maxRooms && r.of[id] == nil {
		r.of = map[string]*room{}
	}
	of := r.of[id]
	if of == nil {
		of = &room{members: map[string]bool{}}
		r.of[id] = of
	}
	within(of)
}

// forget drops what is known of a room.
func (r *rooms) forget(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.of, id)
}

// know returns what is known of a room, and asks for the rest. With an error it
// is what events have told so far.
func (a *account) know(ctx context.Context, id string) (known room, err error) {
	a.rooms.at(id, func(r *room) { known = r.copied() })
	if known.whole {
		return known, nil
	}
	var joined struct {
		Joined map[string]struct {
			Name string `json:"display_name"`
		} `json:"joined"`
	}
	if err := a.call(ctx, http.MethodGet, []string{"rooms", id, "joined_members"}, nil, &joined); err != nil {
		return known, err
	}
	encrypted, err := a.encrypts(ctx, id)
	if err != nil {
		return known, err
	}
	if me, ok := joined.Joined[a.self()]; ok && me.Name != "" && a.called() == "" {
		a.name.Store(&me.Name)
	}
	a.rooms.at(id, func(r *room) {
		r.members, r.whole, r.encrypted = map[string]bool{}, true, r.encrypted || encrypted
		for user := range joined.Joined {
			r.add(user)
		}
		known = r.copied()
	})
	return known, nil
}

// copied returns what is known of the room, for those who hold it no more.
func (r *room) copied() room {
	known := *r
	known.members = maps.Clone(r.members)
	return known
}

// add notes a member, of as many as it takes to know that a room is no private
// one.
func (r *room) add(user string) {
	if len(r.members) <= maxMembers {
		r.members[user] = true
	}
}

// encrypts asks whether a room is encrypted, which it is for good.
func (a *account) encrypts(ctx context.Context, id string) (bool, error) {
	var state struct {
		Algorithm string `json:"algorithm"`
	}
	err := a.call(ctx, http.MethodGet, []string{"rooms", id, "state", "m.room.encryption"}, nil, &state)
	if absent(err) {
		return false, nil
	}
	return err == nil && state.Algorithm != "", err
}

// learn takes from an event of state what it tells of its room.
func (a *account) learn(e event) {
	switch e.Type {
	case "m.room.encryption":
		a.rooms.at(e.Room, func(r *room) { r.encrypted = true })
	case "m.room.member":
		if e.State == nil {
			return
		}
		user := *e.State
		if user == a.self() && e.Content.Membership == "join" && e.Content.Name != "" {
			a.name.Store(&e.Content.Name)
		}
		a.rooms.at(e.Room, func(r *room) {
			switch e.Content.Membership {
			case "join", "invite":
				r.add(user)
				r.direct = r.direct || e.Content.Direct
			default:
				if delete(r.members, user); len(r.members) >= maxMembers {
					r.whole = false // more than are remembered: ask again
				}
			}
		})
	}
}

// joins are the invitations that were followed of late.
type joins struct {
	mu     sync.Mutex
	recent []time.Time
}

// joinsAMinute is how many invitations are followed in a minute.
const joinsAMinute = 30

func (j *joins) take(at time.Time) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.recent = slices.DeleteFunc(j.recent, func(earlier time.Time) bool { return at.Sub(earlier) >= time.Minute })
	if len(j.recent) >= joinsAMinute {
		return false
	}
	j.recent = append(j.recent, at)
	return true
}

// join follows an invitation, or turns it down where there are too many. What
// goes wrong is that room's trouble alone.
func (a *account) join(ctx context.Context, id string) {
	var in struct {
		Rooms []string `json:"joined_rooms"`
	}
	err := a.call(ctx, http.MethodGet, []string{"joined_rooms"}, nil, &in)
	switch {
	case err != nil:
	case len(in.Rooms) >= a.Rooms || !a.joins.take(a.Clock()):
		a.logger.Warn("an invitation was turned down: there are too many", "rooms", len(in.Rooms))
		a.leave(ctx, id)
	default:
		if err = a.call(ctx, http.MethodPost, []string{"rooms", id, "join"}, struct{}{}, nil); lost(err) {
			a.leave(ctx, id)
		}
	}
	if err != nil {
		a.logger.Warn("an invitation could not be followed", "error", err)
	}
}

// leave leaves a room, or an invitation to it.
func (a *account) leave(ctx context.Context, id string) {
	if err := a.call(ctx, http.MethodPost, []string{"rooms", id, "leave"}, struct{}{}, nil); err != nil {
		a.logger.Warn("a room could not be left", "error", err)
	}
	a.rooms.forget(id)
}
