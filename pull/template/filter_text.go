package template

import (
	"html"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// change applies f to a text of which at most so many bytes become, by the
// length of what it is.
func (r *rendering) change(v any, most func(s string) int, f func(s string) string) (any, error) {
	s, err := r.textOf(v)
	if err != nil {
		return nil, err
	}
	if err := r.payToRead(len(s)); err != nil {
		return nil, err
	}
	if err := r.payToMake(most(s)); err != nil {
		return nil, err
	}
	return f(s), nil
}

// same: a text that does not grow.
func same(s string) int { return len(s) }

// cased: letters of two bytes may have a capital of three.
func cased(s string) int { return len(s) + len(s)/2 }

func filterAppend(r *rendering, v any, args []any) (any, error) {
	end, err := r.textArg(args, 0, "")
	if err != nil {
		return nil, err
	}
	return r.change(v, func(s string) int { return len(s) + len(end) }, func(s string) string { return s + end })
}

func filterPrepend(r *rendering, v any, args []any) (any, error) {
	begin, err := r.textArg(args, 0, "")
	if err != nil {
		return nil, err
	}
	return r.change(v, func(s string) int { return len(begin) + len(s) }, func(s string) string { return begin + s })
}

func filterCapitalize(r *rendering, v any, _ []any) (any, error) {
	return r.change(v, func(s string) int { return len(s) + 1 }, func(s string) string {
		_, size := utf8.DecodeRuneInString(s)
		return strings.ToUpper(s[:size]) + s[size:]
	})
}

func filterDowncase(r *rendering, v any, _ []any) (any, error) {
	return r.change(v, cased, strings.ToLower)
}
func filterUpcase(r *rendering, v any, _ []any) (any, error) {
	return r.change(v, cased, strings.ToUpper)
}
func filterStrip(r *rendering, v any, _ []any) (any, error) {
	return r.change(v, same, strings.TrimSpace)
}

func filterLstrip(r *rendering, v any, _ []any) (any, error) {
	return r.change(v, same, func(s string) string { return strings.TrimLeftFunc(s, unicode.IsSpace) })
}

func filterRstrip(r *rendering, v any, _ []any) (any, error) {
	return r.change(v, same, func(s string) string { return strings.TrimRightFunc(s, unicode.IsSpace) })
}

func stripNewlines(r *rendering, v any, _ []any) (any, error) {
	return r.change(v, same, func(s string) string { return strings.ReplaceAll(s, "\n", "") })
}

func newlineToBr(r *rendering, v any, _ []any) (any, error) {
	return r.change(v, func(s string) int { return len(s) + 5*strings.Count(s, "\n") },
		func(s string) string { return strings.ReplaceAll(s, "\n", "<br />") })
}

// escaped returns how long a text is with the signs of HTML escaped.
func escaped(s string) int {
	n := len(s)
	for i := range len(s) {
		switch s[i] {
		case '&', '\'', '"', '<', '>':
			n += 4
		}
	}
	return n
}

func filterEscape(r *rendering, v any, _ []any) (any, error) {
	return r.change(v, escaped, html.EscapeString)
}

func escapeOnce(r *rendering, v any, _ []any) (any, error) {
	return r.change(v, escaped, func(s string) string { return html.EscapeString(html.UnescapeString(s)) })
}

func urlEncode(r *rendering, v any, _ []any) (any, error) {
	return r.change(v, func(s string) int { return 3 * len(s) }, url.QueryEscape)
}

func urlDecode(r *rendering, v any, _ []any) (any, error) {
	s, err := r.textOf(v)
	if err != nil {
		return nil, err
	}
	if err := r.payToMake(len(s)); err != nil {
		return nil, err
	}
	return url.QueryUnescape(s) //nolint:wrapcheck // it says what is wrong
}

// stripHTML takes away what stands between < and > in one line.
func stripHTML(r *rendering, v any, _ []any) (any, error) {
	return r.change(v, same, func(s string) string {
		var b strings.Builder
		for {
			begin := strings.IndexByte(s, '<')
			if begin < 0 {
				break
			}
			b.WriteString(s[:begin])
			line := s[begin:]
			if end := strings.IndexByte(line, '\n'); end >= 0 {
				line = line[:end]
			}
			if end := strings.IndexByte(line, '>'); end > 0 {
				s = s[begin+end+1:]
				continue
			}
			// Nothing in the rest of this line ends a tag.
			b.WriteString(line)
			s = s[begin+len(line):]
		}
		b.WriteString(s)
		return b.String()
	})
}

func filterRemove(r *rendering, v any, args []any) (any, error) {
	return r.replaced(v, arg(args, 0), nil, -1)
}

func removeFirst(r *rendering, v any, args []any) (any, error) {
	return r.replaced(v, arg(args, 0), nil, 1)
}

func filterReplace(r *rendering, v any, args []any) (any, error) {
	return r.replaced(v, arg(args, 0), arg(args, 1), -1)
}

func replaceFirst(r *rendering, v any, args []any) (any, error) {
	return r.replaced(v, arg(args, 0), arg(args, 1), 1)
}

// replaced puts a text where another stands, at most so many times.
func (r *rendering) replaced(v, what, by any, times int) (any, error) {
	from, err := r.textOf(what)
	if err != nil {
		return nil, err
	}
	to, err := r.textOf(by)
	if err != nil {
		return nil, err
	}
	return r.change(v, func(s string) int {
		n := strings.Count(s, from)
		if times >= 0 {
			n = min(n, times)
		}
		return len(s) + n*max(0, len(to)-len(from))
	}, func(s string) string { return strings.Replace(s, from, to, times) })
}

// filterSlice takes characters out of a text, one where no length is given; a start
// below 0 counts from the end.
func filterSlice(r *rendering, v any, args []any) (any, error) {
	start, err := wholeArg(args, 0, 0)
	if err != nil {
		return nil, err
	}
	length, err := wholeArg(args, 1, 1)
	if err != nil {
		return nil, err
	}
	return r.change(v, same, func(s string) string {
		all := utf8.RuneCountInString(s)
		if start < 0 {
			start += all
		}
		if start < 0 || start >= all || length <= 0 {
			return ""
		}
		s = s[byteAt(s, start):]
		return s[:byteAt(s, min(length, all-start))]
	})
}

// byteAt returns where the character of that number begins.
func byteAt(s string, runes int) int {
	n := 0
	for i := range s {
		if n == runes {
			return i
		}
		n++
	}
	return len(s)
}

// filterSplit cuts a text where another stands; nothing at its end is left away. One
// space is any white space.
func filterSplit(r *rendering, v any, args []any) (any, error) {
	between, err := r.textArg(args, 0, "")
	if err != nil {
		return nil, err
	}
	s, err := r.textOf(v)
	if err != nil {
		return nil, err
	}
	if err := r.payToRead(2 * len(s)); err != nil {
		return nil, err
	}
	var parts []string
	if between == " " {
		if err := r.payToMake(stringHead * wordsOf(s)); err != nil {
			return nil, err
		}
		parts = byWhiteSpace(s)
	} else {
		if err := r.payToMake(stringHead * (strings.Count(s, between) + 1)); err != nil {
			return nil, err
		}
		parts = strings.Split(s, between)
	}
	for len(parts) > 0 && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	return parts, nil
}

// wordsOf returns how many parts white space makes of a text, at most.
func wordsOf(s string) int {
	n, within := 1, false
	for i := range len(s) {
		if space := isSpace(s[i]); space == within {
			within = !space
			if within {
				n++
			}
		}
	}
	return n
}

func byWhiteSpace(s string) []string {
	parts := strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune(spaces, c) })
	if s != "" && isSpace(s[0]) {
		return append([]string{""}, parts...)
	}
	return parts
}

