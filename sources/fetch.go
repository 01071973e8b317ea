package sources

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/pull/what"
	"keypull/pull/words"
)

// Failed turns a request that brought no response into the error that a
// source reports. op says what was being done: "fetch feed"; field names the
// setting that holds the address.
func Failed(op, field string, err error) error {
	e := &pull.Error{Kind: pull.Unavailable, Op: op, Err: err}
	var out *outside.Error
	if !errors.As(err, &out) {
		e.Hint = words.Text{Key: "source.silent"}
		return e
	}
	e.Hint, e.Err, e.RetryAt = out.Said(), out.Err, out.RetryAt
	switch out.Reason {
	case outside.BadURL, outside.Refused, outside.Redirects:
		e.Kind, e.Field = pull.Unusable, field
	case outside.NotFound:
		e.Field = field
	case outside.TooLarge, outside.Garbled:
		e.Kind = pull.Unusable
	case outside.Crowded:
		e.Kind = pull.Crowded
	case outside.BackedOff:
		e.Kind = pull.Limited
	}
	return e
}

// OtherSubjectError returns the error for an answer about another thing than was asked
// for, by the name that the answer gives it.
func OtherSubjectError(op, named string) error {
	return &pull.Error{Kind: pull.Unusable, Op: op, Field: "about", Hint: words.Text{Key: "fetch.other", Args: words.Args{"named": named}}}
}

// Refused turns a response of a status that brings no content into the error
// that a source reports: a fault of the server counts as silence, all else as
// an answer that cannot be used. field names the setting of the address.
func Refused(op, field string, r outside.Response) error {
	e := &pull.Error{Kind: pull.Unusable, Op: op, Field: field, RetryAt: r.RetryAt}
	status := words.Args{"status": strconv.Itoa(r.Status)}
	switch {
	case r.Status == http.StatusTooManyRequests:
		e.Kind, e.Hint = pull.Limited, words.Text{Key: "source.too_often"}
	case r.Status == http.StatusUnauthorized || r.Status == http.StatusForbidden:
		e.Hint = words.Text{Key: "source.no_entry", Args: status}
	case r.Status == http.StatusNotFound:
		e.Hint = words.Text{Key: "source.not_found"}
	case r.Status == http.StatusGone:
		e.Hint = words.Text{Key: "source.gone"}
	case r.Status >= 500:
		e.Kind, e.Hint = pull.Unavailable, words.Text{Key: "source.server_fault", Args: status}
	case r.Status == http.StatusNotModified:
		e.Hint = words.Text{Key: "source.unchanged"}
	case r.Status >= 300 && r.Status < 400:
		e.Hint = words.Text{Key: "source.points_nowhere", Args: status}
	default:
		e.Hint = words.Text{Key: "source.refused", Args: status}
	}
	return e
}

// RefusedOf is Refused of an address that an argument stands in: what is not
// there is then what the argument asks for, and no fault of the address.
func RefusedOf(op, field string, r outside.Response) error {
	if r.Status != http.StatusNotFound && r.Status != http.StatusGone {
		return Refused(op, field, r)
	}
	return &pull.Error{Kind: pull.Unknown, Op: op, Field: "argument", RetryAt: r.RetryAt,
		Hint: words.Text{Key: "source.no_such", Args: words.Args{"status": strconv.Itoa(r.Status)}}}
}

// SnapshotFrom returns a snapshot with the times and validators of a response, and one
// request.
func SnapshotFrom(r outside.Response) pull.Snapshot {
	return pull.Snapshot{
		Fetched: r.Fetched, Expires: r.Expires, NotBefore: r.RetryAt, Requests: 1,
		Validators: pull.Validators{ETag: r.ETag, LastModified: r.LastModified},
	}
}

// Renew returns last as a response confirmed it: its content with the times
// of the response, and Unchanged set. What the response does not say again, how
// long it is fresh or its validators, holds as it was said (RFC 9111 §4.3.4).
func Renew(last pull.Snapshot, r outside.Response) pull.Snapshot {
	s := SnapshotFrom(r)
	if s.Expires.IsZero() && !last.Expires.IsZero() {
		s.Expires = s.Fetched.Add(last.Expires.Sub(last.Fetched))
	}
	s.Items, s.AsOf, s.Unchanged = slices.Clone(last.Items), last.AsOf, true
	s.Extra, s.Warnings = slices.Clone(last.Extra), slices.Clone(last.Warnings)
	s.Validators.ETag = cmp.Or(s.Validators.ETag, last.Validators.ETag)
	s.Validators.LastModified = cmp.Or(s.Validators.LastModified, last.Validators.LastModified)
	return s
}

// ExtraOf returns what a kind keeps with a snapshot beside its items; the zero value where there is
// none, or it can't be read.
func ExtraOf[T any](s *pull.Snapshot) T {
	var none, kept T
	if s == nil || json.Unmarshal(s.Extra, &kept) != nil {
		return none
	}
	return kept
}

// Copy returns items that share no slice with the given ones.
func Copy(items []what.Item) []what.Item {
	copied := slices.Clone(items)
	for i := range copied {
		it := &copied[i]
		it.Media = slices.Clone(it.Media)
		it.Facts = slices.Clone(it.Facts)
		for j := range it.Facts {
			it.Facts[j].List = slices.Clone(it.Facts[j].List)
		}
	}
	return copied
}

// Saying returns the facts that say something.
func Saying(facts ...what.Fact) (all what.Facts) {
	for _, f := range facts {
		if f.Text != "" || len(f.List) > 0 {
			all = append(all, f)
		}
	}
	return all
}

// AddBlocks adds to a reply what of some blocks says something.
func AddBlocks(r *pull.Reply, blocks ...pull.Block) {
	for _, b := range blocks {
		if b.Text != "" || b.URL != "" || len(b.Lines)+len(b.Facts) > 0 {
			r.Blocks = append(r.Blocks, b)
		}
	}
}

// Unique returns those of some things that have a key which none before them has, in the place of all.
func Unique[T any](all []T, key func(T) string) []T {
	seen := make(map[string]bool, len(all))
	return slices.DeleteFunc(all, func(one T) bool {
		again := seen[key(one)]
		seen[key(one)] = true
		return again
	})
}

// OfItems keeps what was made of the items of the snapshot that was asked last; they never
// change. It is safe for concurrent use.
type OfItems[T any] struct {
	mu    sync.Mutex
	of    []what.Item
	known bool
	made  T
}

// Of returns what create makes of some items, which it made before where they are the same.
func (o *OfItems[T]) Of(items []what.Item, create func() T) T {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.known || len(o.of) != len(items) || len(items) > 0 && &o.of[0] != &items[0] {
		o.of, o.made, o.known = items, create(), true
	}
	return o.made
}

// InLanguage puts the items of a language before all others, in their order,
// where any say that they are of it.
func InLanguage(items []what.Item, language string) []what.Item {
	var own, others []what.Item
	for _, it := range items {
		if it.Language != "" && it.Spoken(language) == language {
			own = append(own, it)
		} else {
			others = append(others, it)
		}
	}
	return append(own, others...)
}

// Page returns copies of the items that a query asks for of all that fit it,
// best first, and whether more of them follow.
func Page(items []what.Item, q pull.Query) pull.Selection {
	from := min(max(q.Offset, 0), len(items))
	to := min(from+max(q.Count, 1), len(items))
	return pull.Selection{Items: Copy(items[from:to]), More: to < len(items)}
}
