package messengertest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"keypull/web/messengers"
)

// traced: what a receipt tells of who wrote what, when and where stands in the
// delivery, and changes with it.
func (c Case) traced(t T, logs *record) {
	m := c.open(t, nowhere, nil, logs)
	for _, g := range c.Groups {
		c.personal(t, m, g)
	}
	dated := m.Limits().Window == 0
	for _, one := range c.genuineOnes() {
		r := c.receive(t, m, copied(one.delivery))
		if len(r.Asks) > 0 && r.Asks[0].Edit {
			continue
		}
		found := c.origins(t, logs, one.delivery)
		all := facts(r)
		for place, value := range all {
			from := slices.DeleteFunc(slices.Clone(found), func(o origin) bool { return !o.moves[place] })
			if ask, ok := strings.CutSuffix(place, " platform"); ok && !r.Asks[0].Fleeting {
				from = slices.DeleteFunc(from, func(o origin) bool {
					return o.moves[ask+" text"] || o.moves[ask+" tap"] || o.moves[ask+" reader"] && strings.Contains(all[ask+" reader"], o.text)
				})
			}
			needed := func(o origin) bool { return o.needed && ofMessage.MatchString(place) && word(o.text, value) }
			if len(from) == 0 && value != "" && comesAlong.MatchString(place) && !slices.ContainsFunc(found, needed) {
				t.Errorf("%s: %s is %q, whatever is delivered", one.what, place, value)
			}
		}
		for _, in := range answered(r) {
			dated = dated || !in.Sent.IsZero()
			c.timed(t, one, in)
			c.spoken(t, one, in)
		}
		c.several(t, logs, one, r, found)
	}
	if !dated && c.Lacks[Times] == "" {
		t.Errorf("a window counts from Incoming.Sent, which no delivery brings: a case says by Lacks[messengertest.Times] why the platform does not tell when a message was written")
	}
}

// personal: in private a reader is the person, by whose ids members of a group differ.
func (c Case) personal(t T, m messengers.Messenger, g Group) {
	before := c.receive(t, m, copied(g.Private)).Asks
	persons := valuesOf(g.Member)
	for _, shared := range valuesOf(g.Other) {
		persons = slices.DeleteFunc(persons, func(text string) bool { return text == shared || strings.Map(next, text) == text })
	}
	found := false
	another := rewritten(copied(g.Private), func(_, text string) string {
		if !slices.Contains(persons, text) {
			return text
		}
		found = true
		return strings.Map(next, text)
	})
	if asks := c.receive(t, m, c.signedAnew(another)).Asks; found && len(asks) == 1 && len(before) == 1 && asks[0].Reader == before[0].Reader {
		t.Errorf("in private, %s, two persons are the reader %q: who a member is, %q tell", g.Name, before[0].Reader, persons)
	}
}

// comesAlong are the parts of a receipt that are another's in each delivery, ofMessage
// those that name a message.
var (
	comesAlong = regexp.MustCompile(`^(asks|events) \d+ (platform|reader|address|also \d+|language|quote|thread|mark|sent|message|to|key)$`)
	ofMessage  = regexp.MustCompile(` (platform|message)$`)
)

// facts returns the parts of a receipt by their places.
func facts(r messengers.Receipt) map[string]string {
	all, whole := map[string]string{}, plain(meaning{Asks: meant(r).Asks, Events: r.Events})
	for _, path := range paths(whole, nil) {
		if text, ok := at(whole, path).(string); ok {
			all[strings.Trim(fmt.Sprint(path), "[]")] = text
		}
	}
	return all
}

// origin is a value of a delivery, and which parts of its receipt change with it. Where
// one that is needed is another, nothing arrives.
type origin struct {
	text   string
	moves  map[string]bool
	needed bool
}

// origins changes each value of a delivery in turn.
func (c Case) origins(t T, logs *record, d messengers.Delivery) (all []origin) {
	whole := c.receive(t, c.open(t, nowhere, nil, logs), copied(d))
	before := facts(whole)
	rewritten(copied(d), func(_, text string) string {
		all = append(all, origin{text: text, moves: map[string]bool{}})
		return text
	})
	for i, o := range all {
		for _, other := range otherTexts(o.text) {
			at := -1
			changed := rewritten(copied(d), func(_, text string) string {
				if at++; at == i {
					return other
				}
				return text
			})
			got := c.receive(t, c.open(t, nowhere, nil, logs), c.signedAnew(changed))
			if len(got.Asks) != len(whole.Asks) || len(got.Events) != len(whole.Events) {
				all[i].needed = true
				continue
			}
			after := facts(got)
			for place, value := range before {
				if after[place] != value {
					o.moves[place] = true
				}
			}
		}
	}
	return all
}

// otherTexts returns texts of the same look that begin, or end, otherwise.
func otherTexts(text string) (all []string) {
	sign := func(r rune) bool { return next(r) != r }
	for _, at := range []int{strings.IndexFunc(text, sign), strings.LastIndexFunc(text, sign)} {
		if at >= 0 {
			all = append(all, text[:at]+string(next(rune(text[at])))+text[at+1:])
		}
	}
	return all
}

