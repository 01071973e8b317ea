package languages

import (
	"errors"
	"fmt"
	"strings"
)

// Slots are the lines of the sections that are named so, by their names: what may
// stand where a line says {name}.
type slots map[string][]string

// slotSection is how the name of a section of a slot begins.
const slotSection = "slot "

// maxPattern is the most lines that one may stand for.
const maxPattern = 1 << 14

// patternSigns are those of a line that stands for several.
const patternSigns = "(){}|"

// expand returns the lines that one stands for. "(my|our) {person} (urgently |)needs"
// has one of the alternatives, of which one may be empty, in each place, and any line
// of the slot.
func (s slots) expand(line string) ([]string, error) {
	if !strings.ContainsAny(line, patternSigns) {
		return []string{line}, nil
	}
	p := pattern{rest: line, slots: s}
	lines, err := p.alternatives()
	if err == nil && p.rest != "" {
		err = errors.New("a ) stands there without its (")
	}
	if err != nil {
		return nil, err
	}
	for i, one := range lines {
		lines[i] = strings.Join(strings.Fields(one), " ")
	}
	return lines, nil
}

// pattern reads what is left of a line.
type pattern struct {
	rest  string
	slots slots
}

// alternatives reads up to the end, or up to the ) that closes them.
func (p *pattern) alternatives() (all []string, err error) {
	for {
		one, err := p.sequence()
		if all = append(all, one...); err != nil || len(all) > maxPattern {
			return nil, errors.Join(err, tooMany(len(all)))
		}
		if !strings.HasPrefix(p.rest, "|") {
			return all, nil
		}
		p.rest = p.rest[1:]
	}
}

// sequence reads parts that stand one behind another.
func (p *pattern) sequence() ([]string, error) {
	all := []string{""}
	for p.rest != "" && p.rest[0] != '|' && p.rest[0] != ')' {
		parts, err := p.part()
		if err != nil || len(all)*len(parts) > maxPattern {
			return nil, errors.Join(err, tooMany(len(all)*len(parts)))
		}
		longer := make([]string, 0, len(all)*len(parts))
		for _, begun := range all {
			for _, part := range parts {
				longer = append(longer, begun+part)
			}
		}
		all = longer
	}
	return all, nil
}

// part reads a group, a slot, or what stands there as it is.
func (p *pattern) part() ([]string, error) {
	switch p.rest[0] {
	case '(':
		p.rest = p.rest[1:]
		all, err := p.alternatives()
		if err == nil && p.rest == "" {
			err = errors.New("a ( is not closed")
		}
		if err != nil {
			return nil, err
		}
		p.rest = p.rest[1:]
		return all, nil
	case '{', '}':
		name, rest, closed := strings.Cut(p.rest[1:], "}")
		lines := p.slots[name]
		if !closed || len(lines) == 0 {
			return nil, fmt.Errorf("there is no slot %q before it", name)
		}
		p.rest = rest
		return lines, nil
	}
	end := strings.IndexAny(p.rest, patternSigns)
	if end < 0 {
		end = len(p.rest)
	}
	text := p.rest[:end]
	p.rest = p.rest[end:]
	return []string{text}, nil
}

// tooMany is the error of so many lines, if they are too many.
func tooMany(lines int) error {
	if lines <= maxPattern {
		return nil
	}
	return fmt.Errorf("it stands for more than %d lines", maxPattern)
}
