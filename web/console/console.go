package console

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/settings"
)

// Acts is where the audit log is written.
type Acts interface {
	Append(ctx context.Context, a people.Act) error
}

// Options are what a Console works with beside its operations.
type Options struct {
	// Acts is the audit log; nobody writes one where nil.
	Acts   Acts
	Clock  func() time.Time
	Logger *slog.Logger
}

// Console is a set of operations.
type Console struct {
	Options
	operations []Operation
}

// New returns a Console of operations, ordered by name.
func New(o Options, operations ...Operation) *Console {
	c := &Console{Options: o, operations: slices.Clone(operations)}
	slices.SortFunc(c.operations, func(a, b Operation) int { return strings.Compare(a.Name, b.Name) })
	return c
}

// Operations lists them, ordered by name.
func (c *Console) Operations() []Operation { return slices.Clone(c.operations) }

// Find returns an operation by its name.
func (c *Console) Find(name string) (Operation, bool) {
	i, ok := slices.BinarySearchFunc(c.operations, name, func(o Operation, name string) int {
		return strings.Compare(o.Name, name)
	})
	if !ok {
		return Operation{}, false
	}
	return c.operations[i], true
}

// Do carries out an operation in the name of the context's principal: JSON in,
// JSON out. A refusal is a pull.Error, settings.Problems about fields of the
// input, or a Stale.
func (c *Console) Do(ctx context.Context, name string, in []byte) ([]byte, error) {
	out, err := c.Run(ctx, name, in)
	if err != nil {
		return nil, err
	}
	b, err := json.Marshal(out)
	if err != nil {
		return nil, fmt.Errorf("%s: encode the output: %w", name, err)
	}
	return b, nil
}

// Run is Do with the output as a value of the operation's type.
func (c *Console) Run(ctx context.Context, name string, in []byte) (any, error) {
	o, ok := c.Find(name)
	if !ok {
		return nil, &pull.Error{Kind: pull.Unknown, Op: name, Hint: "there is no such operation"}
	}
	if !o.Audit || c.Acts == nil {
		return o.run(ctx, in)
	}
	act := &people.Act{Operation: name}
	out, err := o.run(context.WithValue(ctx, actKey{}, act), in)
	if written := c.write(ctx, act, err); written != nil && err == nil {
		// What was done can't be undone for want of its record.
		c.Logger.Error("an act could not be written to the audit log", "operation", name, "error", written)
	}
	return out, err
}

// actTimeout bounds writing an act down when the request itself has ended.
const actTimeout = 5 * time.Second

// write appends an act to the audit log.
func (c *Console) write(ctx context.Context, a *people.Act, err error) error {
	p, _ := By(ctx)
	a.At, a.Who, a.Name, a.Face, a.Address = c.Clock(), p.ID, p.Name, p.Face, p.Address
	a.Outcome = people.Done
	if err != nil {
		a.Outcome = string(KindOf(err))
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), actTimeout)
	defer cancel()
	return c.Acts.Append(ctx, *a)
}

type actKey struct{}

// note changes the act that is being carried out, where it is written down.
func note(ctx context.Context, f func(*people.Act)) {
	if a, ok := ctx.Value(actKey{}).(*people.Act); ok {
		f(a)
	}
}

// Note tells the audit log what an operation concerns, "source news", and how
// that was before and is now, secrets masked; nil where it was not or is no
// more.
func Note(ctx context.Context, target string, before, after any) {
	note(ctx, func(a *people.Act) {
		a.Target, a.Before, a.After = target, encoded(before), encoded(after)
	})
}

func encoded(v any) json.RawMessage {
	if v == nil {
		return nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return b
}

// Stale refuses to replace a thing that somebody else has changed meanwhile.
type Stale struct {
	// Current is what is there now, Version its version.
	Current any
	Version string
}

// Error says what to do.
func (s *Stale) Error() string {
	return "somebody else has changed this meanwhile; look at the new version and decide again"
}

// KindOf sorts an error of an operation, those about fields included.
func KindOf(err error) pull.ErrorKind {
	var (
		problems settings.Problems
		stale    *Stale
	)
	switch {
	case errors.As(err, &problems):
		return pull.Invalid
	case errors.As(err, &stale):
		return pull.Conflict
	}
	return pull.KindOf(err)
}

// Doer carries operations out: a Console in this process, or a Client.
type Doer interface {
	Do(ctx context.Context, name string, in []byte) ([]byte, error)
}

// Call carries an operation out with typed values.
func Call[In, Out any](ctx context.Context, d Doer, name string, in In) (Out, error) {
	var out Out
	raw, err := json.Marshal(in)
	if err != nil {
		return out, fmt.Errorf("%s: encode the input: %w", name, err)
	}
	b, err := d.Do(ctx, name, raw)
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal(b, &out); err != nil {
		return out, fmt.Errorf("%s: decode the output: %w", name, err)
	}
	return out, nil
}
