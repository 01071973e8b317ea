package httpapi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/web/messengers"
)

// SendError sorts an error of a call into the closed set of faults.
func (c *Client) SendError(err error) error {
	var done *messengers.SendError
	no, refused := Refused(err)
	switch {
	case err == nil:
		return nil
	case refused:
		return &messengers.SendError{Fault: no.Fault.Means, RetryAt: no.RetryAt, Alone: no.Fault.Alone, Address: no.Address, Err: err}
	case errors.As(err, &done):
		return done
	case Unclear(err):
		return &messengers.SendError{Fault: messengers.Uncertain, Err: err}
	}
	return messengers.Failed(err)
}

// Unsent is SendError for a call before the one that sends: no message has left.
func (c *Client) Unsent(err error) error {
	send := c.SendError(err)
	var e *messengers.SendError
	if errors.As(send, &e) && e.Fault == messengers.Uncertain {
		e.Fault = messengers.Temporary
	}
	return send
}

// Refused returns the refusal that an error holds.
func Refused(err error) (no *Refusal, ok bool) {
	ok = errors.As(err, &no)
	return no, ok
}

// Rows returns the faults that the platform's refusals are sorted by.
func (c *Client) Rows() Faults { return c.Faults }

// Introduce asks what the account is called, unless that is known. A failure is no
// trouble: the console asks as well.
func (c *Client) Introduce(ctx context.Context) {
	if c.whose.Load() == nil {
		_ = c.Account(ctx)
	}
}

// Belongs keeps the sentence that says whose account it is.
func (c *Client) Belongs(whose words.Text) { c.whose.Store(&whose) }

// Whose returns that sentence, once the platform has been asked. A preview has no
// Client, and nobody to ask.
func (c *Client) Whose() (whose words.Text) {
	if c != nil && c.whose.Load() != nil {
		whose = *c.whose.Load()
	}
	return whose
}

// Try asks the platform whose account it is.
func (c *Client) Try(ctx context.Context) error { return c.Tried(c.Account(ctx)) }

// Tried says what to do where a call failed that sends nothing.
func (c *Client) Tried(err error) error {
	no, refused := Refused(err)
	var told *pull.Error
	switch {
	case err == nil:
		return nil
	case !refused && errors.As(err, &told):
		return err
	case !refused:
		return fmt.Errorf("%s: %w", c.Name, err)
	case no.Fault.Means == messengers.TokenInvalid && (no.Own || no.Status == http.StatusUnauthorized || no.Status == http.StatusForbidden):
		return no.Denied()
	case no.Fault.Means == messengers.Temporary, no.Fault.Means == messengers.LimitedUntil:
		return &pull.Error{Kind: pull.Unavailable, Op: no.Call, Hint: c.text("platform.busy", no.args()), Err: err}
	case !no.Own:
		return &pull.Error{Kind: pull.Unusable, Op: no.Call, Field: c.baseField(), Hint: c.text("platform.unclear", nil), Err: err}
	}
	return fmt.Errorf("%s: %w", c.Name, err)
}

// Denied says what to do about a refused account.
func (r *Refusal) Denied() error {
	hint := r.Said()
	if r.Fault.Key == "" && r.client.says(tokenUnknown) {
		hint = r.client.text(tokenUnknown, r.args())
	}
	return &pull.Error{Kind: pull.Denied, Op: r.Call, Field: cmp.Or(r.Fault.Field, r.client.Field), Hint: hint, Err: r}
}

// Answers asks the platform whose account it is, and takes whatever it says for an
// answer, but that it has failed itself.
func (c *Client) Answers(ctx context.Context) error { return Heard(c.Account(ctx)) }

// Heard returns the error of a call, unless the platform has answered it.
func Heard(err error) error {
	if no, refused := Refused(err); Unclear(err) || refused && no.Status < http.StatusInternalServerError {
		return nil
	}
	return err
}

// Unfetched returns the error of a call that tells where a file lies: a refusal says that it will
// never be had, unless it is one that passes.
func Unfetched(err error) error {
	no, refused := Refused(err)
	if refused && no.Fault.Means != messengers.Temporary && no.Fault.Means != messengers.LimitedUntil {
		return &pull.Error{Kind: pull.Unknown, Op: no.Call, Err: err}
	}
	return err
}

// Denies tells that an error is a refusal of the account itself.
func Denies(err error) bool {
	no, refused := Refused(err)
	return refused && no.Fault.Means == messengers.TokenInvalid
}

// Says tells that an error is a refusal by one of some codes (see Fault.Codes).
func Says(err error, codes string) bool { return Fits(err, Fault{Codes: codes}) }

// Fits tells that an error is a refusal that a row is about.
func Fits(err error, row Fault) bool {
	no, refused := Refused(err)
	return refused && row.fits(no)
}