// timed: a message was written when the platform says so.
func (Case) timed(t T, one variant, in messengers.Incoming) {
	told := in.Sent.IsZero()
	rewritten(copied(one.delivery), func(_, text string) string {
		told = told || slices.ContainsFunc(moments(text), func(at time.Time) bool { return at.Sub(in.Sent).Abs() < time.Second })
		return text
	})
	if !told {
		t.Errorf("%s was sent at %s, which stands nowhere in it", one.what, in.Sent.UTC())
	}
}

// moments returns what times a text may mean.
func moments(text string) (all []time.Time) {
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		for seconds > 4e9 { // milliseconds, or finer
			seconds /= 1000
		}
		all = append(all, time.UnixMilli(int64(seconds*1000)))
	}
	_, behind, _ := strings.Cut(text, ": ")
	for _, layout := range []string{time.RFC3339, time.RFC1123Z, time.RFC1123, "Mon, 2 Jan 2006 15:04:05 -0700", time.DateTime, "2006-01-02T15:04:05"} {
		for _, of := range []string{text, behind} {
			if at, err := time.Parse(layout, of); err == nil {
				all = append(all, at)
			}
		}
	}
	return all
}

// language is how a platform writes one.
var language = regexp.MustCompile(`^[a-z]{2}([-_][A-Z]{2})?$`)

// spoken: what the platform says of a reader by a name that all know arrives as that.
func (Case) spoken(t T, one variant, in messengers.Incoming) {
	rewritten(copied(one.delivery), func(name, text string) string {
		name = strings.ToLower(name)
		degrees, err := strconv.ParseFloat(text, 64)
		ofPlace := err == nil && in.Location != nil
		switch {
		case (strings.Contains(name, "lang") || strings.Contains(name, "locale")) && language.MatchString(text) && in.Language == "" && !in.Group,
			ofPlace && strings.HasPrefix(name, "lat") && in.Location.Latitude != degrees,
			ofPlace && strings.HasPrefix(name, "lon") && in.Location.Longitude != degrees:
			t.Errorf("%s: the platform tells %q as the %s, and %+v arrives", one.what, text, name, in)
		}
		return text
	})
}

// several: where the platform delivers a list, each message of it arrives, in its order.
func (c Case) several(t T, logs *record, one variant, r messengers.Receipt, found []origin) {
	whole := parsed(one.delivery.Body)
	received := func(body any) []string {
		d := copied(one.delivery)
		d.Body = marshalled(body)
		return ids(c.receive(t, c.open(t, nowhere, nil, logs), c.signedAnew(d)))
	}
	before := ids(r)
	for _, path := range append(paths(whole, nil), []any{}) {
		list, ok := at(whole, path).([]any)
		if !ok || len(list) == 0 {
			continue
		}
		without := received(replaced(whole, path, list[:len(list)-1]))
		own := len(before) - len(without)
		if own == 0 {
			continue
		}
		var got []string
		arrives := false
		for _, further := range twins(list[len(list)-1], found) {
			got = received(replaced(whole, path, append(slices.Clone(list), further)))
			known := slices.DeleteFunc(slices.Clone(got), func(id string) bool { return !slices.Contains(before, id) })
			fresh := slices.IndexFunc(got, func(id string) bool { return !slices.Contains(before, id) })
			behind := slices.IndexFunc(got, func(id string) bool { return slices.Contains(before, id) && !slices.Contains(without, id) })
			arrives = arrives || len(got) == len(before)+own && slices.Equal(known, before) && fresh > behind
		}
		if got != nil && !arrives {
			t.Errorf("%s: with one more in its list %v it brings %q, and before %q: each is read, in the order of the list", one.what, path, got, before)
		}
	}
}

// twins returns copies of what a list holds that are called otherwise: in its id alone,
// and in whatever may differ; none if it has no id.
func twins(of any, found []origin) (all []any) {
	for _, named := range []bool{true, false} {
		id := false
		twin := everyText("", of, func(_, text string) string {
			for _, o := range found {
				if o.text != text {
					continue
				}
				id = id || o.names()
				if o.needed || named && !o.names() {
					return text
				}
			}
			return append(otherTexts(text), text)[0]
		})
		if id {
			all = append(all, twin)
		}
	}
	return all
}

// names tells whether a value is what a message is known by.
func (o origin) names() bool {
	for place, moved := range o.moves {
		if moved && ofMessage.MatchString(place) {
			return true
		}
	}
	return false
}

// ids returns what a receipt is about.
func ids(r messengers.Receipt) (all []string) {
	for _, in := range r.Asks {
		all = append(all, in.ID)
	}
	for _, e := range r.Events {
		if e.Message != "" {
			all = append(all, string(e.Kind)+" "+e.Message)
		}
	}
	return all
}
