package console

import (
	"context"
	"net/http"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/words"
)

// PublisherLeave is the input of "publisher.leave".
type PublisherLeave struct {
	Of

	Confirm string `json:"confirm" required:"true" doc:"The publisher's id once more: it can't be undone."`
}

// Departure is a publisher that left, as its receipt says it.
type Departure struct {
	Publisher string         `json:"publisher"`
	Name      string         `json:"name,omitempty" doc:"What it was called."`
	Began     time.Time      `json:"began"`
	Ended     time.Time      `json:"ended" doc:"When nothing was left: an archive that was made from then on is free of it."`
	Held      map[string]int `json:"held" doc:"How much was held of it, by what it is: readers, stops, settings and so on. All of that is gone."`
}

// PublisherLeft is the output.
type PublisherLeft struct {
	Departure

	Receipt string `json:"receipt" doc:"The departure as a JSON Web Signature (EdDSA) by the publisher's proof key, which stays at /.well-known/keypull-keys.json."`
}

// Departures take publishers out of everything.
type Departures interface {
	Leave(ctx context.Context, publisher string) (PublisherLeft, error)
}

// LeavePublisher is "publisher.leave".
var LeavePublisher = Declare[PublisherLeave, PublisherLeft](Declaration{
	Name: "publisher.leave", Permission: Admin, Audit: true, Slow: true, Method: http.MethodPost, Path: "/publishers/{publisher}/leave",
	Summary: "Remove a publisher for good, with its readers and their keys, and get a signed receipt.",
	Help: "Each reader is forgotten as by FORGET ME, so that older archives open nothing of them once the next newest half is made; nothing can be undone, and the id is not given again. " +
		"The audit log stays. Called again, it goes on where it ended, or answers the same receipt. A publisher of the configuration file is taken out of the file first.",
})

// DepartureOperation returns "publisher.leave".
func DepartureOperation(c Catalogue, configPath string, d Departures) Bound {
	return LeavePublisher.Bind(func(ctx context.Context, in PublisherLeave) (PublisherLeft, error) {
		NoteAudit(ctx, string(catalogue.ResourcePublisher)+" "+in.Publisher, nil, nil)
		if in.Confirm != in.Publisher {
			return PublisherLeft{}, &pull.Error{Kind: pull.Invalid, Field: "confirm", Hint: words.Text{Key: "publisher.wrong_id", Args: words.Args{"id": in.Publisher}}}
		}
		if pub := c.Publisher(in.Publisher); pub != nil {
			if err := refuseProvisioned(pub, configPath); err != nil {
				return PublisherLeft{}, err
			}
		}
		// What is begun goes on, whether or not whoever asked still waits.
		left, err := d.Leave(context.WithoutCancel(ctx), in.Publisher)
		if err == nil {
			NoteAudit(ctx, string(catalogue.ResourcePublisher)+" "+in.Publisher, nil, left.Departure)
		}
		return left, err
	})
}
