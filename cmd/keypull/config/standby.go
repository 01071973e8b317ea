package config

import (
	"cmp"
	"net/url"
	"strings"
	"time"

	"keypull/pull/outside"
	"keypull/pull/settings"
)

// StandbyConfig is the table [standby], the same on the primary and on its standby, or on all that
// work or wait at a database.
type StandbyConfig struct {
	Secret settings.Secret `name:"secret" label:"Secret" help:"What a standby shows the primary: the same on both machines. Not set: there is no standby. With [store] keys = \"database\": by what a keypull that waits gets the wrapping key of the one that works, and commands of its machine are carried out there, where they have no folder in common." check:"min=16,max=1000"`
	Of     string          `name:"of" label:"Of" help:"Where the keypull that works is reached by one that waits, beside [store] keys = \"database\": https, or http of this machine. Not set: public_url." check:"url" example:"https://pull.example.org"`
	Wait   time.Duration   `name:"wait" label:"Wait" help:"How long an ask waits for the standby to have it before it is told to be accepted; after that it is accepted here alone, which is counted and told. 0 waits for nobody: what was accepted in the last moment is lost with this machine." check:"min=0s,max=60s"`
	Keep   settings.Bytes  `name:"keep" label:"Keep" help:"How much of the store's log is kept for a standby that is away; beyond it the store is copied anew." check:"min=64MiB"`
}

// NodeConfig is the table [node]: what each machine has for itself.
type NodeConfig struct {
	URL string `name:"url" label:"URL" help:"Where the others reach this one, which forward to it what comes to them while it works: of a network that nobody else reads, or https. Not set: http and the address that it listens on, or the name of the machine where it listens on all." check:"url" example:"http://10.0.0.2:8080"`
}

// PeerAddress returns where a keypull that works at a database is reached by one that waits.
func (c *Config) PeerAddress() string {
	return strings.TrimRight(cmp.Or(c.Standby.Of, c.Server.PublicURL), "/")
}

// Confidential says that nobody else reads on the way to an address: TLS leads there, or it is this
// machine's.
func Confidential(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http" && Local(address))
}

// Local says that an address leads to the machine itself on which it is called.
func Local(address string) bool {
	u, err := url.Parse(address)
	return err == nil && outside.OnThisMachine(u.Hostname())
}
