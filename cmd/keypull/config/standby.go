package config

import (
	"time"

	"keypull/pull/settings"
)

// StandbyConfig is the table [standby], the same on the primary and on its standby.
type StandbyConfig struct {
	Secret settings.Secret `name:"secret" label:"Secret" help:"What a standby shows the primary: the same on both machines. Not set: there is no standby." check:"min=16,max=1000"`
	Wait   time.Duration   `name:"wait" label:"Wait" help:"How long an ask waits for the standby to have it before it is told to be accepted; after that it is accepted here alone, which is counted and told. 0 waits for nobody: what was accepted in the last moment is lost with this machine." check:"min=0s,max=60s"`
	Keep   settings.Bytes  `name:"keep" label:"Keep" help:"How much of the store's log is kept for a standby that is away; beyond it the store is copied anew." check:"min=64MiB"`
}
