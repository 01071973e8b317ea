package site

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"keypull/pull/settings"
	"keypull/web/console/pages"
)

// answerView is what upstream answered, for a value to be chosen in it.
type answerView struct {
	// Spots are the fields that say where a value stands; the one that is chosen
	// is filled in next.
	Spots  []pages.Option
	Places []placeView
	// Blocks says that it is a page whose items are chosen first, Picks that there are
	// values to choose.
	Blocks, Picks bool
}

// placeView is one value of an answer; Names are the fields that name it.
type placeView struct {
	settings.Place
	Names []string
	// Pick is what its button sends, Fill what that of a block does; On says that the
	// items are such blocks, First that it is the first of them.
	Pick, Fill string
	On, First  bool
}

// The inputs of the answer: the field to fill in, and the place that was chosen;
// and a field with its value in one.
const (
	spotInput = "_spot"
	pickInput = "_pick"
	fillInput = "_fill"

	// nameMark parts a field of pairs from the name in it, itemMark the path of a
	// place from that within its item.
	nameMark = ":"
	itemMark = "\t"
	// maxPairs bounds the numbers of pairs that are looked at.
	maxPairs = 1000
)

// answerOf shows what upstream answered, where the kind has fields for that.
func (r sourcePages) answerOf(f *form, places []settings.Place, values map[string][]string, problems settings.Problems) *answerView {
	if len(places) == 0 {
		return nil
	}
	a := &answerView{}
	names, named := map[string][]string{}, map[string][]string{}
	var shown, folded []pages.Option // what shows in an answer comes before what is folded away
	next, nextFolded, wrong, block, pairs := "", "", "", "", ""
	for _, field := range f.kind.Fields {
		path := belowKind + "." + field.Name
		if field.Is == settings.Block {
			block, a.Blocks = path, true
		}
		if field.Is == settings.Spots {
			pairs = path
			shown = append(shown, spotsOf(r, field, path, values, named)...)
		}
		if field.Is != settings.Spot {
			continue
		}
		value := firstOf(values, path)
		names[value] = append(names[value], field.Label)
		option := pages.Option{Value: path, Label: field.Label}
		if field.More {
			folded = append(folded, option)
		} else {
			a.Spots = append(a.Spots, option)
		}
		switch {
		case value != "":
		case field.More:
			nextFolded = cmp.Or(nextFolded, path)
		default:
			next = cmp.Or(next, path)
		}
		if wrong == "" && slices.ContainsFunc(problems, func(p settings.Problem) bool { return p.Field == path }) {
			wrong = path
		}
	}
	a.Spots = slices.Concat(a.Spots, shown, folded)
	if len(a.Spots) == 0 {
		return nil
	}
	selectOption(a.Spots, cmp.Or(wrong, nextSpot(r, a.Spots), next, firstFree(shown, named), nextFolded, a.Spots[0].Value))
	for _, p := range places {
		view := placeView{Place: p, Pick: p.Path}
		if p.Path != "" {
			view.Names = slices.Clone(names[p.Path])
		}
		if p.Item != "" {
			view.Names, view.Pick = append(view.Names, named[p.Item]...), p.Path+itemMark+p.Item
		}
		if p.Alike > 0 {
			view.Pick, view.Fill, view.On = "", fillOf(p, block, pairs), p.Path == firstOf(values, block)
			view.First = !slices.ContainsFunc(a.Places, func(other placeView) bool { return other.Path == p.Path })
		}
		a.Picks = a.Picks || view.Pick != ""
		a.Places = append(a.Places, view)
	}
	return a
}

// spotsOf returns the names of pairs that say where values stand: those that are
// offered, and what else was named. named gets the labels by what they lead to.
func spotsOf(r sourcePages, field settings.Field, path string, values, named map[string][]string) []pages.Option {
	all := slices.Clone(field.Names)
	pairs, _ := pairsAt(values, path)
	for _, at := range pairs {
		name, value := firstOf(values, at+".key"), firstOf(values, at+".value")
		if name == "" {
			continue
		}
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
		named[value] = append(named[value], r.partName(name))
	}
	options := make([]pages.Option, len(all))
	for i, name := range all {
		options[i] = pages.Option{Value: path + nameMark + name, Label: r.partName(name)}
	}
	return options
}

