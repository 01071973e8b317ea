package jsonapi

import (
	"strconv"

	"keypull/pull/settings"
	"keypull/sources"
	"keypull/sources/jsonpath"
)

// Places lists the values of an answer, and how a setting names each: from the whole
// answer on, and as a field of an item has it.
func (s *Settings) Places(d sources.Document) []settings.Place {
	items := s.itemsOf(d.Body)
	return jsonpath.Places(d.Body, func(at []jsonpath.Step, _ bool) (path, item string) {
		for _, above := range items {
			if len(at) > len(above) && jsonpath.Within(at, above) {
				return jsonpath.Spell(at), jsonpath.Spell(at[len(above):])
			}
		}
		return jsonpath.Spell(at), jsonpath.Bracketed(at)
	})
}

// itemsOf returns the places of the items of an answer; none where the settings name
// none in it.
func (s *Settings) itemsOf(body []byte) (all [][]jsonpath.Step) {
	e, err := s.withPreset()
	if err != nil {
		return nil
	}
	p, err := jsonpath.Parse(e.Items)
	d, failed := jsonpath.Decode(op, body, sources.Encoded{}, true)
	if err != nil || failed != nil {
		return nil
	}
	for _, at := range p.Steps(d) {
		list, ok := jsonpath.At(d.Exact, at).([]any)
		if !ok || p.Many {
			all = append(all, at)
			continue
		}
		for i := range list {
			all = append(all, jsonpath.Below(at, jsonpath.Step{Name: strconv.Itoa(i), Entry: true}))
		}
	}
	return all
}
