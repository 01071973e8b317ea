package messengertest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"keypull/web/messengers"
)

// variant is a delivery, and what is said of it.
type variant struct {
	what     string
	delivery messengers.Delivery
}

// genuineOnes returns all deliveries of the case that the platform proves itself by:
// what is asked, pressed, corrected, and what became of a message.
func (c Case) genuineOnes() (all []variant) {
	add := func(what string, each ...messengers.Delivery) {
		for i, d := range each {
			all = append(all, variant{fmt.Sprintf("%s %d", what, i), d})
		}
	}
	add("delivery", slices.Concat(c.Deliveries, c.proven)...)
	add("correction", c.Edits...)
	for _, g := range c.Groups {
		add("in a group, "+g.Name+",", g.Member, g.Other, g.Private)
	}
	if c.Press != nil {
		add("the press of a button", c.Press("k:news"))
	}
	if c.Foreign != nil {
		add("the press of another tool's button", c.Foreign("btn-7f3a", "news")...)
	}
	if c.Told != nil {
		add("what became of a message", c.Told(strings.ReplaceAll(c.ID, "{key}", "1-1")))
	}
	return all
}

// forged: whoever can't prove to be the platform brings nothing and is told
// nothing, whatever is delivered.
func (c Case) forged(t T, m messengers.Messenger) {
	if c.Anyone {
		return
	}
	if c.Forge == nil {
		t.Fatalf("a case says by Forge how the platform's proof is spoilt, or by Anyone that there is none")
	}
	for _, one := range c.genuineOnes() {
		for _, verified := range []bool{false, true} {
			forged := c.Forge(copied(one.delivery))
			if forged.Verified = verified; verified && c.Kind.App != nil {
				continue
			}
			r := c.receive(t, m, forged)
			nothing(t, r, one.what+", forged,")
			if r.Status < http.StatusBadRequest || r.Status >= http.StatusInternalServerError || len(r.Body) > 0 {
				t.Errorf("%s, forged: status %d with %d bytes, want 401, or another 4xx, and nothing else", one.what, r.Status, len(r.Body))
			}
		}
		for _, spoilt := range unproven(one.delivery, c.Forge) {
			r := c.receive(t, m, spoilt.delivery)
			nothing(t, r, one.what+" "+spoilt.what)
			if r.Status < http.StatusBadRequest && len(r.Body) > 0 {
				t.Errorf("%s %s: status %d with %d bytes, want 401, or another 4xx, and nothing else", one.what, spoilt.what, r.Status, len(r.Body))
			}
		}
	}
}

// unproven returns a delivery without anything beside its body, and with each part of
// the platform's proof, which is whatever Forge changes, spoilt in every way.
func unproven(d messengers.Delivery, forge func(messengers.Delivery) messengers.Delivery) (all []variant) {
	forged := forge(copied(d))
	if slices.Equal(forged.Body, d.Body) {
		all = bare(d)
	}
	for _, p := range proofs(d, forged) {
		without := p.with(nil)
		all = append(all, variant{"without " + p.name, without})
		for what, value := range otherTokens(p.value) {
			all = append(all, variant{"with " + what + " " + p.name, p.with(value)})
		}
		if p.typed {
			for _, value := range []any{json.RawMessage("null"), true, 0, 1, []any{}, map[string]any{}, []any{p.value}} {
				all = append(all, variant{fmt.Sprintf("with %T as its %s", value, p.name), p.with(value)})
			}
		}
	}
	return all
}

// bare returns a delivery whose proof lies outside its body, with its body alone.
func bare(d messengers.Delivery) []variant {
	alone, blank := copied(d), copied(d)
	alone.Header, alone.Query, alone.Path, alone.Verified = nil, nil, "", false
	for _, values := range []map[string][]string{blank.Header, blank.Query} {
		for name := range values {
			values[name] = []string{""}
		}
	}
	blank.Path, blank.Verified = "", false
	return []variant{{"without any header or query", alone}, {"with empty headers and query", blank}}
}

// proof is a place of a delivery that the platform's proof stands in.
type proof struct {
	name, value string
	// with is the delivery with another value there; nil takes the place out.
	with func(value any) messengers.Delivery
	// typed says that a value may be any of JSON.
	typed bool
}