// cutArgs returns how much of a text is left, and what stands where it was cut.
func (r *rendering) cutArgs(args []any, usual int) (length int, dots string, err error) {
	if length, err = wholeArg(args, 0, usual); err != nil {
		return 0, "", err
	}
	dots, err = r.textArg(args, 1, "...")
	return length, dots, err
}

// filterTruncate cuts a line that is longer than so many characters, dots included.
// What stands below the first line stays, as it always has.
func filterTruncate(r *rendering, v any, args []any) (any, error) {
	length, dots, err := r.cutArgs(args, 50)
	if err != nil {
		return nil, err
	}
	most := func(s string) int { return len(s) + len(dots) }
	return r.change(v, most, func(s string) string {
		line, below, more := strings.Cut(s, "\n")
		if more {
			below = "\n" + below
		}
		if utf8.RuneCountInString(line) <= length {
			return s
		}
		return line[:byteAt(line, max(0, length-len(dots)))] + dots + below
	})
}

// truncateWords cuts a text behind so many words.
func truncateWords(r *rendering, v any, args []any) (any, error) {
	length, dots, err := r.cutArgs(args, 15)
	if err != nil {
		return nil, err
	}
	most := func(s string) int { return len(s) + len(dots) }
	return r.change(v, most, func(s string) string {
		words, within := 0, false
		for i := range len(s) {
			switch {
			case !isSpace(s[i]) && !within:
				words++
				within = true
			case isSpace(s[i]) && within:
				within = false
				if words == length {
					return s[:i] + dots
				}
			}
		}
		if words == length && within {
			return s + dots
		}
		return s
	})
}
