// Package console holds the operations of the service: every act of an editor,
// an operator or a program is one typed Operation, declared once with its
// name, permission, input, output and audit, and carried out the same way
// whatever face asks for it: the pages, the JSON API, the command line's
// socket.
//
// It knows operations, who may carry them out, and what is written down of
// them. What an operation works with is behind the small contracts in this
// package; how a face looks is in the packages below.
package console

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/people"
	"keypull/pull/words"
)

// Permission is what somebody must be allowed to carry an operation out.
type Permission string

// The permissions. Read, Write and Own each include those before them and
// concern one publisher; Admin includes all.
const (
	// Self concerns the person who asks and nobody else.
	Self Permission = "self"
	// Read looks and changes nothing.
	Read Permission = "read"
	// Write changes a publisher's sources, keywords and channels.
	Write Permission = "write"
	// Own changes the publisher itself, its people and its tokens.
	Own Permission = "own"
	// Admin concerns the whole installation.
	Admin Permission = "admin"
)

// leastRole returns the least role that holds a permission.
func (p Permission) leastRole() people.Role {
	switch p {
	case Write:
		return people.Editor
	case Own:
		return people.Owner
	case Admin:
		return people.Admin
	}
	return people.Viewer
}

// Declaration says what an operation is: all that its faces must know of it.
type Declaration struct {
	// Name is a resource and a verb with a point between: "store.backup".
	Name string
	// Summary is one English sentence, Help more of them where needed.
	Summary, Help string
	Permission    Permission
	// Audit says that carrying it out is written down.
	Audit bool
	// Undo says that it can be undone: what was before is kept with the act.
	Undo bool
	// Method and Path are where the API has it, below /api/v1, with the names
	// of input fields in braces: "/publishers/{publisher}/sources". Fields that
	// are neither in the path nor tagged query or header are the body.
	Method, Path string
	// Status is what the API answers when it is done; zero means 200, or 204
	// where the output is empty.
	Status int
	// Slow operations ask the outside and may take many seconds.
	Slow bool
	// Large operations take many things at once, and so a larger body.
	Large bool
}

// Operation is one act that takes an In and gives an Out. It is declared once,
// as a variable of a package: pages and commands call it, and what can carry it
// out is bound to it by Bind.
type Operation[In, Out any] struct{ *Declaration }

// Declare makes an operation that nothing carries out yet.
func Declare[In, Out any](d Declaration) Operation[In, Out] { return Operation[In, Out]{&d} }

// Call carries the operation out where the context says, in the name of who is
// in the context: see WithDoer and WithCaller. In this process that is a call of a function;
// else input and output travel as JSON. A refusal is a pull.Error,
// settings.Problems about fields of the input, or a Stale.
func (o Operation[In, Out]) Call(ctx context.Context, in In) (Out, error) {
	c, here := ctx.Value(doerKey{}).(*Console)
	if !here {
		return callRemotely[In, Out](ctx, o.Name, in)
	}
	var none Out
	out, err := c.callOperation(ctx, o.Declaration, in)
	if err != nil {
		return none, err
	}
	typed, ok := out.(Out)
	if !ok {
		return none, fmt.Errorf("%s: the output is a %T", o.Name, out)
	}
	return typed, nil
}

// Refusal returns why the caller may not carry the operation out on a publisher,
// or nil if they may; "" stands for the whole installation. A publisher without a role for the
// caller is one that does not exist.
func (d *Declaration) Refusal(ctx context.Context, publisher string) error {
	p, ok := Caller(ctx)
	switch {
	case !ok:
		return &pull.Error{Kind: pull.Denied, Op: d.Name, Hint: words.Text{Key: "refusal.sign_in"}}
	case publisher != "" && !p.Sees(publisher):
		return NoPublisher(publisher)
	case !p.May(publisher, d.Permission):
		return &pull.Error{Kind: pull.Denied, Op: d.Name, Hint: refusalFor(d.Permission)}
	}
	return nil
}

// Allowed reports whether the caller may carry the operation out.
func (d *Declaration) Allowed(ctx context.Context, publisher string) bool {
	return d.Refusal(ctx, publisher) == nil
}