// firstFree returns the first field that nothing is named for, "" for none. named are
// the labels of the others.
func firstFree(options []pages.Option, named map[string][]string) string {
	taken := slices.Concat(slices.Collect(maps.Values(named))...)
	for _, o := range options {
		if !slices.Contains(taken, o.Label) {
			return o.Value
		}
	}
	return ""
}

// pairsAt returns the pairs of a form at a path, in their order, and the first free place: a page leaves gaps where a pair was taken away.
func pairsAt(values map[string][]string, path string) (all []string, free string) {
	for i := range maxPairs {
		at := path + "[" + strconv.Itoa(i) + "]"
		if _, ok := values[at+".key"]; ok {
			all = append(all, at)
		} else if free == "" {
			free = at
		}
	}
	return all, free
}

// nextSpot returns the name behind the one that was filled in last, or "" if that
// was no name of pairs.
func nextSpot(r sourcePages, options []pages.Option) string {
	last := r.postedValue(spotInput)
	i := slices.IndexFunc(options, func(o pages.Option) bool { return o.Value == last })
	if !strings.Contains(last, nameMark) || r.postedValue(pickInput) == "" || i < 0 || i+1 == len(options) {
		return ""
	}
	return options[i+1].Value
}

// setPair puts a value into the pair of a name, into an empty one where there is
// none of that name, else into a new one.
func setPair(r sourcePages, path, name, value string) {
	all, at := pairsAt(r.PostForm, path)
	for _, wanted := range []string{"", name} {
		for _, pair := range all {
			if r.PostForm.Get(pair+".key") == wanted && (wanted != "" || r.PostForm.Get(pair+".value") == "") {
				at = pair
				break
			}
		}
	}
	r.PostForm.Set(at+".key", name)
	r.PostForm.Set(at+".value", value)
}

// fillOf returns what the button of a block sends: the selector, and the pairs that
// come with it.
func fillOf(p settings.Place, block, pairs string) string {
	parts := []string{block + "=" + p.Path, pairs}
	for _, name := range slices.Sorted(maps.Keys(p.With)) {
		parts = append(parts, name+"="+p.With[name])
	}
	return strings.Join(parts, itemMark)
}

// fillIn puts into the form what a button of the answer says, and returns which fields
// it has filled.
func (r sourcePages) fillIn() (filled []string) {
	path, value := r.postedValue(spotInput), r.postedValue(pickInput)
	value, item, _ := strings.Cut(value, itemMark)
	var pairs []string
	if fill := r.postedValue(fillInput); fill != "" {
		parts := strings.Split(fill, itemMark)
		path, value, _ = strings.Cut(parts[0], "=")
		item, pairs = "", parts[1:]
	}
	if value == "" && item == "" || !strings.HasPrefix(path, belowKind+".") {
		return nil
	}
	if path, name, ok := strings.Cut(path, nameMark); ok {
		setPair(r, path, name, cmp.Or(item, value))
		return []string{path}
	}
	chosenBefore := r.PostForm.Get(path) == value
	r.PostForm.Set(path, value)
	if len(pairs) == 0 || chosenBefore || !strings.HasPrefix(pairs[0], belowKind+".") {
		return []string{path}
	}
	all, _ := pairsAt(r.PostForm, pairs[0])
	for _, at := range all {
		r.PostForm.Del(at + ".key")
		r.PostForm.Del(at + ".value")
	}
	for _, pair := range pairs[1:] {
		name, value, _ := strings.Cut(pair, "=")
		setPair(r, pairs[0], name, value)
	}
	return []string{path, pairs[0]}
}
