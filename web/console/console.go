package console

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/settings"
	"keypull/pull/words"
)

// AuditWriter is where the audit log is written.
type AuditWriter interface {
	Append(ctx context.Context, a people.Act) error
}

// Options are what a Console works with beside its operations.
type Options struct {
	// Acts is the audit log; nobody writes one where nil.
	Acts AuditWriter
	// Changes keeps what was before an act; nothing can be undone where nil.
	Changes ChangeStore
	Clock   func() time.Time
	Logger  *slog.Logger
}

// Console is a set of operations.
type Console struct {
	Options
	operations []Bound
	index      map[*Declaration]int
}

// New returns a Console of operations, ordered by name.
func New(o Options, operations ...Bound) *Console {
	c := &Console{Options: o, operations: slices.Clone(operations), index: make(map[*Declaration]int, len(operations))}
	slices.SortFunc(c.operations, func(a, b Bound) int { return strings.Compare(a.Name, b.Name) })
	for i, b := range c.operations {
		c.index[b.Declaration] = i
	}
	return c
}

// Operations lists them, ordered by name.
func (c *Console) Operations() []Bound { return slices.Clone(c.operations) }

// Find returns an operation by its name.
func (c *Console) Find(name string) (Bound, bool) {
	i, ok := slices.BinarySearchFunc(c.operations, name, func(b Bound, name string) int {
		return strings.Compare(b.Name, name)
	})
	if !ok {
		return Bound{}, false
	}
	return c.operations[i], true
}

// Do carries out an operation in the name of the context's principal: JSON in,
// JSON out, for those who know an operation by its name alone. Errors are those
// of Call.
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
	b, ok := c.Find(name)
	if !ok {
		return nil, c.noOperation(name)
	}
	return c.runAudited(ctx, b, func(ctx context.Context) (any, error) {
		v, err := b.decode(in)
		if err != nil {
			return nil, err
		}
		return b.run(ctx, v)
	})
}

// callOperation is Run with the declaration and a typed input.
func (c *Console) callOperation(ctx context.Context, d *Declaration, in any) (any, error) {
	i, ok := c.index[d]
	if !ok {
		return nil, c.noOperation(d.Name)
	}
	b := c.operations[i]
	return c.runAudited(ctx, b, func(ctx context.Context) (any, error) { return b.run(ctx, in) })
}

func (c *Console) noOperation(name string) error {
	hint := words.Text{Key: "refusal.no_operation", Args: words.Args{"got": name}}
	known := make([]string, len(c.operations))
	for i := range c.operations {
		known[i] = c.operations[i].Name
	}
	if nearest := settings.Nearest(name, known); nearest != "" {
		hint = words.Text{Key: "refusal.no_operation_near", Args: words.Args{"got": name, "nearest": nearest}}
	}
	return &pull.Error{Kind: pull.Unknown, Op: name, Hint: hint}
}

// runAudited carries an operation out and writes it down where it is audited.
func (c *Console) runAudited(ctx context.Context, b Bound, run func(context.Context) (any, error)) (any, error) {
	if !b.Audit || c.Acts == nil {
		return run(ctx)
	}
	act, changes := &people.Act{Operation: b.Name}, &taking{}
	within := context.WithValue(ctx, actKey{}, act)
	if b.Undo {
		within = context.WithValue(within, takingKey{}, changes)
	}
	out, err := run(within)
	if act.Operation == "" {
		return out, err
	}
	act.Change = c.keepChange(ctx, b, act, changes.lastingChanges())
	if written := c.appendAct(ctx, act, err); written != nil && err == nil {
		// What was done can't be undone for want of its record.
		c.Logger.Error("an act could not be written to the audit log", "operation", b.Name, "error", written)
	}
	return out, err
}

// actTimeout bounds writing an act down when the request itself has ended.
const actTimeout = 5 * time.Second

