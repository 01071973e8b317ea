package pages

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"keypull/pull/settings"
)

// maxIndex bounds the numbers of rows, gaps included, as settings forms do.
const maxIndex = 1_000_000

// rowsAt makes the rows that the values speak of, and a blank one.
func (in Inputs) rowsAt(spec settings.Field, path string) ([]FieldRow, FieldRow) {
	row := func(index string, in Inputs) FieldRow {
		at := path + "[" + index + "]"
		r := FieldRow{Path: at, ID: elementID(at), Fields: in.fieldList(spec.Fields, at), Problems: in.problemsOf(at)}
		if i := slices.IndexFunc(r.Fields, func(f Field) bool { return f.Value != "" && f.Type == settings.Text }); i >= 0 {
			r.Title = r.Fields[i].Value
		}
		return r
	}
	indexes := in.rowIndexes(path)
	all := make([]FieldRow, len(indexes))
	for i, index := range indexes {
		all[i] = row(strconv.Itoa(index), in)
	}
	blank := in
	blank.Values, blank.Problems = nil, nil
	return all, row(fresh, blank)
}

// pairsAt returns the pairs of the values, at least an empty one.
func (in Inputs) pairsAt(path string) []FieldPair {
	indexes := in.rowIndexes(path)
	if len(indexes) == 0 {
		indexes = []int{0}
	}
	all := make([]FieldPair, len(indexes))
	for i, index := range indexes {
		at := path + "[" + strconv.Itoa(index) + "]"
		all[i] = FieldPair{Path: at, ID: elementID(at), Key: in.firstValue(at + ".key"), Value: in.firstValue(at + ".value")}
	}
	return all
}

// textsAt returns those of the publisher's languages, first first, and of every
// other language that has one. Who has one language alone has one text: for
// everybody, unless it was written for that language.
func (in Inputs) textsAt(path string, first []string) []FieldText {
	tags := slices.Concat(first, in.Languages)
	if len(first) == 1 && len(in.Languages) == 1 {
		own, all := in.firstValue(path+"."+in.Languages[0]) != "", in.firstValue(path+".all") != ""
		switch {
		case !own:
			tags = first
		case !all:
			tags = in.Languages
		}
	}
	for _, name := range slices.Sorted(maps.Keys(in.Values)) {
		tag, ok := strings.CutPrefix(name, path+".")
		if ok && tag != "all" && !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	all := make([]FieldText, len(tags))
	for i, tag := range tags {
		at := path + "." + tag
		if tag == "" {
			at = path + ".all"
		}
		all[i] = FieldText{Language: tag, Path: at, ID: elementID(at), Value: in.firstValue(at)}
	}
	return all
}

// rowIndexes returns those of path that have a value, ascending.
func (in Inputs) rowIndexes(path string) []int {
	found := map[int]bool{}
	for name := range in.Values {
		rest, ok := strings.CutPrefix(name, path+"[")
		if !ok {
			continue
		}
		text, _, _ := strings.Cut(rest, "]")
		if i, err := strconv.Atoi(text); err == nil && i >= 0 && i < maxIndex {
			found[i] = true
		}
	}
	all := slices.Sorted(maps.Keys(found))
	if in.Add == path {
		all = append(all, lastIndex(all)+1)
	}
	return all
}

// lastIndex returns the highest index, or -1 if there is none.
func lastIndex(indexes []int) int {
	if len(indexes) == 0 {
		return -1
	}
	return indexes[len(indexes)-1]
}

func (in Inputs) firstValue(name string) string {
	if posted := in.Values[name]; len(posted) > 0 {
		return posted[0]
	}
	return ""
}
