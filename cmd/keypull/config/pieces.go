package config

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"keypull/pull"
	"keypull/pull/settings"
)

// rowsAtOnce is how many keywords are parsed at a time: a catalogue of a hundred
// thousand, as tables of values, takes ten times what is kept of it.
const rowsAtOnce = 512

// piece is a run of keyword tables of one publisher in the document.
type piece struct {
	publisher, rows int
	from, to        int
}

// pieces cuts the keyword tables out of a document. whole says that there is
// nothing to cut, or something is wrong or unusual with the document, which is
// then for parse to look at.
func pieces(data []byte) (all []piece, whole bool) {
	var parser unstable.Parser
	parser.Reset(data)
	publisher, now := -1, (*piece)(nil)
	end := func(at int) {
		if now != nil {
			now.to, now = at, nil
		}
	}
	for parser.NextExpression() {
		node := parser.Expression()
		if node.Kind == unstable.KeyValue {
			if !shallow(node) {
				return nil, true
			}
			continue
		}
		if node.Kind != unstable.Table && node.Kind != unstable.ArrayTable {
			continue
		}
		path, start, ok := header(node)
		if !ok {
			return nil, true
		}
		start = 1 + bytes.LastIndexByte(data[:start], '\n')
		switch list := node.Kind == unstable.ArrayTable; {
		case list && path == rowsPath:
			if now == nil || now.rows == rowsAtOnce {
				end(start)
				all = append(all, piece{publisher: publisher, from: start})
				now = &all[len(all)-1]
			}
			now.rows++
		case now == nil || !strings.HasPrefix(path, rowsPath+headerEnd):
			end(start)
			if list && path == "publisher" {
				publisher++
			}
		}
	}
	end(len(data))
	return all, parser.Error() != nil || len(all) == 0 || all[0].publisher < 0
}

// headerEnd stands between the parts of a header's path: no part has it.
const (
	headerEnd = "\x00"
	rowsPath  = "publisher" + headerEnd + "keyword"
)

// header returns the path of a header, and where in the document it stands.
func header(node *unstable.Node) (path string, start int, ok bool) {
	parts := make([]string, 0, 3) //nolint:mnd // most have no more
	for it := node.Key(); it.Next(); {
		if len(parts) == 0 {
			start = int(it.Node().Raw.Offset)
		}
		parts = append(parts, string(it.Node().Data))
	}
	return strings.Join(parts, headerEnd), start, len(parts) <= maxKeyParts
}

// shallow reports whether no key of a pair, nor of the tables in it, has more than
// maxKeyParts parts.
func shallow(node *unstable.Node) bool {
	if node.Kind == unstable.KeyValue {
		parts := 0
		for it := node.Key(); it.Next(); {
			parts++
		}
		return parts <= maxKeyParts && shallow(node.Value())
	}
	for it := node.Children(); it.Next(); {
		if !shallow(it.Node()) {
			return false
		}
	}
	return true
}

// inPieces is parse for a document that nothing is wrong with: the keywords of
// each publisher are parsed while they are filled in. It is nil where parse has
// to look. broken tells, after they were filled in, that it has to after all.
func (l *loader) inPieces(data []byte) (values map[string]any, broken *bool) {
	all, whole := pieces(data)
	if whole {
		return nil, nil
	}
	rest, at := make([]byte, 0, 4<<10), 0 //nolint:mnd // what is no keyword is short
	for _, p := range all {
		rest, at = append(rest, data[at:p.from]...), p.to
	}
	if toml.Unmarshal(append(rest, data[at:]...), &values) != nil {
		return nil, nil
	}
	publishers, _ := values["publisher"].([]any)
	broken = new(bool)
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].publisher == all[0].publisher {
			n++
		}
		own := all[:n]
		if all = all[n:]; own[0].publisher >= len(publishers) {
			return nil, nil
		}
		p, _ := publishers[own[0].publisher].(map[string]any)
		if _, other := p["keyword"]; other || p == nil {
			return nil, nil
		}
		p["keyword"] = l.rows(data, own, broken)
	}
	l.config.origins = newOrigins(l.path, data)
	return values, broken
}

// rows returns the keywords of some pieces of one publisher.
func (l *loader) rows(data []byte, all []piece, broken *bool) settings.Stream {
	s := settings.Stream{}
	for _, p := range all {
		s.Len += p.rows
	}
	at := "publisher" + rowPath(all[0].publisher) + ".keyword"
	s.Rows = func(yield func(any) bool) {
		i, now := 0, all[0].ahead(data)
		for n := range all {
			found := <-now
			if found.err != nil {
				*broken = true
				return
			}
			if n+1 < len(all) {
				now = all[n+1].ahead(data)
			}
			for _, values := range found.rows {
				if !isLiteral(values) {
					values = l.expandValue(values, at+rowPath(i))
				}
				if i++; !yield(values) {
					return
				}
			}
		}
	}
	return s
}

// parsed are the rows of a piece.
type parsed struct {
	rows []any
	err  error
}

// ahead parses a piece while the one before it is filled in.
func (p piece) ahead(data []byte) <-chan parsed {
	done := make(chan parsed, 1)
	go func() {
		var found parsed
		found.rows, found.err = p.parse(data)
		done <- found
	}()
	return done
}

var errOtherRows = errors.New("other rows were found")

// parse returns the rows of a piece.
func (p piece) parse(data []byte) (rows []any, err error) {
	defer pull.Caught("read the configuration", &err)
	var found struct {
		Publisher struct {
			Keyword []any `toml:"keyword"`
		} `toml:"publisher"`
	}
	if err := toml.Unmarshal(data[p.from:p.to], &found); err != nil {
		return nil, fmt.Errorf("read a part: %w", err)
	}
	if len(found.Publisher.Keyword) != p.rows {
		return nil, errOtherRows
	}
	return found.Publisher.Keyword, nil
}

// isLiteral reports whether nothing of a value has to be expanded.
func isLiteral(value any) bool {
	switch v := value.(type) {
	case string:
		return !strings.Contains(v, "${")
	case map[string]any:
		for _, entry := range v {
			if !isLiteral(entry) {
				return false
			}
		}
	case []any:
		for _, entry := range v {
			if !isLiteral(entry) {
				return false
			}
		}
	case toml.LocalDate, toml.LocalDateTime, toml.LocalTime:
		return false
	}
	return true
}
