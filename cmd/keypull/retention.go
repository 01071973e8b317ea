package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"keypull/cmd/keypull/retention"
	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/who"
	"keypull/store"
)

// Retention of what readers wrote and were told: after it the records are
// dropped, and the keys of their days destroyed, so that older copies of the
// store cannot be read for them either.
const (
	textRetention = 30 * 24 * time.Hour
	// guestRetention is how long a session is kept that nobody agreed to keep,
	// readerRetention a reader's document, after the last ask.
	guestRetention  = 30 * 24 * time.Hour
	readerRetention = 396 * 24 * time.Hour
	// actRetention is how long the audit log goes back.
	actRetention = 400 * 24 * time.Hour
	// answerRetention is how long a program may repeat a request.
	answerRetention = 24 * time.Hour
)

// keepTime makes the one who drops what is past its time. It comes before
// anybody is answered.
func (s *Server) keepTime(ctx context.Context) (*retention.Sweeper, error) {
	return retention.New(ctx, retention.Options{
		KV: s.store, Clock: s.clock, Logger: s.logger,
		Work: func(ctx context.Context, now time.Time, known *store.Retention) error {
			gone := retention.NewAbsence(known, now)
			err := errors.Join(s.forgetBefore(ctx, now.Add(-textRetention)), s.sweepExpired(ctx, now, gone), s.retireReaders(ctx, now, known, gone))
			gone.End(known)
			return err
		},
	})
}

// forgetBefore drops records and keys that are older than a moment.
func (s *Server) forgetBefore(ctx context.Context, before time.Time) error {
	n, err := s.ledger.Trim(ctx, before)
	if err != nil {
		return err
	}
	keys, err := s.ring.DestroyBefore(before)
	if err != nil {
		return fmt.Errorf("destroy the keys of past days: %w", err)
	}
	s.logger.Info("dropped what is past its retention", "records", n, "day_keys", keys)
	return nil
}

// sweepExpired drops what has ended: sessions, links, answers to repeated requests, old
// acts, what was before them, dead letters, snapshots of sources that are other ones now.
func (s *Server) sweepExpired(ctx context.Context, now time.Time, gone *retention.Absence) error {
	var all error
	for _, f := range []func() (int, error){
		func() (int, error) { return s.resources.sessions.Sweep(ctx, now) },
		func() (int, error) { return s.resources.invites.Sweep(ctx, now) },
		func() (int, error) { return s.resources.answered.Sweep(ctx, now.Add(-answerRetention)) },
		func() (int, error) { return s.resources.acts.Trim(ctx, now.Add(-actRetention)) },
		func() (int, error) { return s.resources.changes.Sweep(ctx, now.Add(-people.ChangeKept)) },
		func() (int, error) { return s.resources.dead.Sweep(ctx, now.Add(-textRetention)) },
		func() (int, error) {
			return s.resources.demand.Sweep(ctx, now.Add(-textRetention), func(p string) bool { return s.keepsPublisher(p, gone) })
		},
		func() (int, error) {
			return store.NewSnapshots(s.store).Sweep(ctx, func(publisher, source string) (string, bool) {
				mark, kept := s.room.Keeps(publisher, source)
				return mark, kept || !gone.Gone(publisher+"/"+source)
			})
		},
	} {
		_, err := f()
		all = errors.Join(all, err)
	}
	return all
}

// keepsPublisher says whether what belongs to a publisher is kept: it is there, could not
// be read, or has been gone for less than a day.
func (s *Server) keepsPublisher(publisher string, gone *retention.Absence) bool {
	return s.room.Publisher(publisher) != nil || s.room.Parked(publisher) || !gone.Gone(publisher)
}

// retireReaders takes out what is held of readers who ask nothing any more, and counts
// what the others keep.
func (s *Server) retireReaders(ctx context.Context, now time.Time, known *store.Retention, gone *retention.Absence) error {
	seen := store.NewSeen(s.store)
	guests, err := seen.Until(ctx, now.Add(-guestRetention))
	if err != nil {
		return err
	}
	others, err := seen.Until(ctx, now.Add(-readerRetention))
	if err != nil {
		return err
	}
	saved := store.NewSavedWords(s.store).Begin(s.room.Now)
	var left []who.Key
	n, err := s.newErasure().Retire(ctx, store.Idle{
		Guests: guests, Others: others, Looked: known.Looked, Rest: restAfter,
		Stays: func(key who.Key, r who.Reader) {
			saved.Add(publisherOfKey(key), r)
			if wanted := r.Leaves; !wanted.IsZero() && now.Sub(wanted) > leavingGrace && len(left) < mostLeaving {
				left = append(left, key)
			}
		},
		There: func(p string) bool { return s.keepsPublisher(p, gone) },
	})
	if err != nil {
		return err
	}
	if err := saved.End(ctx, now); err != nil {
		return err
	}
	if err := s.eraseLeft(ctx, left); err != nil {
		return err
	}
	known.Looked = guests
	s.logger.Info("took out readers who ask nothing any more", "readers", n)
	_, err = seen.Sweep(ctx, now.Add(-readerRetention))
	return err
}

// Readers who said FORGET ME go once that is confirmed. One who is still there after so long
// was left by a process that did not do it; no more than so many are looked after at a time.
const (
	leavingGrace = 3 * 24 * time.Hour
	mostLeaving  = 10_000
)

// eraseLeft erases those who said FORGET ME and are still there.
func (s *Server) eraseLeft(ctx context.Context, left []who.Key) error {
	for _, key := range left {
		began := time.Now()
		if err := s.forgetReader(ctx, publisherOfKey(key), key); err != nil && pull.KindOf(err) != pull.Unknown {
			return err
		}
		restAfter(ctx, time.Since(began))
	}
	if len(left) > 0 {
		s.logger.Warn("erased readers who had said FORGET ME and were still there", "readers", len(left))
	}
	return nil
}

func publisherOfKey(key who.Key) string {
	publisher, _, _ := strings.Cut(string(key), ".")
	return publisher
}

// restAfter lets whoever asks meanwhile go first: an erasure takes a tenth of the
// time.
func restAfter(ctx context.Context, took time.Duration) { pull.Sleep(ctx, min(9*took, time.Second)) }
