package console

import (
	"keypull/pull/catalogue"
	"time"
)

// Standing is what an entry tells beside the thing itself.
type Standing struct {
	Version string    `json:"version" doc:"Changes with every change; 0 for what stands in the configuration file."`
	Changed time.Time `json:"changed,omitzero" doc:"When it was last changed."`
	By      string    `json:"by,omitempty" doc:"Who changed it last."`
	// Provisioned things stand in the configuration file and are changed there
	// alone.
	Provisioned bool `json:"provisioned,omitempty" doc:"It stands in the configuration file and is changed there alone."`
}

// ETag is the version.
func (s Standing) ETag() string { return s.Version }

func standing(pub *catalogue.Setup, m catalogue.Meta) Standing {
	return Standing{Version: m.ETag(), Changed: m.Changed, By: m.By, Provisioned: pub.Provisioned}
}

// State says in one word how a source or channel is doing.
type State string

// The states.
const (
	// Idle: nobody has asked it since the server began.
	Idle State = "idle"
	// OK: it did what was last asked of it.
	OK State = "ok"
	// Doubtful: it works, with something odd.
	Doubtful State = "warning"
	// Bad: it did not do what was last asked of it, or cannot be opened.
	Bad State = "bad"
)
