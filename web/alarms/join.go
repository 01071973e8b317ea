package alarms

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"keypull/pull"
	"keypull/pull/alarm"
	"keypull/pull/who"
	"keypull/pull/words"
)

// codeOpen is for how long a code is good, by which an account is told.
const codeOpen = 15 * time.Minute

// newCode returns a code that nobody can guess.
func (s *Alarms) newCode() (pull.MoveCode, error) {
	for {
		var chance [8]byte
		if _, err := io.ReadFull(s.Random, chance[:]); err != nil {
			return "", fmt.Errorf("make a code: %w", err)
		}
		if code, ok := pull.NewMoveCode(binary.BigEndian.Uint64(chance[:])); ok {
			return code, nil
		}
	}
}

// Gives implements pull.Alarms.
func (s *Alarms) Gives(publisher string, c pull.MoveCode) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addressGiven(context.Background(), publisher, c) != nil
}

// addressGiven returns the account that a code is for; s.mu is held.
func (s *Alarms) addressGiven(ctx context.Context, publisher string, c pull.MoveCode) *alarm.Address {
	if err := s.loadAddresses(ctx); err != nil {
		return nil
	}
	for _, a := range s.byPublisher[publisher] {
		if a.Way == alarm.Account && isProof(a, string(c), s.Clock()) {
			return a
		}
	}
	return nil
}

// Join implements pull.Alarms.
func (s *Alarms) Join(ctx context.Context, ask *pull.Ask, c pull.MoveCode) (bool, error) {
	s.mu.Lock()
	a := s.addressGiven(ctx, ask.Publisher, c)
	if a == nil || !a.Confirmed.IsZero() && a.Joined.Ask != ask.ID {
		s.mu.Unlock()
		return false, nil
	}
	id := a.ID
	s.mu.Unlock()
	_, err := s.changeAddress(ctx, ask.Publisher, id, func(a *alarm.Address) error {
		if !isProof(a, string(c), s.Clock()) {
			return errUsed
		}
		a.Confirmed, a.Channel, a.Reader = s.Clock(), ask.Channel, ask.Reader
		a.Joined = alarm.Joined{Ask: ask.ID, Address: ask.Address, Thread: ask.Thread, Wrote: ask.Written()}
		a.Failed, a.Why = time.Time{}, words.Text{}
		return nil
	})
	if errors.Is(err, errUsed) {
		return false, nil
	}
	return err == nil, err
}

// errUsed says that a code was used meanwhile.
var errUsed = errors.New("the code was used")

// Watch sees every settled ask: whoever is told by an address and says STOP, or is gone, is
// told nothing more; any other message says until when the platform lets them be told.
func (s *Alarms) Watch(ask pull.Ask, o pull.Resolved) {
	if !s.concernsReader(ask.Reader) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.byPublisher[ask.Publisher] {
		if a.Reader != ask.Reader {
			continue
		}
		switch {
		case o.Reader.State != who.Active || !o.Reader.Leaves.IsZero():
			s.stopAddress(a)
		case a.Way == alarm.Account && o.Trace.Kind == "":
			a.Joined.Wrote, a.Joined.Address, a.Joined.Thread = ask.Written(), ask.Address, ask.Thread
		}
		s.changed[a] = true
	}
	s.knowReaders()
}

// Forget ends what a reader is told, who is erased.
func (s *Alarms) Forget(key who.Key) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.loadAddresses(context.Background()); err != nil || !s.concernsReader(key) {
		return
	}
	for _, all := range s.byPublisher {
		for _, a := range all {
			if a.Reader != key {
				continue
			}
			s.stopAddress(a)
			if err := s.Addresses.Keep(context.Background(), *a); err != nil {
				s.changed[a] = true
			}
		}
	}
	s.knowReaders()
}

// stopAddress has an address be told nothing more, and keeps nothing of who it was but that it ended.
func (s *Alarms) stopAddress(a *alarm.Address) {
	a.Confirmed, a.Proof, a.Until, a.Joined, a.Reader = time.Time{}, nil, time.Time{}, alarm.Joined{}, ""
	a.Known, a.Notices, a.Failed = nil, nil, time.Time{}
	a.Why = words.Text{Key: "alarm.stopped"}
}
