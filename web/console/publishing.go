package console

import (
	"slices"
	"time"

	"keypull/pull"
	"keypull/pull/settings"
	"keypull/web/messengers"
)

// Health tells how sources have been doing.
type Health interface {
	// HealthOf returns those of a publisher that were asked, by their ids.
	HealthOf(publisher string) map[string]pull.Health
}

// Keeper is what the operations on sources need of the snapshots.
type Keeper interface {
	Health
	// Accept believes what is held back of a source, and returns how many
	// answers that were.
	Accept(publisher, source string) int
}

// Publishing is what the operations on publishers, sources, keywords and
// channels work with.
type Publishing struct {
	Catalogue Catalogue
	Trials    Trials
	Kinds     Kinds
	// Checks are those of the catalogue's and the kinds' fields that package
	// settings does not know.
	Checks   settings.Checks
	Keeper   Keeper
	Channels *messengers.Channels
	// Letters are counted by channel; none are where nil.
	Letters Letters
	Clock   func() time.Time
	// PublicURL is where the world reaches this server, without a slash at the
	// end; ConfigPath the configuration file as the operator named it.
	PublicURL  string
	ConfigPath string
}

// Operations returns the operations publisher.*, kind.list, source.*,
// keyword.* and channel.*.
func (p Publishing) Operations() []Operation {
	return slices.Concat(
		[]Operation{p.kindList()},
		p.publisherOperations(), p.sourceOperations(), p.keywordOperations(), p.channelOperations(),
	)
}
