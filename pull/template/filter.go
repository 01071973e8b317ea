package template

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"unicode/utf8"
)

// filter is what stands behind a bar: how many values it takes at most, and
// what it does. A value that is not given is nil. Whatever it makes, it takes
// the steps and the room for it first.
type filter struct {
	args  int
	apply func(r *rendering, v any, args []any) (any, error)
}

var filters = map[string]filter{
	"default": {1, orElse}, "size": {0, sizeOf}, "json": {0, asJSON}, "inspect": {0, asJSON}, "type": {0, typeOf},
	"date": {1, filterDate}, "number": {1, filterNumber},

	"compact": {0, filterCompact}, "concat": {1, filterConcat}, "first": {0, filterFirst}, "join": {1, filterJoin}, "last": {0, filterLast},
	"map": {1, filterMap}, "reverse": {0, filterReverse}, "sort": {1, filterSort}, "sort_natural": {1, sortedNatural}, "uniq": {0, filterUniq},

	"abs": {0, filterAbs}, "ceil": {0, filterCeil}, "floor": {0, filterFloor}, "round": {1, filterRound}, "plus": {1, filterPlus}, "minus": {1, filterMinus},
	"times": {1, filterTimes}, "divided_by": {1, dividedBy}, "modulo": {1, filterModulo},

	"append": {1, filterAppend}, "prepend": {1, filterPrepend}, "capitalize": {1, filterCapitalize}, "downcase": {1, filterDowncase}, "upcase": {1, filterUpcase},
	"escape": {0, filterEscape}, "escape_once": {1, escapeOnce}, "newline_to_br": {0, newlineToBr}, "strip_html": {0, stripHTML},
	"strip_newlines": {0, stripNewlines}, "strip": {0, filterStrip}, "lstrip": {0, filterLstrip}, "rstrip": {0, filterRstrip},
	"remove": {1, filterRemove}, "remove_first": {1, removeFirst}, "replace": {2, filterReplace}, "replace_first": {2, replaceFirst},
	"slice": {2, filterSlice}, "split": {1, filterSplit}, "truncate": {2, filterTruncate}, "truncatewords": {2, truncateWords},
	"url_encode": {0, urlEncode}, "url_decode": {0, urlDecode},
}

// filterNames are the names of all filters, in order.
var filterNames = sync.OnceValue(func() []string { return slices.Sorted(maps.Keys(filters)) })

// arg returns the value of that number, or nil if it is not given.
func arg(args []any, n int) any {
	if n < len(args) {
		return args[n]
	}
	return nil
}

// textArg returns the text of that number, otherwise where it is not given.
func (r *rendering) textArg(args []any, n int, otherwise string) (string, error) {
	if n >= len(args) {
		return otherwise, nil
	}
	return r.textOf(args[n])
}

// wholeArg returns the whole number of that number, otherwise where it is not given.
func wholeArg(args []any, n, otherwise int) (int, error) {
	if n >= len(args) {
		return otherwise, nil
	}
	return wholeOf(args[n])
}

func orElse(_ *rendering, v any, args []any) (any, error) {
	if l, ok := loopList(v); v == nil || v == false || v == "" || ok && l.len() == 0 {
		return arg(args, 0), nil
	}
	return v, nil
}

func sizeOf(r *rendering, v any, _ []any) (any, error) {
	if s, ok := v.(string); ok {
		return utf8.RuneCountInString(s), r.payToRead(len(s))
	}
	if _, ok := v.(map[string]any); ok {
		return 0, nil
	}
	if l, ok := loopList(v); ok {
		return l.len(), nil
	}
	return 0, nil
}

// maxJSON is how much is written as JSON, which may grow sixfold on its way.
const maxJSON = 128 << 10

func asJSON(r *rendering, v any, _ []any) (any, error) {
	n, err := r.printedText(v)
	if err != nil {
		return nil, err
	}
	if n > maxJSON {
		return nil, errHeld
	}
	if err := r.payToMake(4 * n); err != nil {
		return nil, err
	}
	text, err := json.Marshal(v)
	if err != nil {
		return nil, errors.New("it cannot be written as JSON")
	}
	return string(text), nil
}

func typeOf(_ *rendering, v any, _ []any) (any, error) { return fmt.Sprintf("%T", v), nil }
