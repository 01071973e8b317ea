// Package corrections holds the operations that put right what readers are told: items
// that are withdrawn or corrected, sources that are fetched anew, and what sources
// brought that is hard to believe.
package corrections

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"keypull/pull"
	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/withdrawal"
	"keypull/pull/words"
	"keypull/web/console"
)

// Withdrawals are the rules of publishers by which items are told nobody, or with
// a correction. What is decided holds, and is kept, when the call returns.
type Withdrawals interface {
	Withdraw(ctx context.Context, publisher string, r withdrawal.Rule) (withdrawal.Rule, error)
	// FindItems returns a rule with the items that it would be about, and changes nothing.
	FindItems(ctx context.Context, publisher string, r withdrawal.Rule) (withdrawal.Rule, error)
	// Restore returns the rule that it ends, or false if there is none of that id.
	Restore(ctx context.Context, publisher, id string) (withdrawal.Rule, bool, error)
	Withdrawals(ctx context.Context, publisher string) ([]withdrawal.Rule, error)
}

// Corrections is what the operations work with.
type Corrections struct {
	Catalogue   console.Catalogue
	Withdrawals Withdrawals
	Sources     Sources
	Snapshots   Snapshots
	Clock       func() time.Time
}

// Operations returns the operations item.* and those on sources.
func (u Corrections) Operations() []console.Bound {
	return []console.Bound{
		WithdrawItem.Bind(u.withdrawItem), FindItems.Bind(u.findItems), CorrectItem.Bind(u.correctItem), RestoreItem.Bind(u.restoreItem), ListWithdrawn.Bind(u.listWithdrawn),
		RefreshSource.Bind(u.refreshSource), SourceHealth.Bind(u.sourceHealth), RefuseSource.Bind(u.refuseSource),
	}
}

// ItemNamed names an item, in one way, and says for how long.
type ItemNamed struct {
	console.Of
	Link string `json:"link,omitempty" doc:"The item's link; how clicks are counted, www and a slash at the end make no difference."`
	ID   string `json:"id,omitempty" doc:"The item's id at its source, such as a guid or a symbol."`
	Text string `json:"text,omitempty" doc:"A text that stands in the item; a short one has to be its title."`
	// Source is the one whose items alone it is about, or that an id is of.
	Source string    `json:"source,omitempty" doc:"Id of the source whose items alone it is about; all of the publisher's where not given. With an id the source that it is of: what others tell by its link goes with it."`
	Until  time.Time `json:"until,omitzero" doc:"When it ends; never where not given."`
	Say    string    `json:"say,omitempty" doc:"The line that is told: beside a corrected item, and once to readers who saw it."`
}

// Withdrawal is a rule as it is answered.
type Withdrawal struct {
	ID       string    `json:"id" doc:"What item.restore takes."`
	At       time.Time `json:"at"`
	By       string    `json:"by,omitempty" doc:"Who decided it."`
	Until    time.Time `json:"until,omitzero"`
	Corrects bool      `json:"corrects,omitempty" doc:"The item is told on, with the line."`
	Say      string    `json:"say,omitempty"`
	Link     string    `json:"link,omitempty"`
	Item     string    `json:"item,omitempty" doc:"The item's id, where that names it."`
	Text     string    `json:"text,omitempty"`
	Source   string    `json:"source,omitempty" doc:"The source whose items it is about; all where not given."`
	Items    []Item    `json:"items" doc:"The items that were found, at most 50. It holds for what comes later too."`
}

// Item is one that was found.
type Item struct {
	Source string `json:"source"`
	ID     string `json:"id"`
	Title  string `json:"title,omitempty"`
	// Heading is there where there is no title.
	Heading string `json:"heading,omitempty" doc:"The beginning of its text, where it has no title."`
	Link    string `json:"link,omitempty"`
}

// ShownName returns what an item is called where it is shown.
func (i Item) ShownName() string { return withdrawal.Found(i).ShownName() }

// ItemRestore is the input of "item.restore".
type ItemRestore struct {
	console.Of
	Withdrawal string `json:"withdrawal" required:"true" doc:"Id of the withdrawal or correction."`
}

// Withdrawn is its output, the latest first.
type Withdrawn struct {
	Withdrawals []Withdrawal `json:"withdrawals"`
}

