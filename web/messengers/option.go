package messengers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"keypull/pull/outside"
	"keypull/pull/words"
)

// Presenter is the option of a messenger that can show a message as it would
// go over the wire, without sending it.
type Presenter interface {
	// Wire returns the body of the request that Send would make: of the one with
	// the text, where it makes several.
	Wire(s Sending) ([]byte, error)
}

// Stepwise is the option of a Presenter whose messages may take several requests.
type Stepwise interface {
	// Before returns the bodies of those that Send would make before the one of
	// Wire, in their order.
	Before(s Sending) [][]byte
}

// Listener is the option of a messenger that fetches deliveries itself: a long
// poll, a gateway, a mailbox. How far it has read it may keep in Env.Place.
type Listener interface {
	// Listen hands each delivery to accept and goes on when it returned nil,
	// until ctx ends. It returns only then, or when it can never work.
	Listen(ctx context.Context, accept func(context.Context, Receipt) error) error
}

// InBand is the option of a messenger whose answers may travel in the response
// to the delivery itself: those to asks that say so. Send is used for what
// comes later.
type InBand interface {
	// Answer builds that response from the receipt that Receive returned and
	// what answers its asks, each an Answer or an Interim word; it is empty where
	// nothing is to be said, or not yet (Receipt.Hold).
	Answer(r Receipt, s []Sending) Receipt
}

// Remarking is the option of a messenger that has something to tell its editors
// while it works.
type Remarking interface {
	// Remark is one sentence; the empty one where there is nothing.
	Remark() words.Text
}

// Marker is the option of a messenger that notes at its platform which messages
// have been dealt with.
type Marker interface {
	// Done tells that the message which Incoming.Mark names was answered, or never
	// will be. It does not wait.
	Done(mark string)
}

// Typist is the option of a messenger that can show a reader that an answer is
// being written.
type Typist interface {
	// Type shows it. It is asked for once an ask has waited for a moment; that it
	// fails is no trouble.
	Type(ctx context.Context, s Sending) error
}

// Consenting is the option of a messenger that shows a text to agree to before
// anything but the answer is kept.
type Consenting interface {
	// Consent returns that text; empty where none is asked for.
	Consent() string
}

// Closer is the option of a messenger or app that holds something open.
type Closer interface {
	Close() error
}

// Installer is the option of a messenger that can tell its platform where
// deliveries go.
type Installer interface {
	// SetUp does so; it may be called at every start.
	SetUp(ctx context.Context) error
}

// Introducer is the option of a messenger that asks its platform what it is
// called, where it is not set up.
type Introducer interface {
	Introduce(ctx context.Context)
}

// Linker is the option of a messenger that readers can be led to by a link.
type Linker interface {
	// Link returns an address that opens the account with some words asked, or
	// ready to be; without words, the account alone. "" where there is none.
	Link(words string) string
}

// Trier is the option of a messenger that can check with its platform whether
// the account is good, without a reader's noticing.
type Trier interface {
	// Try returns one sentence as an error where it is not, which says what to do.
	// It is a pull.Error that is pull.Denied, with the Field at fault, where the
	// platform refuses the account; any other says that it could not be asked.
	Try(ctx context.Context) error
}

// SelfAsker is the option of a messenger that can ask itself from outside in: by the address that the
// world has, through whatever stands before the server.
type SelfAsker interface {
	// AskSelf asks for HELP as a reader whom nobody knows, and returns one sentence as an error where no answer came
	// back. It is ErrNotAsked where this account's settings leave no way.
	AskSelf(ctx context.Context, client *outside.Client) error
}

// ErrNotAsked says that an account can't ask itself.
var ErrNotAsked = errors.New("messengers: this account can't ask itself")

// AskedSelf returns what came of a request by which an account asked itself: the body, or one sentence that says why there
// is no answer.
func AskedSelf(ctx context.Context, client *outside.Client, r outside.Request) ([]byte, error) {
	r.Method, r.Single = http.MethodPost, true
	res, err := client.Do(ctx, r)
	if err != nil {
		return nil, fmt.Errorf("ask from outside: %w", err)
	}
	if res.Status != http.StatusOK {
		return nil, words.Fail(nil, "status.not_answered", words.Args{"address": r.URL, "status": res.Status})
	}
	return res.Body, nil
}

// Answering is the option of a messenger that can ask whether its platform
// answers at all, without a reader's noticing.
type Answering interface {
	// Answers returns an error while the platform is silent, or fails. That it
	// refuses what it is asked is an answer.
	Answers(ctx context.Context) error
}

// Identifier is the option of a messenger whose readers may be named in more
// than one spelling.
type Identifier interface {
	// Identify returns the id that Incoming.Reader has for a reader's id or
	// address as somebody typed it, without space around, or false if it can be
	// neither on this platform.
	Identify(typed string) (id string, ok bool)
}

// Mailing is the option of a messenger whose addresses are mailboxes: it writes to any, also
// to one that has not written.
type Mailing interface {
	// Mailbox returns an address as somebody typed it in its one spelling, or false if it is
	// none.
	Mailbox(typed string) (address string, ok bool)
}

// Forgetter is the option of a messenger that keeps something of its readers in
// memory.
type Forgetter interface {
	// Forget drops what is kept of the reader of that id.
	Forget(id string)
}

// Embedded is the option of a messenger that pages of other hosts show.
type Embedded interface {
	// Foreigners are the pages that asked for it and may not show it, those that
	// asked most first.
	Foreigners() []Foreigner
}

// Foreigner is the origin of such pages, how often they asked, and when last.
type Foreigner struct {
	Origin string    `json:"origin"`
	Asks   int       `json:"asks"`
	Last   time.Time `json:"last"`
}

// Listed is the option of a messenger that programs may find without being told
// of it.
type Listed interface {
	// Listing is what the server's catalogue says of it; false where its publisher
	// does not want to be listed.
	Listing() (Listing, bool)
}

// Listing is an entry of the server's catalogue of what programs can speak to.
type Listing struct {
	// Identifier is a URN, Type the media type of the document at URL.
	Identifier string `json:"identifier"`
	Type       string `json:"type"`
	URL        string `json:"url"`
}
