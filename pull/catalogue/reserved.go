package catalogue

import (
	"maps"
	"slices"

	"keypull/pull/settings"
	"keypull/pull/what"
	"keypull/pull/what/command"
	"keypull/pull/what/textform"
	"keypull/pull/words"
)

// Check finds what no single field shows.
func (p *Publisher) Check() settings.Problems {
	problems := p.checkContact()
	known := command.All()
	for _, name := range slices.Sorted(maps.Keys(p.Reserved)) {
		if !slices.Contains(known, command.Command(name)) {
			problems = append(problems, settings.Wrong("reserved."+name, words.Text{Key: "catalogue.reserved_unknown"}))
			continue
		}
		for _, word := range p.Reserved[name] {
			if c, ok := command.Lookup(word); ok && c == command.Stop && name != string(command.Stop) {
				problems = append(problems, settings.Wrong("reserved."+name, words.Text{Key: "catalogue.reserved_stop"}))
				break
			}
		}
	}
	return problems
}

// ReservedWords returns the publisher's further words of commands.
func (p *Publisher) ReservedWords() []what.ReservedWords {
	var all []what.ReservedWords
	for _, name := range slices.Sorted(maps.Keys(p.Reserved)) {
		all = append(all, what.ReservedWords{Command: command.Command(name), Words: p.Reserved[name]})
	}
	return all
}

// rules are what keywords are held against of the publisher itself.
type rules struct {
	reach
	// commands maps the normal forms of the publisher's further words, which are
	// reservedWords.
	commands      map[string]command.Command
	reservedWords []what.ReservedWords
}

func rulesOf(p Publisher) rules {
	r := rules{reach: reachOf(&p), commands: map[string]command.Command{}, reservedWords: p.ReservedWords()}
	for _, list := range r.reservedWords {
		for _, word := range list.Words {
			if normal := textform.Normal(word); normal != "" {
				r.commands[normal] = list.Command
			}
		}
	}
	return r
}

// commandOf returns the command that a phrase is, by the service's own words or
// by the publisher's.
func (r rules) commandOf(u *use) (command.Command, bool) {
	if c, ok := command.Lookup(u.phrase); ok && !command.Yields(u.normal) {
		return c, true
	}
	c, ok := r.commands[u.normal]
	return c, ok
}