// appendAct appends an act to the audit log.
func (c *Console) appendAct(ctx context.Context, a *people.Act, err error) error {
	p, _ := Caller(ctx)
	a.At, a.Who, a.Name, a.Face, a.Address = c.Clock(), p.ID, p.Name, p.Face, p.Address
	a.Outcome = people.Done
	if err != nil {
		a.Outcome = string(KindOf(err))
	}
	return AppendAct(ctx, c.Acts, *a)
}

// AppendAct appends an act to the audit log although the caller may have gone.
func AppendAct(ctx context.Context, acts AuditWriter, a people.Act) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), actTimeout)
	defer cancel()
	return acts.Append(ctx, a)
}

type actKey struct{}

// noteAct changes the act that is being carried out, where it is written down.
func noteAct(ctx context.Context, f func(*people.Act)) {
	if a, ok := ctx.Value(actKey{}).(*people.Act); ok {
		f(a)
	}
}

// noteLook leaves what is being carried out out of the audit log: a dry run changes nothing.
func noteLook(ctx context.Context) { noteAct(ctx, func(a *people.Act) { a.Operation = "" }) }

// NoteAudit tells the audit log what an operation concerns, "source news", and how
// that was before and is now, secrets masked; nil if it was not or is no
// more.
func NoteAudit(ctx context.Context, target string, before, after any) {
	noteAct(ctx, func(a *people.Act) {
		a.Target, a.Before, a.After = target, encodeOrNil(before), encodeOrNil(after)
	})
}

func encodeOrNil(v any) json.RawMessage {
	if v == nil {
		return nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return b
}

// Stale refuses to replace a thing that has changed meanwhile.
type Stale struct {
	// Current is what is there now, Version its version.
	Current any
	Version string
}

// Error says what to do.
func (s *Stale) Error() string { return s.Said().String() }

// Said returns the same as a text.
func (*Stale) Said() words.Text { return words.Text{Key: "hint.stale"} }

// KindOf sorts an error of an operation, those about fields included.
func KindOf(err error) pull.ErrorKind {
	var (
		problems settings.Problems
		stale    *Stale
		moved    *Moved
	)
	switch {
	case errors.As(err, &moved):
		return pull.Unknown
	case errors.As(err, &problems):
		return pull.Invalid
	case errors.As(err, &stale):
		return pull.Conflict
	}
	return pull.KindOf(err)
}

// StatusOf returns the HTTP status of an error of an operation.
func StatusOf(err error) int {
	switch KindOf(err) {
	case pull.Invalid:
		return http.StatusUnprocessableEntity
	case pull.Unknown:
		return http.StatusNotFound
	case pull.Denied:
		return http.StatusForbidden
	case pull.Unavailable, pull.Gathering, pull.Crowded, pull.Spent, pull.Unusable:
		return http.StatusServiceUnavailable
	case pull.Limited:
		return http.StatusTooManyRequests
	case pull.Conflict:
		return http.StatusConflict
	}
	return http.StatusInternalServerError
}

// Doer carries operations out: a Console in this process, or a Client of another.
type Doer interface {
	Do(ctx context.Context, name string, in []byte) ([]byte, error)
}

type doerKey struct{}

// WithDoer returns a context in which d carries out what is called.
func WithDoer(ctx context.Context, d Doer) context.Context {
	return context.WithValue(ctx, doerKey{}, d)
}

// Do carries an operation out where the context says, by its name and in JSON.
func Do(ctx context.Context, name string, in []byte) ([]byte, error) {
	d, ok := ctx.Value(doerKey{}).(Doer)
	if !ok {
		return nil, fmt.Errorf("%s: the context has nobody who carries it out", name)
	}
	return d.Do(ctx, name, in)
}

// callRemotely carries an operation out that is known there by its name.
func callRemotely[In, Out any](ctx context.Context, name string, in In) (Out, error) {
	var out Out
	raw, err := json.Marshal(in)
	if err != nil {
		return out, fmt.Errorf("%s: encode the input: %w", name, err)
	}
	b, err := Do(ctx, name, raw)
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal(b, &out); err != nil {
		return out, fmt.Errorf("%s: decode the output: %w", name, err)
	}
	return out, nil
}
