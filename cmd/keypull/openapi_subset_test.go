package main

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// contract holds an earlier description of the API against the one of today:
// what a client of then relies on must be there still.
type contract struct {
	was, is  object
	problems []string
	// held are the schemas that are being compared, since they may hold themselves.
	held map[string]bool
}

// broken lists what a client of an earlier description would stumble over.
func broken(was, is object) []string {
	c := &contract{was: was, is: is, held: map[string]bool{}}
	for path, item := range tableOf(was, "paths") {
		for method, old := range item.(object) {
			c.operation(strings.ToUpper(method)+" "+path, old.(object), tableOf(tableOf(tableOf(is, "paths"), path), method))
		}
	}
	for name, old := range tableOf(tableOf(was, "components"), "securitySchemes") {
		now := tableOf(tableOf(tableOf(is, "components"), "securitySchemes"), name)
		c.same(name, textOf(old.(object), "type")+" "+textOf(old.(object), "scheme"), textOf(now, "type")+" "+textOf(now, "scheme"))
	}
	slices.Sort(c.problems)
	return slices.Compact(c.problems)
}

func (c *contract) say(at, what string, args ...any) {
	c.problems = append(c.problems, at+": "+fmt.Sprintf(what, args...))
}

func (c *contract) same(at string, was, is any) {
	if !reflect.DeepEqual(was, is) {
		c.say(at, "was %v and is %v", was, is)
	}
}

func (c *contract) operation(at string, was, is object) {
	if is == nil {
		c.say(at, "is gone")
		return
	}
	c.same(at+" operationId", was["operationId"], is["operationId"])
	c.parameters(at, was, is)
	c.body(at, tableOf(was, "requestBody"), tableOf(is, "requestBody"))
	for status, old := range tableOf(was, "responses") {
		now, ok := tableOf(is, "responses")[status].(object)
		if !ok {
			c.say(at, "no longer answers %s", status)
			continue
		}
		c.response(at+" "+status, resolved(c.was, old.(object)), resolved(c.is, now))
	}
}

func (c *contract) parameters(at string, was, is object) {
	of := func(doc, o object) map[string]object {
		all := map[string]object{}
		for _, p := range entriesOf(o, "parameters") {
			p = resolved(doc, p)
			all[textOf(p, "in")+" "+textOf(p, "name")] = p
		}
		return all
	}
	before, now := of(c.was, was), of(c.is, is)
	for name, p := range before {
		if now[name] == nil {
			c.say(at, "has no %s", name)
			continue
		}
		c.schema(at+" "+name, tableOf(p, "schema"), tableOf(now[name], "schema"), true)
	}
	for name, p := range now {
		if p["required"] == true && (before[name] == nil || before[name]["required"] != true) {
			c.say(at, "demands %s", name)
		}
	}
}

func (c *contract) body(at string, was, is object) {
	if is["required"] == true && was["required"] != true {
		c.say(at, "demands a body")
	}
	c.content(at+" body", was, is, true)
}

func (c *contract) response(at string, was, is object) {
	for header := range tableOf(was, "headers") {
		if tableOf(is, "headers")[header] == nil {
			c.say(at, "has no header %s", header)
		}
	}
	c.content(at, was, is, false)
}

func (c *contract) content(at string, was, is object, input bool) {
	for media, old := range tableOf(was, "content") {
		now, ok := tableOf(is, "content")[media].(object)
		if !ok {
			c.say(at, "has no %s", media)
			continue
		}
		c.schema(at, tableOf(old.(object), "schema"), tableOf(now, "schema"), input)
	}
}

// resolved follows a reference within a description.
func resolved(doc, v object) object {
	ref, ok := strings.CutPrefix(textOf(v, "$ref"), "#/")
	if !ok {
		return v
	}
	for part := range strings.SplitSeq(ref, "/") {
		doc = tableOf(doc, part)
	}
	return doc
}

// schema compares what a client sends, or what it gets.
func (c *contract) schema(at string, was, is object, input bool) {
	place := fmt.Sprint(was["$ref"], is["$ref"], input)
	if was["$ref"] != nil {
		if c.held[place] {
			return
		}
		c.held[place] = true
	}
	was, is = resolved(c.was, was), resolved(c.is, is)
	for name, old := range tableOf(was, "properties") {
		now, ok := tableOf(is, "properties")[name].(object)
		if !ok {
			c.say(at, "has no field %s", name)
			continue
		}
		c.schema(at+"."+name, old.(object), now, input)
	}
	if input {
		c.within(at, "demands", listOf(is, "required"), listOf(was, "required"))
	} else if !strings.HasSuffix(at, ".settings") {
		// A kind may come to need less: who reads settings finds those that are set.
		always := slices.DeleteFunc(slices.Clone(listOf(was, "required")), func(name any) bool { return name == "settings" })
		c.within(at, "no longer always has", always, listOf(is, "required"))
	}
	c.within(at, "no longer knows", listOf(was, "enum"), listOf(is, "enum"))
	for _, key := range []string{"items", "additionalProperties"} {
		if old, ok := was[key].(object); ok {
			c.schema(at+"."+key, old, tableOf(is, key), input)
		} else if key == "additionalProperties" && (input || was[key] != nil) {
			c.same(at+" "+key, was[key], is[key])
		}
	}
	for _, key := range []string{"type", "format", "pattern", "const", "default", "readOnly"} {
		if key == "format" && is[key] == nil && strings.HasSuffix(textOf(is, "pattern"), ")?$") {
			// The pattern of then and now says that the address may be empty, which no URI is.
			continue
		}
		c.same(at+" "+key, was[key], is[key])
	}
	c.limits(at, was, is, input)
	c.alternatives(at, was, is, input)
}

func listOf(v object, name string) []any {
	all, _ := v[name].([]any)
	return all
}

func (c *contract) within(at, what string, some, all []any) {
	for _, v := range some {
		if !slices.Contains(all, v) {
			c.say(at, "%s %v", what, v)
		}
	}
}

// limits may have become wider of what is sent.
func (c *contract) limits(at string, was, is object, input bool) {
	for _, key := range []string{"maximum", "maxLength", "maxItems", "minimum", "minLength", "minItems", "minProperties"} {
		before, bounded := was[key].(float64)
		now, bounds := is[key].(float64)
		tighter := bounds && (!bounded || strings.HasPrefix(key, "max") && now < before || strings.HasPrefix(key, "min") && now > before)
		if input && tighter {
			c.say(at, "%s was %v and is %v", key, was[key], is[key])
		}
	}
}

// alternatives finds for each that was one of today that it agrees with.
func (c *contract) alternatives(at string, was, is object, input bool) {
	for _, key := range []string{"oneOf", "anyOf"} {
		for i, old := range listOf(was, key) {
			fits := slices.ContainsFunc(listOf(is, key), func(now any) bool {
				tried := &contract{was: c.was, is: c.is, held: maps.Clone(c.held)}
				tried.schema(at, old.(object), now.(object), input)
				return len(tried.problems) == 0
			})

			if !fits {
				c.say(at, "%s has nothing like its alternative %d of then", key, i)
			}
		}
	}
}
