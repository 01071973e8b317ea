package messengers

import (
	"context"
	"slices"

	"keypull/pull/settings"
)

// AppKind is a plug-in for one account of a platform's developer that carries
// channels of many publishers.
type AppKind = settings.Kind[Env, App]

// AppKindsOf returns the app kinds that some messenger kinds may be carried by,
// each once.
func AppKindsOf(kinds []Kind) []*AppKind {
	var all []*AppKind
	for _, k := range kinds {
		if k.App != nil && !slices.Contains(all, k.App) {
			all = append(all, k.App)
		}
	}
	return all
}

// AppKindOf returns the app kind of a name that one of some messenger kinds may
// be carried by, or nil if there is none.
func AppKindOf(kinds []Kind, name string) *AppKind {
	for _, k := range AppKindsOf(kinds) {
		if k.Name == name {
			return k
		}
	}
	return nil
}

// Alone is the option of a kind's Settings of which an app has some, where one
// carries the channel.
type Alone interface {
	// CheckAlone finds what a channel lacks that no app carries.
	CheckAlone() settings.Problems
}

// App verifies what a platform delivers for all of its channels. Implementations
// are safe for concurrent use.
type App interface {
	// Receive verifies a delivery over its raw bytes, once, and tells which part
	// of it is for which account. The receipt is what the platform gets where no
	// channel says otherwise; it has neither asks nor events.
	Receive(ctx context.Context, d Delivery) (Receipt, []Part, error)
}

// Part is a part of an app's delivery: what one account gets.
type Part struct {
	// Account is what the platform calls the account: a page, a team, a number.
	Account string
	// Delivery is what its channel receives, as if the platform had sent no more.
	Delivery Delivery
}

// Carried is the option of a messenger that an app can carry.
type Carried interface {
	// Account is what the app's platform calls the channel's account.
	Account() string
}
