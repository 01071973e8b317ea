package console

import (
	"context"
	"fmt"
	"time"

	"keypull/pull/catalogue"
	"keypull/pull/withdrawal"
	"keypull/pull/words"
)

// itemTroubles is for how long after it was withdrawn an item that readers saw needs
// somebody.
const itemTroubles = 24 * time.Hour

// seenItems are how many answers told what was withdrawn, by publisher and rule, since that
// changes no more. It is not copied.
type seenItems struct{ of map[[2]string]int }

// mostSeen bounds how many rules that is known of.
const mostSeen = 10_000

// seenItems returns the items that were withdrawn of late and that readers had been told, but for those whose readers
// are told so.
func (f *Failures) seenItems(ctx context.Context, pub *catalogue.Setup) (all []Failure, err error) {
	if f.Withdrawn == nil || f.SeenBy == nil {
		return nil, nil
	}
	rules, err := f.Withdrawn(ctx, pub.ID)
	if err != nil {
		return nil, fmt.Errorf("look what is withdrawn: %w", err)
	}
	for i := range rules {
		r := &rules[i]
		if r.Corrects || r.Say != "" || r.Ended || f.Clock().Sub(r.At) >= itemTroubles {
			continue
		}
		n, err := f.countSeen(ctx, pub.ID, *r)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			continue
		}
		one := Failure{Resource: "item", ID: r.ID, Code: "withdrawn", Count: n, Since: r.At, Mend: mendOf(ctx, "withdrawn"),
			Text: words.Text{Key: "fails.withdrawn", Args: words.Args{"n": n}}.In(CallerLanguage(ctx))}
		if len(r.Found) > 0 {
			one.Name = r.Found[0].ShownName()
		}
		all = append(all, one)
	}
	return all, nil
}

// countSeen counts once in how many answers something was told that a rule is about.
func (f *Failures) countSeen(ctx context.Context, publisher string, r withdrawal.Rule) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	at := [2]string{publisher, r.ID}
	if n, known := f.seen.of[at]; known {
		return n, nil
	}
	n, err := f.SeenBy(ctx, publisher, r)
	if err != nil {
		return 0, fmt.Errorf("count who saw what was withdrawn: %w", err)
	}
	if f.seen.of == nil || len(f.seen.of) >= mostSeen {
		f.seen.of = map[[2]string]int{}
	}
	f.seen.of[at] = n
	return n, nil
}
