package main

import (
	"context"
	"crypto/rand"
	"time"

	"keypull/cmd/keypull/config"
	"keypull/cmd/keypull/publishing"
	"keypull/pull/withdrawal"
	"keypull/store"
	"keypull/web/alarms"
	"keypull/web/console"
	"keypull/web/console/site"
	"keypull/web/desk"
)

// newFailures returns what knows what fails, for the page of today, for /readyz, and for
// alarms.
func (in *installation) newFailures() *console.Failures {
	return &console.Failures{
		Catalogue: in.room, Health: in.cache, Channels: in.channels, Letters: in.resources.dead, Counts: in.resources.demand,
		Withdrawn: in.cache.Withdrawals, SeenBy: in.countTold, Store: in.store.Room, Clock: in.clock,
	}
}

// failing is one thing that fails of a publisher.
type failing struct {
	Publisher string `json:"publisher"`
	console.Failure
}

// mostFailing is how much of what fails /readyz tells.
const mostFailing = 100

// listFailing returns what fails of a publisher, or of all where it is "". What can't be
// known now is left out.
func (in *installation) listFailing(ctx context.Context, publisher string) (all []failing) {
	ctx, cancel := context.WithTimeout(ctx, waits.ready)
	defer cancel()
	for _, pub := range in.room.Publishers() {
		if publisher != "" && pub.ID != publisher {
			continue
		}
		failures, err := in.failures.Of(ctx, pub.ID)
		for _, f := range failures {
			if len(all) == mostFailing || err != nil {
				return all
			}
			all = append(all, failing{pub.ID, f})
		}
	}
	return all
}

// countTold counts in how many answers of the day before it something was told that a rule is
// about.
func (in *installation) countTold(ctx context.Context, publisher string, r withdrawal.Rule) (int, error) {
	const before = 24 * time.Hour
	r.Until = time.Time{}
	set := withdrawal.New([]withdrawal.Rule{r}, r.At)
	return in.ledger.CountTold(ctx, publisher, r.At.Add(-before), r.At, func(told []withdrawal.Told) bool { return set.Tells(told, nil, r.At) })
}

// newDesk returns where people of publishers answer readers.
func (in *installation) newDesk() *desk.Desk {
	return desk.New(desk.Options{
		Talks: store.NewTalks(in.ledger), Bookings: store.NewBookings(in.store), Readers: in.ledger, Catalogue: in.room, Channels: in.channels,
		Number: in.prover.CodeOf, HandOver: in.room.HandOver, PublicURL: in.config.Server.PublicURL, Clock: in.clock, Logger: in.logger,
		Bridges: allKinds().Bridges, Checks: config.Checks(), Vault: in.ring, Random: rand.Reader, Client: in.client,
	})
}

// newAlarms returns who is told what fails.
func (in *installation) newAlarms(failures *console.Failures) *alarms.Alarms {
	s := alarms.New(alarms.Options{
		Addresses: in.resources.alarms, Catalogue: in.room, Failures: failures, Health: in.cache, Channels: in.channels, Client: in.client,
		Look: publishing.Corrections{Publishers: in.room}.Look, Reader: in.readerKey,
		Page: func(publisher string) string {
			return in.config.Server.PublicURL + site.Root + "/p/" + publisher + "/today"
		},
		PublicURL: in.config.Server.PublicURL, Clock: in.clock, Logger: in.logger, Every: waits.alarm,
	})
	failures.Untold, failures.Conversations, failures.Backup = s.Untold, in.desk.Failing, in.lateCopies
	in.failures = failures
	return s
}
