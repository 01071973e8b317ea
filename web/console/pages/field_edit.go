package pages

import (
	"maps"
	"slices"
	"strings"
)

// ApplyButtons applies what the buttons for rows and ticks of a posted form ask for,
// for browsers without script: _remove takes a row or pair away, _up and _down
// move a tick ("name=value"), _add names where an empty row is to be added,
// which Inputs.Add takes. It returns the values without these names; asked
// says that one of the buttons was pressed, so that the form is to be shown
// again and not saved.
func ApplyButtons(posted map[string][]string) (values map[string][]string, add string, asked bool) {
	values = maps.Clone(posted)
	for _, button := range []string{"_add", "_remove", "_up", "_down"} {
		pressed := posted[button]
		delete(values, button)
		if len(pressed) == 0 {
			continue
		}
		asked = true
		switch button {
		case "_add":
			add = pressed[0]
		case "_remove":
			maps.DeleteFunc(values, func(name string, _ []string) bool { return strings.HasPrefix(name, pressed[0]+".") })
		default:
			moveValue(values, pressed[0], button == "_up")
		}
	}
	return values, add, asked
}

// moveValue changes the place of one value among those of its name.
func moveValue(values map[string][]string, what string, up bool) {
	name, value, _ := strings.Cut(what, "=")
	all := slices.Clone(values[name])
	from := slices.Index(all, value)
	to := from + 1
	if up {
		to = from - 1
	}
	if from < 0 || to < 0 || to >= len(all) {
		return
	}
	all[from], all[to] = all[to], all[from]
	values[name] = all
}
