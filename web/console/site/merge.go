package site

import (
	"encoding/json"
	"hash/fnv"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"keypull/pull/settings"
	"keypull/web/console"
)

// openedInput carries what a form showed as it was opened: a digest of each value, by
// which a save tells what its editor has changed from what others have meanwhile.
const openedInput = "_opened"

// leaves are the values of a document by their paths; what is no table is one value.
type leaves map[string]any

// leavesOf returns the values of a document as its form sends them. The id is none of
// them, since it never changes.
func leavesOf(d console.Doc) leaves {
	all := leaves{}
	all.collect(d, "")
	delete(all, "/id")
	return all
}

func (v leaves) collect(table map[string]any, at string) {
	for name, value := range table {
		path := at + "/" + pathEscape.Replace(name)
		if inner, ok := value.(map[string]any); ok {
			v.collect(inner, path)
		} else {
			v[path] = value
		}
	}
}

// Names are whatever readers and editors write: a slash in one is none of the path.
var pathEscape, pathUnescape = strings.NewReplacer("~", "~0", "/", "~1"), strings.NewReplacer("~1", "/", "~0", "~")

// digests returns a short digest of each value, for the form to carry.
func (v leaves) digests() map[string]string {
	all := make(map[string]string, len(v))
	for path, value := range v {
		if d := digest(value); d != "" {
			all[path] = d
		}
	}
	return all
}

// digest is "" for what is not there, and for a choice that is left open.
func digest(value any) string {
	if value == nil || value == "" {
		return ""
	}
	const base = 36
	h := fnv.New64a()
	_ = json.NewEncoder(h).Encode(value) // of texts, numbers and lists of them
	return strconv.FormatUint(h.Sum64(), base)
}

// opened returns what the form carries: what was posted, else what stands there.
func (f *form) opened(posted string, stored map[string][]string) string {
	if posted != "" || f.id == "" {
		return posted
	}
	return openedAs(f.typedDoc(stored))
}

// openedAs returns what a form carries that shows a document.
func openedAs(d console.Doc) string {
	text, err := json.Marshal(leavesOf(d).digests())
	if err != nil {
		return ""
	}
	return string(text)
}

// merged is what comes of a form that was sent: the document to save.
type merged struct {
	doc console.Doc
	// clashes says that the same value was changed here and by somebody else, along
	// that others were changed by somebody else alone.
	clashes, along bool
}

// mergeTyped puts what was changed in the form into the document that is there: a value
// that the form shows as it was opened, or knows nothing of, stays as it is. stale says
// that somebody may have saved since.
func (f *form) mergeTyped(now console.Doc, stale bool) merged {
	return mergeDocs(now, f.typedDoc(f.PostForm), f.typedDoc(f.storedValues(now)), f.postedValue(openedInput), stale)
}

// mergeDocs does so with what was typed, what the form shows of what is there, and what
// it was opened with.
func mergeDocs(now, typed, whole console.Doc, opened string, stale bool) merged {
	mine, theirs := leavesOf(typed), leavesOf(whole)
	before := map[string]string{}
	if json.Unmarshal([]byte(opened), &before) != nil {
		before = theirs.digests()
	}
	m := merged{doc: console.Doc(maps.Clone(map[string]any(now)))}
	if settingsNow := now.Table(belowKind); settingsNow != nil {
		m.doc[belowKind] = maps.Clone(map[string]any(settingsNow))
	}
	for _, path := range slices.Sorted(maps.Keys(pathsOf(mine, theirs, before))) {
		is, told := mine[path]
		was := theirs[path]
		changedHere, changedThere := digest(is) != before[path], digest(was) != before[path]
		m.along = m.along || changedThere && !changedHere
		if !changedHere {
			continue
		}
		// Whether a secret was changed by others nobody can see.
		unseen := stale && was == settings.Mask
		m.clashes = m.clashes || stale && (changedThere || unseen) && !reflect.DeepEqual(is, was)
		m.putField(path, is, told, whole)
	}
	return m
}

// pathsOf returns the paths of all three.
func pathsOf(mine, theirs leaves, before map[string]string) map[string]bool {
	all := map[string]bool{}
	for _, paths := range [][]string{slices.Collect(maps.Keys(mine)), slices.Collect(maps.Keys(theirs)), slices.Collect(maps.Keys(before))} {
		for _, path := range paths {
			all[path] = true
		}
	}
	return all
}

// putField sets a value of the document, or takes it away. The field that it is of is written
// as the form writes it, whole.
func (m *merged) putField(path string, value any, there bool, whole console.Doc) {
	names := strings.Split(path[1:], "/")
	for i := range names {
		names[i] = pathUnescape.Replace(names[i])
	}
	table, from := map[string]any(m.doc), map[string]any(whole)
	if names[0] == belowKind && len(names) > 1 {
		table, from, names = m.doc.Table(belowKind), whole.Table(belowKind), names[1:]
		if table == nil {
			table = map[string]any{}
			m.doc[belowKind] = table
		}
	}
	if len(names) > 1 {
		if _, ok := table[names[0]].(map[string]any); !ok {
			table[names[0]] = from[names[0]]
		}
	}
	for _, name := range names[:len(names)-1] {
		inner, _ := table[name].(map[string]any)
		inner = maps.Clone(inner)
		if inner == nil {
			inner = map[string]any{}
		}
		table[name] = inner
		table = inner
	}
	last := names[len(names)-1]
	if !there {
		delete(table, last)
		return
	}
	table[last] = value
}
