package sourcetest

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/what/textform"
)

// answered is what an argument came to, and what was asked of upstream for it.
type answered struct {
	argument, key string
	found         pull.Selection
	snapshot      pull.Snapshot
	asked         []string
	err           error
}

// tells returns the answer as a reader tells it from another.
func (a answered) tells() string {
	var ids []string
	for _, it := range a.found.Items {
		ids = append(ids, it.ID)
	}
	for _, c := range a.found.Choices {
		ids = append(ids, "? "+c.Value)
	}
	return strings.Join(ids, ", ")
}

// ask walks the three steps for an argument, as a reader's ask does.
func (r rig) ask(t *testing.T, argument string) (a answered) {
	t.Helper()
	q := r.Query
	q.Argument = argument
	a.argument = argument
	r.upstream.asked()
	if a.key, a.err = r.source.Key(q); a.err != nil {
		return a
	}
	if a.snapshot, a.err = r.safely(t, a.key, nil); a.err != nil {
		return a
	}
	a.asked = r.upstream.asked()
	a.found, a.err = r.source.Select(t.Context(), a.snapshot, q)
	return a
}

// others are arguments that must not be answered as the case's own: the ones
// the case names, those of the vocabulary, and such as nothing bears.
func (r rig) others(t *testing.T) []string {
	t.Helper()
	const some = 4
	var all []string
	if r.Other != "" {
		all = append(all, r.Other)
	}
	if v, ok := r.source.(pull.Vocabulary); ok {
		s := r.fetch(t)
		terms := v.Terms(&s)
		for _, term := range terms[:min(len(terms), some)] {
			all = append(all, term.Value)
		}
	}
	if r.Query.Argument != "" {
		all = append(all, r.Query.Argument+"zqx", r.Query.Argument+" zqxv", "zqxv")
	}
	return all
}

// arguments: what a reader writes beside the keyword decides the answer, in the
// key and what is fetched for it, or in what is selected.
func (c Case) arguments(t *testing.T) {
	r := c.start(t)
	all := []answered{r.ask(t, r.Query.Argument)}
	r.escaped(t, all[0])
	for _, argument := range r.others(t) {
		a := r.ask(t, argument)
		if a.err == nil && len(a.found.Items) > 0 {
			all = append(all, a)
		}
	}
	if c.Other != "" && len(all) < 2 {
		t.Fatalf("the other argument %q finds nothing", c.Other)
	}
	for i, a := range all {
		for _, b := range all[:i] {
			switch {
			case a.tells() == b.tells() && !r.alike(a, b):
				t.Errorf("the arguments %q and %q have the same answer: %s", b.argument, a.argument, a.tells())
			case a.key != b.key && len(a.asked) > 0 && slices.Equal(a.asked, b.asked):
				t.Errorf("for %q and %q, which have keys of their own, the same is fetched: %s", b.argument, a.argument, a.asked)
			case a.key != b.key && len(a.asked) == 0 && frozen(t, a.snapshot.Items) == frozen(t, b.snapshot.Items):
				t.Errorf("the keys of %q and %q bring the same", b.argument, a.argument)
			}
		}
	}
}

// escaped: what a reader writes is one value of what is asked for, and no more of its
// address: neither a further step nor a further value.
func (r rig) escaped(t *testing.T, usual answered) {
	t.Helper()
	if usual.argument == "" || len(usual.asked) == 0 {
		return
	}
	a := r.ask(t, usual.argument+"/../zqx?zqy=1&zqz=2#end")
	for _, line := range a.asked {
		_, address, _ := strings.Cut(line, " ")
		address, _, _ = strings.Cut(address, " ")
		u, err := url.ParseRequestURI(address)
		if err != nil || strings.Contains(u.EscapedPath(), "/zqx") || u.Query().Has("zqy") || u.Query().Has("zqz") {
			t.Errorf("the argument %q becomes a part of the address: %s", a.argument, address)
		}
	}
}

// alike reports whether two arguments are the same entry under two names.
func (r rig) alike(a, b answered) bool {
	if a.argument == b.argument {
		return true
	}
	v, ok := r.source.(pull.Vocabulary)
	if !ok || len(a.found.Items) != 1 {
		return false
	}
	for _, term := range v.Terms(&a.snapshot) {
		names := append([]string{term.Value, a.found.Items[0].ID}, term.Names...)
		fits := func(argument string) bool {
			return slices.ContainsFunc(names, func(name string) bool {
				return textform.Fold(name) == textform.Fold(argument) || strings.Contains(textform.Fold(name), textform.Fold(argument))
			})
		}
		if fits(a.argument) && fits(b.argument) {
			return true
		}
	}
	return false
}

// keyStands: the key depends on what is asked, never on the moment, how many
// are wanted, or which process asks.
func (c Case) keyStands(t *testing.T) {
	r := c.start(t)
	key := r.key(t)
	for name, change := range map[string]func(*pull.Query){
		"a second later": func(q *pull.Query) { q.At = q.At.Add(time.Second) },
		"for more items": func(q *pull.Query) { q.Count += 3 },
	} {
		q := r.Query
		change(&q)
		if other, err := r.reopened(t).Key(q); err != nil || other != key {
			t.Errorf("the key was %q, and is %q %s, %v", key, other, name, err)
		}
	}
}

// choices: where an argument fits several, the reader gets something to choose
// from, and each choice asks for one thing alone.
func (c Case) choices(t *testing.T) {
	r := c.start(t)
	a := r.ask(t, c.Several)
	choices := a.found.Choices
	if e, ok := asError(a.err); ok && e.Kind == pull.Several {
		choices = e.Choices
	} else if a.err != nil {
		t.Fatal(a.err)
	}
	if len(choices) < 2 || len(a.found.Items) > 0 {
		t.Fatalf("%q gives %d choices and %d items; want two choices or more, and no items", c.Several, len(choices), len(a.found.Items))
	}
	told, shown := map[string]string{}, map[string]bool{}
	for _, choice := range choices {
		if len(choice.Names) == 0 || choice.Names[0] == "" || shown[textform.Fold(choice.Names[0])] {
			t.Errorf("the choice %q is shown as %q: by that nobody can tell it from the others", choice.Value, choice.Names)
			continue
		}
		shown[textform.Fold(choice.Names[0])] = true
		b := r.ask(t, choice.Value)
		if b.err != nil || len(b.found.Items) == 0 || len(b.found.Choices) > 0 {
			t.Errorf("the choice %q asks again, or for nothing: %v, %v", choice.Value, b.found, b.err)
			continue
		}
		if before, taken := told[b.tells()]; taken {
			t.Errorf("the choices %q and %q have the same answer", before, choice.Value)
		}
		told[b.tells()] = choice.Value
	}
}
