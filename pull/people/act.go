package people

import (
	"encoding/json"
	"time"
)

// MaxChange is how many bytes are kept of what something was before an act or
// is after it.
const MaxChange = 4 << 10

// The faces by which somebody comes to act.
const (
	FacePage   = "page"
	FaceAPI    = "api"
	FaceSocket = "socket"
)

// Done is the outcome of an act that succeeded; of any other it is the kind of
// its error.
const Done = "done"

// Act is one line of the record of who did what. It is read by people who may
// see less than those who act, so that nothing in it may be a secret: whoever
// writes it takes passwords, tokens and keys out of Before and After.
type Act struct {
	ID string    `json:"id"`
	At time.Time `json:"at"`
	// Who is the id of a person or a token, or "socket".
	Who string `json:"who"`
	// Name is what Who was called at that time.
	Name string `json:"name,omitempty"`
	// Face is FacePage, FaceAPI or FaceSocket.
	Face string `json:"face"`
	// Operation names what was done, Target what it was done to, as in
	// "source news"; Publisher is empty for the installation itself.
	Operation string `json:"operation"`
	Publisher string `json:"publisher,omitempty"`
	Target    string `json:"target,omitempty"`
	Outcome   string `json:"outcome"`
	// Before and After are at most MaxChange bytes each; what is longer is left
	// out, since half a value misleads.
	Before  json.RawMessage `json:"before,omitempty"`
	After   json.RawMessage `json:"after,omitempty"`
	Address string          `json:"address,omitempty"`
	// Secrets are the paths of the secrets that are others after the act:
	// "settings.token". Before and After do not show that.
	Secrets []string `json:"secrets,omitempty"`
	// Change is the id under which is kept what was before; empty if nothing
	// is that can be brought back.
	Change string `json:"change,omitempty"`
}

// Fit returns the act without what is too long to be kept or is no JSON.
func (a Act) Fit() Act {
	a.Before, a.After = fit(a.Before), fit(a.After)
	return a
}

func fit(change json.RawMessage) json.RawMessage {
	if len(change) > MaxChange || !json.Valid(change) {
		return nil
	}
	return change
}