// The operations item.*.
var (
	WithdrawItem = console.Declare[ItemNamed, Withdrawal](console.Declaration{
		Name: "item.withdraw", Permission: console.Write, Audit: true, Undo: true, Method: http.MethodPost, Path: "/publishers/{publisher}/items/withdraw",
		Summary: "Take an item back: once this is answered no reader gets it, from no source and no answer that still waits.",
		Help:    "It stays out although a source still carries it, also under another id with the same link, until the time that is given or for good.",
	})

	CorrectItem = console.Declare[ItemNamed, Withdrawal](console.Declaration{
		Name: "item.correct", Permission: console.Write, Audit: true, Undo: true, Method: http.MethodPost, Path: "/publishers/{publisher}/items/correct",
		Summary: "Tell an item with a line of correction; readers who saw it without are told the line with their next answer.",
	})

	RestoreItem = console.Declare[ItemRestore, Withdrawal](console.Declaration{
		Name: "item.restore", Permission: console.Write, Audit: true, Undo: true, Method: http.MethodPost, Path: "/publishers/{publisher}/items/restore",
		Summary: "End a withdrawal or a correction.",
	})

	ListWithdrawn = console.Declare[console.Of, Withdrawn](console.Declaration{
		Name: "item.withdrawn", Permission: console.Read, Method: http.MethodGet, Path: "/publishers/{publisher}/items/withdrawn",
		Summary: "List what is withdrawn and corrected at present.",
	})
)

func (u Corrections) withdrawItem(ctx context.Context, in ItemNamed) (Withdrawal, error) {
	return u.saveRule(ctx, in, false)
}

func (u Corrections) correctItem(ctx context.Context, in ItemNamed) (Withdrawal, error) {
	return u.saveRule(ctx, in, true)
}

// Bounds of what somebody may write.
const (
	maxNamed = 2000
	maxSaid  = 500
)

// saveRule makes a rule of what somebody said, and has it hold.
func (u Corrections) saveRule(ctx context.Context, in ItemNamed, corrects bool) (Withdrawal, error) {
	console.NoteAudit(ctx, auditTarget(in.Link+in.ID+in.Text), nil, nil)
	r, err := u.ruleNamed(ctx, in, corrects)
	if err != nil {
		return Withdrawal{}, err
	}
	r, err = u.Withdrawals.Withdraw(ctx, in.Publisher, r)
	if err != nil {
		return Withdrawal{}, fmt.Errorf("withdraw: %w", err)
	}
	out := withdrawalOf(r)
	console.NoteAudit(ctx, auditTarget(r.Link+r.Item+r.Text), nil, out)
	console.RecordAside(ctx, AsideWithdrawn, in.Publisher, r)
	return out, nil
}

// ruleNamed makes a rule of what somebody said.
func (u Corrections) ruleNamed(ctx context.Context, in ItemNamed, corrects bool) (withdrawal.Rule, error) {
	pub := u.Catalogue.Publisher(in.Publisher)
	if pub == nil {
		return withdrawal.Rule{}, console.NoPublisher(in.Publisher)
	}
	by, _ := console.Caller(ctx)
	r := withdrawal.Rule{
		At: u.Clock(), Until: in.Until, Corrects: corrects, By: by.Name, Source: pub.Now(catalogue.ResourceSource, strings.TrimSpace(in.Source)),
		Link: strings.TrimSpace(in.Link), Item: strings.TrimSpace(in.ID), Text: strings.TrimSpace(in.Text), Say: strings.TrimSpace(in.Say),
	}
	if problems := ruleProblems(r); len(problems) > 0 {
		return r, problems
	}
	if _, ok := pub.Source(r.Source); !ok && r.Source != "" {
		return r, console.NoThing(catalogue.ResourceSource, in.Source)
	}
	return r, nil
}

// ruleProblems returns what is wrong with what somebody said.
func ruleProblems(r withdrawal.Rule) (problems settings.Problems) {
	say := func(field, key string, args words.Args) {
		problems = append(problems, settings.Wrong(field, words.Text{Key: key, Args: args}))
	}
	named := 0
	for field, text := range map[string]string{"link": r.Link, "id": r.Item, "text": r.Text} {
		if text != "" {
			named++
		}
		if len(text) > maxNamed {
			say(field, "upkeep.long", words.Args{"max": maxNamed})
		}
	}
	switch {
	case named != 1:
		say("link", "upkeep.name_one", nil)
	case r.Link != "" && withdrawal.Link(r.Link) == "":
		say("link", "upkeep.link", nil)
	case r.Text != "" && withdrawal.Words(r.Text) == "":
		say("text", "upkeep.text", nil)
	}
	if r.Over(r.At) {
		say("until", "upkeep.past", nil)
	}
	if r.Corrects && r.Say == "" {
		say("say", "upkeep.say", nil)
	}
	if len([]rune(r.Say)) > maxSaid {
		say("say", "upkeep.long", words.Args{"max": maxSaid})
	}
	return problems
}