// proofs returns the places where a forged delivery differs from a genuine one.
func proofs(d, forged messengers.Delivery) (all []proof) {
	for _, of := range []func(*messengers.Delivery) map[string][]string{
		func(d *messengers.Delivery) map[string][]string { return d.Header },
		func(d *messengers.Delivery) map[string][]string { return d.Query },
	} {
		for name, values := range of(&d) {
			if slices.Equal(values, of(&forged)[name]) {
				continue
			}
			all = append(all, proof{name: name, value: strings.Join(values, ","), with: func(value any) messengers.Delivery {
				changed := copied(d)
				if of(&changed)[name] = []string{fmt.Sprint(value)}; value == nil {
					delete(of(&changed), name)
				}
				return changed
			}})
		}
	}
	steps, others := strings.Split(d.Path, "/"), strings.Split(forged.Path, "/")
	for i, step := range steps {
		if i < len(others) && others[i] == step {
			continue
		}
		all = append(all, proof{name: "the path", value: step, with: func(value any) messengers.Delivery {
			changed, next := copied(d), slices.Clone(steps)
			if next[i] = fmt.Sprint(value); value == nil {
				next = slices.Delete(next, i, i+1)
			}
			changed.Path = strings.Join(next, "/")
			return changed
		}})
	}
	return append(all, bodyProofs(d, forged)...)
}

// bodyProofs returns those places of a body that is JSON, or a form of which a value
// may be JSON.
func bodyProofs(d, forged messengers.Delivery) (all []proof) {
	withBody := func(body []byte) messengers.Delivery {
		changed := copied(d)
		changed.Body = body
		return changed
	}
	if json.Valid(d.Body) {
		return jsonProofs("", d.Body, forged.Body, withBody)
	}
	form, err := url.ParseQuery(string(d.Body))
	spoilt, wrong := url.ParseQuery(string(forged.Body))
	if err != nil || wrong != nil {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		if slices.Equal(form[name], spoilt[name]) {
			continue
		}
		with := func(value any) messengers.Delivery {
			next := cloned(form)
			if next[name] = []string{fmt.Sprint(value)}; value == nil {
				delete(next, name)
			}
			return withBody([]byte(url.Values(next).Encode()))
		}
		if text := form.Get(name); strings.HasPrefix(text, "{") && json.Valid([]byte(text)) {
			all = append(all, jsonProofs(name+".", []byte(text), []byte(spoilt.Get(name)), func(body []byte) messengers.Delivery { return with(string(body)) })...)
			continue
		}
		all = append(all, proof{name: name, value: form.Get(name), with: with})
	}
	return all
}

func jsonProofs(prefix string, body, forged []byte, with func([]byte) messengers.Delivery) (all []proof) {
	whole, spoilt := parsed(body), parsed(forged)
	for _, path := range paths(whole, nil) {
		value, leaf := at(whole, path).(string)
		if other := at(spoilt, path); !leaf || other == any(value) {
			continue
		}
		all = append(all, proof{name: fmt.Sprint(prefix, path), value: value, typed: true, with: func(value any) messengers.Delivery {
			if value == nil {
				return with(marshalled(removed(whole, path)))
			}
			return with(marshalled(replaced(whole, path, value)))
		}})
	}
	return all
}

// at returns the value at a path of a JSON value, or nil if there is none.
func at(v any, path []any) any {
	for _, step := range path {
		switch of := v.(type) {
		case map[string]any:
			v = of[fmt.Sprint(step)]
		case []any:
			i, ok := step.(int)
			if !ok || i >= len(of) {
				return nil
			}
			v = of[i]
		default:
			return nil
		}
	}
	return v
}

// removed returns a copy of a value without what stands at a path.
func removed(v any, path []any) any {
	last := len(path) - 1
	of, ok := at(v, path[:last]).(map[string]any)
	if !ok {
		return replaced(v, path, nil)
	}
	of = maps.Clone(of)
	delete(of, fmt.Sprint(path[last]))
	return replaced(v, path[:last], of)
}

// otherTokens are values that are not a proof, however much they look like it.
func otherTokens(proof string) map[string]string {
	half := len(proof) / 2
	all := map[string]string{
		"an empty": "", "half of its": proof[:half], "all but the end of its": proof[:max(0, len(proof)-1)], "more than its": proof + "x",
		"another": proof[:half] + strings.Map(next, proof[half:]), "a guessed": "guess", "twice its": proof + proof,
	}
	// Digits of a hexadecimal signature mean the same in capitals, and so does a scheme.
	from := strings.LastIndexAny(strings.TrimRight(proof, "="), " =,") + 1
	if token := proof[from:]; strings.Trim(token, "0123456789abcdefABCDEF") != "" {
		all["in other case its"] = proof[:from] + strings.Map(otherCase, token)
	}
	for what, value := range all {
		if value == proof {
			delete(all, what)
		}
	}
	return all
}

// next returns the letter or digit behind one, so that what is made of them is as long
// and looks alike.
func next(r rune) rune {
	for _, all := range []string{"0123456789", "abcdef", "ghijklmnopqrstuvwxyz", "ABCDEF", "GHIJKLMNOPQRSTUVWXYZ"} {
		if i := strings.IndexRune(all, r); i >= 0 {
			return rune(all[(i+1)%len(all)])
		}
	}
	return r
}

func otherCase(r rune) rune {
	if unicode.IsUpper(r) {
		return unicode.ToLower(r)
	}
	return unicode.ToUpper(r)
}
