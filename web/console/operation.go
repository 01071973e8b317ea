// Package console holds the operations of the service: every act of an editor,
// an operator or a program is one typed Operation, declared once with its
// name, permission, input, output and audit, and carried out the same way
// whatever face asks for it. The command line's socket is one such face.
//
// It knows operations and faces; what an operation does is behind the small
// contracts in the file that declares it.
package console

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"keypull/pull"
)

// Permission is what somebody must be allowed to carry an operation out.
type Permission string

// The permissions, each including those before it.
const (
	// Read looks and changes nothing.
	Read Permission = "read"
	// Write changes a publisher's things.
	Write Permission = "write"
	// Admin concerns the whole installation.
	Admin Permission = "admin"
)

// Operation is one act.
type Operation struct {
	// Name is a noun and a verb with a point between: "store.backup".
	Name       string
	Summary    string
	Permission Permission
	// Audit says that carrying it out is written down.
	Audit bool
	// In and Out are zero values of the input and output types.
	In, Out any

	run func(ctx context.Context, in []byte) (any, error)
}

// Declare makes an operation of a function.
func Declare[In, Out any](o Operation, f func(ctx context.Context, in In) (Out, error)) Operation {
	var (
		in  In
		out Out
	)
	o.In, o.Out = in, out
	o.run = func(ctx context.Context, raw []byte) (any, error) {
		var in In
		if err := strict(raw, &in); err != nil {
			return nil, &pull.Error{Kind: pull.Invalid, Op: o.Name, Hint: "the input is not understood", Err: err}
		}
		return f(ctx, in)
	}
	return o
}

// strict decodes exactly one JSON value without unknown fields.
func strict(raw []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("decode: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("decode: something follows the value")
	}
	return nil
}

// Console is a set of operations.
type Console struct {
	operations []Operation
}

// New returns a Console of operations, ordered by name.
func New(operations ...Operation) *Console {
	c := &Console{operations: slices.Clone(operations)}
	slices.SortFunc(c.operations, func(a, b Operation) int { return strings.Compare(a.Name, b.Name) })
	return c
}

// Operations lists them, ordered by name.
func (c *Console) Operations() []Operation { return slices.Clone(c.operations) }

// Do carries out an operation: JSON in, JSON out.
func (c *Console) Do(ctx context.Context, name string, in []byte) ([]byte, error) {
	i, ok := slices.BinarySearchFunc(c.operations, name, func(o Operation, name string) int {
		return strings.Compare(o.Name, name)
	})
	if !ok {
		return nil, &pull.Error{Kind: pull.Unknown, Op: name, Hint: "there is no such operation"}
	}
	out, err := c.operations[i].run(ctx, in)
	if err != nil {
		return nil, err
	}
	b, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("%s: encode the output: %w", name, err)
	}
	return b, nil
}