// Bound is an operation with what carries it out.
type Bound struct {
	*Declaration
	// In and Out are zero values of the input and output types.
	In, Out any

	decode func(raw []byte) (any, error)
	run    func(ctx context.Context, in any) (any, error)
}

// Bind has a function carry the operation out. It is called only for a principal
// who may: what it need not check is who asks for that publisher.
func (o Operation[In, Out]) Bind(f func(ctx context.Context, in In) (Out, error)) Bound {
	b := Bound{Declaration: o.Declaration}
	var (
		in  In
		out Out
	)
	b.In, b.Out = in, out
	b.decode = func(raw []byte) (any, error) {
		var in In
		if err := decodeStrictly(raw, &in); err != nil {
			return nil, notUnderstood(o.Name, err)
		}
		return in, nil
	}
	b.run = func(ctx context.Context, raw any) (out any, err error) {
		defer pull.Caught(o.Name, &err)
		in, ok := raw.(In)
		if !ok {
			return nil, fmt.Errorf("%s: the input is a %T", o.Name, raw)
		}
		if err := b.checkPermission(ctx, in); err != nil {
			return nil, err
		}
		return f(ctx, in)
	}
	return b
}

// checkPermission refuses callers without the permission, and notes the act's publisher.
func (b Bound) checkPermission(ctx context.Context, in any) error {
	s, ok := in.(Scoped)
	if !ok {
		return b.Refusal(ctx, "")
	}
	noteAct(ctx, func(a *people.Act) { a.Publisher = s.PublisherID() })
	if p, ok := Caller(ctx); ok && !p.Sees(s.PublisherID()) {
		return NoPublisher(s.PublisherID())
	}
	return b.Refusal(ctx, s.PublisherID())
}

// None is the output of an operation that has nothing to tell.
type None struct{}

// Of is embedded in the input of every operation on one publisher.
type Of struct {
	Publisher string `json:"publisher" path:"publisher" doc:"Id of the publisher."`
}

// PublisherID returns the publisher's.
func (o Of) PublisherID() string { return o.Publisher }

// Scoped is an input that names the publisher it concerns.
type Scoped interface{ PublisherID() string }

// Guarded is embedded in the input of an operation that replaces a thing: the
// version that it is meant to replace, "*" for whichever is there.
type Guarded struct {
	Version string `json:"version,omitempty" header:"If-Match" doc:"The version that is to be replaced, as it was read; * for any."`
}

// Page is embedded in the input of a list.
type Page struct {
	Cursor string `json:"cursor,omitempty" query:"cursor" doc:"Where to go on: next of the page before."`
	Limit  int    `json:"limit,omitempty" query:"limit" min:"1" max:"200" doc:"How many entries at most; 50 where not given."`
}

// Versioned is an output that has a version, which the API tells as its ETag.
type Versioned interface{ ETag() string }

// Raw is an output that the API answers as it is, of a type of its own.
type Raw interface {
	Raw() (contentType string, body []byte)
}

func refusalFor(needed Permission) words.Text {
	switch needed {
	case Self:
		return words.Text{Key: "refusal.only_person"}
	case Admin:
		return words.Text{Key: "hint.only_admin"}
	case Own:
		return words.Text{Key: "hint.only_owner"}
	}
	return words.Text{Key: "hint.only_editor"}
}

// NoPublisher returns the error about a publisher that is not there, or not there
// for the caller.
func NoPublisher(id string) error { return NoThing(catalogue.ResourcePublisher, id) }

// notUnderstood returns the error about an input that can't be decoded.
func notUnderstood(operation string, err error) error {
	return &pull.Error{Kind: pull.Invalid, Op: operation, Hint: words.Text{Key: "refusal.input", Args: words.Args{"reason": words.Said(err)}}, Err: err}
}

// decodeStrictly decodes exactly one JSON value without unknown fields.
func decodeStrictly(raw []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF // nothing came
		}
		// The library says this alone by its text.
		if field, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
			return words.Fail(err, "refusal.input_field", words.Args{"field": strings.Trim(field, `"`)})
		}
		return fmt.Errorf("decode: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return words.Fail(nil, "refusal.input_more", nil)
	}
	return nil
}