func (u Corrections) restoreItem(ctx context.Context, in ItemRestore) (Withdrawal, error) {
	console.NoteAudit(ctx, auditTarget(in.Withdrawal), nil, nil)
	if err := u.checkPublisher(in.Publisher); err != nil {
		return Withdrawal{}, err
	}
	r, found, err := u.Withdrawals.Restore(ctx, in.Publisher, strings.TrimSpace(in.Withdrawal))
	switch {
	case err != nil:
		return Withdrawal{}, fmt.Errorf("restore: %w", err)
	case !found:
		return Withdrawal{}, &pull.Error{Kind: pull.Unknown, Field: "withdrawal", Hint: words.Text{Key: "upkeep.none"}}
	}
	out := withdrawalOf(r)
	console.NoteAudit(ctx, auditTarget(r.Link+r.Item+r.Text), out, nil)
	console.RecordAside(ctx, AsideRestored, in.Publisher, r)
	return out, nil
}

func (u Corrections) listWithdrawn(ctx context.Context, in console.Of) (Withdrawn, error) {
	out := Withdrawn{Withdrawals: []Withdrawal{}}
	if err := u.checkPublisher(in.Publisher); err != nil {
		return out, err
	}
	rules, err := u.Withdrawals.Withdrawals(ctx, in.Publisher)
	if err != nil {
		return out, fmt.Errorf("list what is withdrawn: %w", err)
	}
	for i := len(rules) - 1; i >= 0; i-- {
		out.Withdrawals = append(out.Withdrawals, withdrawalOf(rules[i]))
	}
	return out, nil
}

func (u Corrections) checkPublisher(publisher string) error {
	if u.Catalogue.Publisher(publisher) == nil {
		return console.NoPublisher(publisher)
	}
	return nil
}

func withdrawalOf(r withdrawal.Rule) Withdrawal {
	w := Withdrawal{
		ID: r.ID, At: r.At, By: r.By, Until: r.Until, Corrects: r.Corrects, Say: r.Say, Link: r.Link, Item: r.Item, Text: r.Text, Source: r.Source, Items: []Item{},
	}
	for _, f := range r.Found {
		w.Items = append(w.Items, Item(f))
	}
	return w
}

// auditTarget returns what an act was about: an item, by how it was named.
func auditTarget(name string) string {
	const most = 100
	return "item " + words.Shorten(name, most)
}

// What was withdrawn or corrected, and what was told again, as acts note it: each
// is undone by the other.
const (
	AsideWithdrawn = "withdrawn"
	AsideRestored  = "restored"
)

// Asides returns how acts on items are undone, by the names under which they note
// what they did.
func (u Corrections) Asides() map[string]func(ctx context.Context, publisher string, data json.RawMessage) error {
	return map[string]func(context.Context, string, json.RawMessage) error{
		AsideWithdrawn: func(ctx context.Context, publisher string, data json.RawMessage) error {
			r, err := ruleOf(data)
			if err != nil {
				return err
			}
			_, found, err := u.Withdrawals.Restore(ctx, publisher, r.ID)
			if err == nil && !found {
				err = &pull.Error{Kind: pull.Conflict, Field: "change", Hint: words.Text{Key: "upkeep.none"}}
			}
			if err == nil {
				console.RecordAside(ctx, AsideRestored, publisher, r)
			}
			return err
		},
		AsideRestored: func(ctx context.Context, publisher string, data json.RawMessage) error {
			r, err := ruleOf(data)
			if err != nil {
				return err
			}
			if r, err = u.Withdrawals.Withdraw(ctx, publisher, r); err == nil {
				console.RecordAside(ctx, AsideWithdrawn, publisher, r)
			}
			return err //nolint:wrapcheck // it says what it is about
		},
	}
}

func ruleOf(data json.RawMessage) (r withdrawal.Rule, err error) {
	if err = json.Unmarshal(data, &r); err != nil {
		return r, fmt.Errorf("decode what was withdrawn: %w", err)
	}
	return r, nil
}

// findSource returns a source by the id that it has now.
func (u Corrections) findSource(in console.SourceGet) (*catalogue.Setup, string, error) {
	pub := u.Catalogue.Publisher(in.Publisher)
	if pub == nil {
		return nil, "", console.NoPublisher(in.Publisher)
	}
	id := pub.Now(catalogue.ResourceSource, in.ID)
	if _, ok := pub.Source(id); !ok {
		return nil, "", console.NoThing(catalogue.ResourceSource, in.ID)
	}
	return pub, id, nil
}
